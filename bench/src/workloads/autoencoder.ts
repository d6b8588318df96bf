/** W5: denoising pretraining, the mask drawn inside the step. */
import { cast, mean, mul, random, square, sub } from '@rootstock/core'
import { evaluation, mlp } from '@rootstock/heads'
import { uniform } from '../generator.ts'
import { values } from '../problem.ts'
import type { SpecOf } from '../spec.ts'
import { batchesOf, type Workload } from '../workload.ts'
import { denseFlops, denseParams, trunkParams } from './mlp.ts'
import { tensorsOf, train } from './training.ts'

const spec: SpecOf<'autoencoder'> = {
  kind: 'autoencoder',
  sizes: [784, 512, 256, 512, 784],
  batch: 256,
  noise: 0.3,
  optimizer: 'adam',
  learningRate: 1e-3,
}
const { sizes, batch, noise } = spec
const columns = sizes[0]!

/** 784-512-256-512-784, a third of the inputs set to 0. */
export const autoencoder: Workload = {
  name: 'W5_dae',
  title: 'denoising autoencoder 784-512-256-512-784, batch 256, Adam',
  spec,
  samples: batch,
  flops: denseFlops(sizes, batch),
  tolerance: 1e-4,
  problem: () => ({
    params: denseParams(sizes),
    batches: batchesOf((b) => ({
      x: values([batch, columns], uniform(100 + b, batch * columns, 0, 1)),
    })),
  }),
  expected: () => ({ loss_init: [0.388976] }),
  rootstock: (problem) => {
    const net = mlp({ in: columns, hidden: sizes.slice(1, -1), out: columns })
    const key = random.key(0)
    return train(problem, spec, {
      params: trunkParams(tensorsOf(problem.params), sizes.length - 1),
      loss: (params, { x }, step) => {
        const keep =
          step === undefined
            ? 1
            : cast(
                random.bernoulli(random.fold(key, step), x!.shape, { probability: 1 - noise }),
                'float32',
              )
        return mean(square(sub(net.apply(params, mul(x!, keep), evaluation), x!)))
      },
    })
  },
}
