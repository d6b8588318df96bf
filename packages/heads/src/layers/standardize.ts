/** Mean 0 and variance 1: what all normalisation layers but one do, each over axes of its own. */
import { add, mean, mul, rsqrt, square, sub, type Tensor } from '@rootstock/core'

/** Axes to take statistics over, and what is added to the variance. */
export interface Standardizing {
  readonly axis: number | readonly number[]
  /** Default 1e-5. */
  readonly epsilon?: number
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
export const standardize = (x: Tensor, { axis, epsilon = 1e-5 }: Standardizing): Tensor => {
  const centred = sub(x, mean(x, { axis, keepDims: true }))
  const variance = mean(square(centred), { axis, keepDims: true })
  return mul(centred, rsqrt(add(variance, epsilon)))
}
