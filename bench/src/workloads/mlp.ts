/** W2 and W3: a classifier with two hidden layers, trained by Adam. */
import { crossEntropy, evaluation, mlp } from '@rootstock/heads'
import { glorot, labels, uniform } from '../generator.ts'
import { type Named, values, zeros } from '../problem.ts'
import type { SpecOf } from '../spec.ts'
import { batchesOf, type Workload } from '../workload.ts'
import { type Tensors, tensorsOf, train } from './training.ts'

/** Weights `weight<i>` and biases `bias<i>` of dense layers, seeds 10, 11, ... */
export const denseParams = (sizes: readonly number[]): Named =>
  Object.fromEntries(
    sizes.slice(1).flatMap((width, i) => {
      const shape = [sizes[i]!, width]
      return [
        [`weight${i}`, values(shape, glorot(10 + i, shape))],
        [`bias${i}`, zeros(width)],
      ]
    }),
  )

/** Operations of the products of one training step of dense layers; the input needs no gradient. */
export const denseFlops = (sizes: readonly number[], batch: number): number => {
  const products = sizes.slice(1).map((width, i) => 2 * batch * sizes[i]! * width)
  const forward = products.reduce((total, one) => total + one, 0)
  return 3 * forward - products[0]!
}

/** The parameters of an `mlp` trunk from `denseParams`. */
export const trunkParams = (params: Tensors, layers: number) => ({
  layers: Array.from({ length: layers }, (_, i) => ({
    weight: params[`weight${i}`]!,
    bias: params[`bias${i}`]!,
  })),
})

const classifier = (
  named: Pick<Workload, 'name' | 'title' | 'expected'>,
  spec: SpecOf<'mlp'>,
): Workload => {
  const { sizes, batch } = spec
  const [columns, classes] = [sizes[0]!, sizes.at(-1)!]
  return {
    ...named,
    spec,
    samples: batch,
    flops: denseFlops(sizes, batch),
    tolerance: 1e-4,
    problem: () => ({
      params: denseParams(sizes),
      batches: batchesOf((b) => ({
        x: values([batch, columns], uniform(100 + b, batch * columns, 0, 1)),
        labels: values([batch], labels(200 + b, batch, classes)),
      })),
    }),
    rootstock: (problem) => {
      const net = mlp({ in: columns, hidden: sizes.slice(1, -1), out: classes })
      return train(problem, spec, {
        params: trunkParams(tensorsOf(problem.params), sizes.length - 1),
        loss: (params, { x, labels: codes }) =>
          crossEntropy(net.apply(params, x!, evaluation), codes!),
      })
    },
  }
}

/** 784-256-256-10, batch 128. */
export const mlpSmall = classifier(
  {
    name: 'W2_mlp_small',
    title: 'MLP 784-256-256-10, batch 128, Adam',
    expected: () => ({ loss_init: [2.52975], loss_after_5: [2.27201] }),
  },
  { kind: 'mlp', sizes: [784, 256, 256, 10], batch: 128, optimizer: 'adam', learningRate: 1e-3 },
)

/** 784-2048-2048-10, batch 512. */
export const mlpLarge = classifier(
  {
    name: 'W3_mlp_large',
    title: 'MLP 784-2048-2048-10, batch 512, Adam',
    expected: () => ({ loss_init: [2.36107], loss_after_5: [2.25048] }),
  },
  { kind: 'mlp', sizes: [784, 2048, 2048, 10], batch: 512, optimizer: 'adam', learningRate: 1e-4 },
)
