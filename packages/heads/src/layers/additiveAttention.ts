/** Attention whose scores are a small net of query and key. */
import { add, expandDims, matmul, mul, random, sum, type Tensor, tanh } from '@rootstock/core'
import type { Layer } from '../layer.ts'
import { poolWeights } from './attentionPool.ts'
import { drawUniform } from './cell.ts'
import { maskPlaces } from './masked.ts'

/** Parameters of `additiveAttention`: `query` `[in, hidden]`, `key` `[keyIn, hidden]`, `score` `[hidden]`. */
export interface AdditiveAttentionParams {
  readonly query: Tensor
  readonly key: Tensor
  readonly score: Tensor
}

/** One query for each example, and the keys it looks at. */
export interface AdditiveLooking {
  /** `[n, in]`. */
  readonly query: Tensor
  /** `[n, keys, keyIn]`: looked at and seen. */
  readonly key: Tensor
  /** bool `[n, keys]`: true for keys that are real; what the others hold has no influence. */
  readonly mask?: Tensor
}

/**
 * weights = softmax over keys of score . tanh(query W_q + key W_k), seen = sum of weights_k key_k: `[n, keys]` and `[n, keyIn]`
 * (Bahdanau, Cho and Bengio, Neural Machine Translation by Jointly Learning to Align and Translate, 2015).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { additiveAttention, evaluation } from '@rootstock/heads'
 * const layer = additiveAttention({ in: 4, keyIn: 6, hidden: 8 })
 * const looking = { query: ones([2, 4]), key: ones([2, 5, 6]) }
 * console.log(layer.apply(layer.init(random.key(0)), looking, evaluation).seen.shape) // [2, 6]
 * ```
 */
export const additiveAttention = ({
  in: columns,
  keyIn,
  hidden,
}: {
  readonly in: number
  readonly keyIn: number
  readonly hidden: number
}): Layer<
  AdditiveAttentionParams,
  AdditiveLooking,
  { readonly seen: Tensor; readonly weights: Tensor }
> => ({
  init: (key) => ({
    query: drawUniform(random.fold(key, 0), [columns, hidden], columns),
    key: drawUniform(random.fold(key, 1), [keyIn, hidden], keyIn),
    score: drawUniform(random.fold(key, 2), [hidden], hidden),
  }),
  apply: (params, { query, mask, ...given }) => {
    const key = maskPlaces(given.key, mask)
    const both = add(expandDims(matmul(query, params.query), 1), matmul(key, params.key))
    const weights = poolWeights(matmul(tanh(both), params.score), mask)
    return { seen: sum(mul(expandDims(weights, -1), key), { axis: 1 }), weights }
  },
})
