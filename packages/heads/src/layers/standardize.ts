/** Mean 0 and variance 1: what all normalisation layers but one do, each over axes of its own. */
import {
  add,
  div,
  maximum,
  mean,
  mul,
  onesLike,
  rsqrt,
  square,
  sub,
  sum,
  type Tensor,
  where,
} from '@rootstock/core'

/** Axes to take statistics over, what of x is real, and what is added to the variance. */
export interface Standardizing {
  readonly axis: number | readonly number[]
  /** bool, broadcast to x: statistics are those of what is real, and the rest becomes 0. */
  readonly mask?: Tensor | undefined
  /** Default 1e-5. */
  readonly epsilon?: number
}

const standardizeReal = (
  x: Tensor,
  mask: Tensor,
  axis: Standardizing['axis'],
  epsilon: number,
): Tensor => {
  const over = { axis, keepDims: true }
  const count = maximum(sum(where(mask, onesLike(x), 0), over), 1)
  const centre = div(sum(where(mask, x, 0), over), count)
  const centred = where(mask, sub(x, centre), 0)
  return mul(centred, rsqrt(add(div(sum(square(centred), over), count), epsilon)))
}

/**
 * `(x - mean) / sqrt(variance + epsilon)` over axes, with the biased variance.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { standardize } from '@rootstock/heads'
 * console.log(standardize(tensor([1, 3]), { axis: 0, epsilon: 0 }).toArray()) // [ -1, 1 ]
 * ```
 */
export const standardize = (x: Tensor, { axis, epsilon = 1e-5, mask }: Standardizing): Tensor => {
  if (mask !== undefined) return standardizeReal(x, mask, axis, epsilon)
  const centred = sub(x, mean(x, { axis, keepDims: true }))
  const variance = mean(square(centred), { axis, keepDims: true })
  return mul(centred, rsqrt(add(variance, epsilon)))
}
