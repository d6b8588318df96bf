/** Embeddings and positions. */
import { matmul, swapAxes } from '@rootstock/core'
import { embedding, embeddingBag, evaluation, sinusoidalPositions } from '@rootstock/heads'
import type { Adapter, Adapters, Arguments } from '../arguments.ts'

const modes = ['sum', 'mean', 'max'] as const

const bags = (args: Arguments, mode: (typeof modes)[number]) => {
  const weight = args.tensor('weight')
  const [count, width] = weight.shape as [number, number]
  const weights = args.optional('sample_weight')
  const input = {
    codes: args.tensor('index'),
    offsets: args.tensor('offsets'),
    ...(weights === undefined ? {} : { weights }),
  }
  return embeddingBag({ count, width, mode }).apply({ weight }, input, evaluation)
}

const bag: Adapter = (args) => {
  const mode = modes.find((name) => name === args.text('mode'))
  if (mode === undefined) throw new Error(`there is no mode ${args.text('mode')}`)
  return bags(args, mode)
}

export const embeddings: Adapters = {
  embedding: (args) => {
    const weight = args.tensor('weight')
    const [count, width] = weight.shape as [number, number]
    const padding = args.numberOrNull('padding_idx')
    const layer = embedding({ count, width, ...(padding === undefined ? {} : { padding }) })
    return layer.apply({ weight }, args.tensor('index'), evaluation)
  },
  embedding_bag: bag,
  embedding_bag_weighted: (args) => bags(args, 'sum'),
  tied_logits: (args) => matmul(args.tensor('x'), swapAxes(args.tensor('weight'), 0, 1)),
  sinusoidal_positions: (args) =>
    sinusoidalPositions({
      length: args.number('length'),
      width: args.number('dim'),
      dtype: args.precision,
    }),
}
