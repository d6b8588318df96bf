/** Probabilities from scores. */
import {
  any,
  equal,
  exp,
  logSoftmax,
  mul,
  softmax,
  sub,
  sum,
  type Tensor,
  where,
} from '@rootstock/core'

/** The axis of the classes. */
export interface AxisOptions {
  /** Default -1. */
  readonly axis?: number
}

/**
 * The softmax over the entries where the mask is true, 0 elsewhere, whatever stands there; where none is true, all 0 with gradient 0.
 * The mask broadcasts to x.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { maskedSoftmax } from '@rootstock/heads'
 * console.log(maskedSoftmax(tensor([1, 1, NaN]), tensor([true, true, false])).toArray()) // [0.5, 0.5, 0]
 * ```
 */
export const maskedSoftmax = (x: Tensor, mask: Tensor, { axis = -1 }: AxisOptions = {}): Tensor => {
  const isSome = any(mask, { axis, keepDims: true })
  // where nothing is there, all zeros have a softmax, which is then hidden
  const scores = where(mask, x, where(isSome, Number.NEGATIVE_INFINITY, 0))
  return where(mask, softmax(scores, { axis }), 0)
}

/**
 * `-sum p log p` in nats, p the softmax of x along an axis (Shannon, A mathematical theory of communication, 1948): 0 where one class
 * is certain, log of the number of classes where all are alike.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { entropy } from '@rootstock/heads'
 * console.log(entropy(tensor([[0, 0], [1000, 0]])).toArray()) // [0.693..., 0]
 * ```
 */
export const entropy = (x: Tensor, { axis = -1 }: AxisOptions = {}): Tensor => {
  const logs = logSoftmax(x, { axis })
  const p = exp(logs)
  const isImpossible = equal(p, 0)
  // 0 less the sum, since the negative of 0 would be -0
  return sub(0, sum(where(isImpossible, 0, mul(p, where(isImpossible, 0, logs))), { axis }))
}
