/** W4: a net so small that everything around the arithmetic is what is measured. */
import { mean, square, sub, tanh } from '@rootstock/core'
import { evaluation, mlp } from '@rootstock/heads'
import { values } from '../problem.ts'
import type { SpecOf } from '../spec.ts'
import { batchesOf, type Workload } from '../workload.ts'
import { denseFlops, denseParams, trunkParams } from './mlp.ts'
import { tensorsOf, train } from './training.ts'

const points = 50
const sizes = [1, 3, 1]
const spec: SpecOf<'tiny'> = { kind: 'tiny', optimizer: 'sgd', learningRate: 0.1 }

/** 1-3-1 with tanh on 50 points of a sine, plain gradient descent. */
export const tiny: Workload = {
  name: 'W4_tiny',
  title: '1-3-1 tanh net, 50 points, SGD',
  spec,
  samples: points,
  flops: denseFlops(sizes, points),
  tolerance: 1e-4,
  problem: () => {
    const x = Float32Array.from({ length: points }, (_, i) => -3 + (6 * i) / (points - 1))
    const y = values([points, 1], x.map(Math.sin))
    return {
      params: denseParams(sizes),
      batches: batchesOf(() => ({ x: values([points, 1], x), y })),
    }
  },
  expected: () => ({ loss_init: [0.152258], loss_after_5: [0.0852708] }),
  rootstock: (problem) => {
    const net = mlp({ in: 1, hidden: [3], out: 1, activation: tanh })
    return train(problem, spec, {
      params: trunkParams(tensorsOf(problem.params), 2),
      loss: (params, { x, y }) => mean(square(sub(net.apply(params, x!, evaluation), y!))),
    })
  },
}
