/** W6: a small convolutional net. */
import { add, matmul, maxPool, relu, reshape, type Tensor } from '@rootstock/core'
import { conv, crossEntropy, evaluation } from '@rootstock/heads'
import { glorot, labels, uniform } from '../generator.ts'
import { values, zeros } from '../problem.ts'
import type { SpecOf } from '../spec.ts'
import { batchesOf, type Workload } from '../workload.ts'
import { type Tensors, tensorsOf, train } from './training.ts'

const spec: SpecOf<'convolution'> = {
  kind: 'convolution',
  batch: 64,
  optimizer: 'adam',
  learningRate: 1e-3,
}
const { batch } = spec
const side = 28
const kernel = 5
const [first, second, hidden, classes] = [32, 64, 256, 10] as const
const flat = (side / 4) ** 2 * second

const flops = (): number => {
  const taps = kernel ** 2
  const early = 2 * batch * side ** 2 * taps * first
  const late = 2 * batch * (side / 2) ** 2 * taps * first * second
  const dense = 2 * batch * (flat * hidden + hidden * classes)
  // the pixels need no gradient
  return 2 * early + 3 * (late + dense)
}

const window = [kernel, kernel]
const early = conv({ in: 1, out: first, window, padding: 'same' })
const late = conv({ in: first, out: second, window, padding: 'same' })

const forward = (params: Tensors, x: Tensor): Tensor => {
  const layer = (i: number) => ({ weight: params[`kernel${i}`]!, bias: params[`bias${i}`]! })
  const edges = maxPool(relu(early.apply(layer(0), x, evaluation)), { size: 2 })
  const shapes = maxPool(relu(late.apply(layer(1), edges, evaluation)), { size: 2 })
  const inner = relu(add(matmul(reshape(shapes, [batch, flat]), params.weight2!), params.bias2!))
  return add(matmul(inner, params.weight3!), params.bias3!)
}

/** 5 x 5 convolutions of 32 and 64 channels with pooling, then 3136-256-10. */
export const convolution: Workload = {
  name: 'W6_conv',
  title: 'convolutional net on 28 x 28, batch 64, Adam',
  spec,
  samples: batch,
  flops: flops(),
  // gradients of the kernels are sums over 50,000 pixels, and Adam's first steps hardly look at their size
  tolerance: 3e-4,
  problem: () => {
    const taps = kernel ** 2
    const shapes = [
      [kernel, kernel, 1, first],
      [kernel, kernel, first, second],
    ] as const
    return {
      params: {
        kernel0: values(shapes[0], glorot(10, shapes[0], [taps, taps * first])),
        bias0: zeros(first),
        kernel1: values(shapes[1], glorot(11, shapes[1], [taps * first, taps * second])),
        bias1: zeros(second),
        weight2: values([flat, hidden], glorot(12, [flat, hidden])),
        bias2: zeros(hidden),
        weight3: values([hidden, classes], glorot(13, [hidden, classes])),
        bias3: zeros(classes),
      },
      batches: batchesOf((b) => ({
        x: values([batch, side, side, 1], uniform(100 + b, batch * side * side, 0, 1)),
        labels: values([batch], labels(200 + b, batch, classes)),
      })),
    }
  },
  expected: () => ({ loss_init: [2.30673], loss_after_5: [2.30614] }),
  rootstock: (problem) =>
    train(problem, spec, {
      params: tensorsOf(problem.params),
      loss: (params, { x, labels: codes }) => crossEntropy(forward(params, x!), codes!),
    }),
}
