/** W11: how long one answer of a small net takes, from a host array to a host array. */
import { jit, type Tensor, tensor } from '@rootstock/core'
import { evaluation, mlp } from '@rootstock/heads'
import { uniform } from '../generator.ts'
import { type Problem, values } from '../problem.ts'
import type { SpecOf } from '../spec.ts'
import type { Workload } from '../workload.ts'
import { denseParams, trunkParams } from './mlp.ts'
import { tensorsOf } from './training.ts'

const spec: SpecOf<'inference'> = { kind: 'inference', sizes: [784, 256, 256, 10] }
const { sizes } = spec
const columns = sizes[0]!
const inputs = 64

const forward = ({ params }: Pick<Problem, 'params'>, input: ArrayLike<number>): number[] => {
  let x = Array.from(input)
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    const { data } = params[`weight${layer}`]!
    const width = sizes[layer + 1]!
    const y = new Array<number>(width).fill(0)
    for (let i = 0; i < x.length; i++) {
      for (let j = 0; j < width; j++) y[j]! += x[i]! * data[i * width + j]!
    }
    x = layer + 2 < sizes.length ? y.map((value) => Math.max(value, 0)) : y
  }
  return x
}

/** The net of W2 on one row. */
export const inference: Workload = {
  name: 'W11_infer',
  title: 'latency of the MLP of W2 on one row',
  spec,
  samples: 1,
  tolerance: 1e-5,
  problem: () => ({
    params: denseParams(sizes),
    batches: Array.from({ length: inputs }, (_, i) => ({
      x: values([1, columns], uniform(100 + i, columns, 0, 1)),
    })),
  }),
  expected: (problem) => ({ values: forward(problem, problem.batches[0]!.x!.data) }),
  rootstock: ({ params: named, batches }) => {
    const net = mlp({ in: columns, hidden: sizes.slice(1, -1), out: sizes.at(-1)! })
    const params = trunkParams(tensorsOf(named), sizes.length - 1)
    const predict = jit((weights: typeof params, x: Tensor) => net.apply(weights, x, evaluation))
    const answer = (i: number) => {
      const { data, shape } = batches[i % inputs]!.x!
      return predict(params, tensor(data, { shape })).data()
    }
    return { step: answer as (i: number) => void, values: () => answer(0) }
  },
}
