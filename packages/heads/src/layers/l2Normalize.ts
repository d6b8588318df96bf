/** Vectors of length 1. */
import { div, maximum, norm, type Tensor } from '@rootstock/core'

/**
 * `x / max(|x|, epsilon)` along an axis, the last by default, with the Euclidean norm.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { l2Normalize } from '@rootstock/heads'
 * console.log(l2Normalize(tensor([0, 5])).toArray()) // [ 0, 1 ]
 * ```
 */
export const l2Normalize = (
  x: Tensor,
  { axis = -1, epsilon = 1e-12 }: { readonly axis?: number; readonly epsilon?: number } = {},
): Tensor => div(x, maximum(norm(x, { axis, keepDims: true }), epsilon))
