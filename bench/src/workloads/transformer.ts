/** W7: an encoder of two blocks with normalisation before attention and before the inner layers. */
import { gelu, mean, reshape, square, sub, type Tensor } from '@rootstock/core'
import { encoderBlock, evaluation, layerNorm } from '@rootstock/heads'
import { glorot, uniform } from '../generator.ts'
import { type Named, values, zeros } from '../problem.ts'
import type { SpecOf } from '../spec.ts'
import { batchesOf, type Workload } from '../workload.ts'
import { type Tensors, tensorsOf, train } from './training.ts'

const spec: SpecOf<'transformer'> = {
  kind: 'transformer',
  batch: 32,
  length: 64,
  width: 128,
  heads: 4,
  layers: 2,
  inner: 512,
  optimizer: 'adamW',
  learningRate: 1e-3,
  weightDecay: 0.01,
}
const { batch, length, width, heads, layers, inner } = spec
const part = width / heads

const flops = (): number => {
  const rows = batch * length
  const dense = 2 * rows * (width * 3 * width + width * width + 2 * width * inner)
  const attention = 2 * 2 * batch * heads * length * length * part
  return 3 * layers * (dense + attention)
}

const normParams = (name: string): Named => ({
  [`${name}.scale`]: values([width], new Float32Array(width).fill(1)),
  [`${name}.shift`]: zeros(width),
})

const denseParams = (name: string, seed: number, rows: number, columns: number): Named => ({
  [`${name}.weight`]: values([rows, columns], glorot(seed, [rows, columns])),
  [`${name}.bias`]: zeros(columns),
})

const blockParams = (layer: number): Named => {
  const seed = 10 + 10 * layer
  return {
    ...normParams(`block${layer}.norm1`),
    ...denseParams(`block${layer}.qkv`, seed, width, 3 * width),
    ...denseParams(`block${layer}.out`, seed + 1, width, width),
    ...normParams(`block${layer}.norm2`),
    ...denseParams(`block${layer}.expand`, seed + 2, width, inner),
    ...denseParams(`block${layer}.contract`, seed + 3, inner, width),
  }
}

const norm = layerNorm({ width })
const block = encoderBlock({
  width,
  heads,
  hidden: inner,
  activation: (x) => gelu(x, { approximate: 'tanh' }),
  dropout: 0,
})

const forward = (params: Tensors, input: Tensor): Tensor => {
  const dense = (name: string) => ({
    weight: params[`${name}.weight`]!,
    bias: params[`${name}.bias`]!,
  })
  const normalised = (name: string) => ({
    scale: params[`${name}.scale`]!,
    shift: params[`${name}.shift`]!,
  })
  let x = reshape(input, [batch, length, width])
  for (let layer = 0; layer < layers; layer++) {
    const name = `block${layer}`
    const own = {
      attention: { input: dense(`${name}.qkv`), output: dense(`${name}.out`) },
      inner: dense(`${name}.expand`),
      outer: dense(`${name}.contract`),
      attentionNorm: normalised(`${name}.norm1`),
      denseNorm: normalised(`${name}.norm2`),
    }
    x = block.apply(own, { x }, evaluation)
  }
  return reshape(norm.apply(normalised('norm'), x, evaluation), [batch * length, width])
}

/** Width 128, four heads, two blocks, sequences of 64. */
export const transformer: Workload = {
  name: 'W7_transformer',
  title: 'transformer of width 128, 4 heads, 2 blocks, 32 x 64 tokens, AdamW',
  spec,
  samples: batch,
  flops: flops(),
  tolerance: 1e-4,
  problem: () => ({
    params: {
      ...Object.assign({}, ...Array.from({ length: layers }, (_, i) => blockParams(i))),
      ...normParams('norm'),
    },
    batches: batchesOf((b) => {
      const shape = [batch * length, width]
      const count = batch * length * width
      return {
        x: values(shape, uniform(100 + b, count, -1, 1)),
        y: values(shape, uniform(200 + b, count, -1, 1)),
      }
    }),
  }),
  expected: () => ({ loss_init: [1.33412], loss_after_5: [1.27203] }),
  rootstock: (problem) =>
    train(problem, spec, {
      params: tensorsOf(problem.params),
      loss: (params, { x, y }) => mean(square(sub(forward(params, x!), y!))),
    }),
}
