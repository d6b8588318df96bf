/** Rows of a table in place of codes. */
import {
  arange,
  expandDims,
  type Initializer,
  notEqual,
  random,
  stopGradient,
  type Tensor,
  take,
  where,
} from '@rootstock/core'
import type { Layer } from '../layer.ts'

/** Parameters of an embedding: a row for each code, `[count, width]`. */
export interface EmbeddingParams {
  readonly weight: Tensor
}

/** Options of `embedding`. */
export interface EmbeddingOptions {
  /** How many codes there are: 0 to count - 1. */
  readonly count: number
  readonly width: number
  /** A code that stands for nothing: its row starts at zero and receives no gradient. Default none. */
  readonly padding?: number
  /** Draws the weight. Default normal with deviation 1. */
  readonly init?: Initializer
}

const standardNormal: Initializer = (key, shape, options = {}) => random.normal(key, shape, options)

/** Rows of a weight by code; the row of `padding` as it is, but as a constant. */
const lookUp = (weight: Tensor, codes: Tensor, padding?: number): Tensor => {
  const rows = take(weight, codes)
  return padding === undefined
    ? rows
    : where(expandDims(notEqual(codes, padding), -1), rows, stopGradient(rows))
}

/**
 * The row of each code: int32 `[...]` to `[..., width]` (Bengio et al., A Neural Probabilistic Language Model, 2003).
 * @example
 * ```ts
 * import { random, tensor } from '@rootstock/core'
 * import { embedding, evaluation } from '@rootstock/heads'
 * const layer = embedding({ count: 100, width: 8, padding: 0 })
 * const codes = tensor([[5, 7, 0]], { dtype: 'int32' })
 * console.log(layer.apply(layer.init(random.key(0)), codes, evaluation).shape) // [1, 3, 8]
 * ```
 */
export const embedding = ({
  count,
  width,
  padding,
  init = standardNormal,
}: EmbeddingOptions): Layer<EmbeddingParams> => ({
  init: (key) => {
    const weight = init(key, [count, width])
    if (padding === undefined) return { weight }
    const isReal = notEqual(arange(count), padding)
    return { weight: where(expandDims(isReal, -1), weight, 0) }
  },
  apply: ({ weight }, codes) => lookUp(weight, codes, padding),
})
