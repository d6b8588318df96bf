/** A set or sequence as one row, by learned attention. */
import {
  add,
  expandDims,
  matmul,
  mul,
  random,
  softmax,
  sum,
  type Tensor,
  tanh,
  where,
  zeros,
} from '@rootstock/core'
import type { Layer } from '../layer.ts'
import { drawUniform } from './cell.ts'
import { type Masked, maskPlaces } from './masked.ts'

/** Parameters of `attentionPool`: `inner` `[width, hidden]`, `bias` `[hidden]` and `score` `[hidden]`. */
export interface AttentionPoolParams {
  readonly inner: Tensor
  readonly bias: Tensor
  readonly score: Tensor
}

/** Options of `attentionPool`. */
export interface AttentionPoolOptions {
  readonly width: number
  /** Columns of the scoring layer. Default width. */
  readonly hidden?: number
}

const hidden = -1e30

/**
 * Weights softmax(scores) over elements, 0 where the mask is false: `[n, elements]`.
 */
export const poolWeights = (scores: Tensor, mask?: Tensor): Tensor =>
  mask === undefined ? softmax(scores) : where(mask, softmax(where(mask, scores, hidden)), 0)

/**
 * sum of w_i x_i with w = softmax(score . tanh(x inner + bias)): `[n, elements, width]` to `[n, width]`, whatever the order of the elements; a row
 * without any real one is 0 (Ilse, Tomczak and Welling, Attention-based Deep Multiple Instance Learning, 2018).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { attentionPool, evaluation } from '@rootstock/heads'
 * const layer = attentionPool({ width: 8 })
 * console.log(layer.apply(layer.init(random.key(0)), { x: ones([3, 5, 8]) }, evaluation).shape) // [3, 8]
 * ```
 */
export const attentionPool = ({
  width,
  hidden: columns = width,
}: AttentionPoolOptions): Layer<AttentionPoolParams, Masked> => ({
  init: (key) => ({
    inner: drawUniform(random.fold(key, 0), [width, columns], width),
    bias: zeros([columns]),
    score: drawUniform(random.fold(key, 1), [columns], columns),
  }),
  apply: ({ inner, bias, score }, { x, mask }) => {
    const real = maskPlaces(x, mask)
    const weights = poolWeights(matmul(tanh(add(matmul(real, inner), bias)), score), mask)
    return sum(mul(expandDims(weights, -1), real), { axis: 1 })
  },
})
