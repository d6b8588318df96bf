/** Space summed up. */
import { cast, div, expandDims, maximum, mean, sum, type Tensor, where } from '@rootstock/core'

/**
 * The mean of x `[n, ...space, channels]` over space, `[n, channels]`; with a bool mask `[n, ...space]` over what is true, 0 where nothing is
 * (Lin, Chen and Yan, Network in Network, 2013). A function, so that it may stand among the parts of a `sequence`.
 * @example
 * ```ts
 * import { ones } from '@rootstock/core'
 * import { globalAveragePool } from '@rootstock/heads'
 * console.log(globalAveragePool(ones([8, 7, 7, 64])).shape) // [8, 64]
 * ```
 */
export const globalAveragePool = (x: Tensor, mask?: Tensor): Tensor => {
  const axis = x.shape.map((_, i) => i).slice(1, -1)
  if (mask === undefined) return mean(x, { axis })
  const each = expandDims(mask, -1)
  const count = sum(cast(each, x.dtype), { axis })
  return div(sum(where(each, x, 0), { axis }), maximum(count, 1))
}
