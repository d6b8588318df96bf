/** The largest of space. */
import { any, expandDims, max, type Tensor, where } from '@rootstock/core'

/**
 * The largest entries of x `[n, ...space, channels]` over space, `[n, channels]`; with a bool mask `[n, ...space]` over what is true, 0 where nothing is
 * (of points of a set: Qi et al., PointNet, 2017). A function, so that it may stand among the parts of a `sequence`.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { globalMaxPool } from '@rootstock/heads'
 * const x = tensor([[[1, 5], [3, 2], [9, 9]]])
 * console.log(globalMaxPool(x, tensor([[true, true, false]])).toArray()) // [ [ 3, 5 ] ]
 * ```
 */
export const globalMaxPool = (x: Tensor, mask?: Tensor): Tensor => {
  const axis = x.shape.map((_, i) => i).slice(1, -1)
  if (mask === undefined) return max(x, { axis })
  const isReal = expandDims(mask, -1)
  const largest = max(where(isReal, x, Number.NEGATIVE_INFINITY), { axis })
  return where(any(isReal, { axis }), largest, 0)
}
