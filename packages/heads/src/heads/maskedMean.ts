/** The mean over labelled rows, from which every head's loss is made. */
import { cast, div, maximum, sum, type Tensor, where } from '@rootstock/core'

/**
 * `sum of values where mask / max(1, number of true)`: the mean over rows whose mask is true, 0 when there are none. Values
 * elsewhere have no influence, not even NaN.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { maskedMean } from '@rootstock/heads'
 * const mask = tensor([true, false, true])
 * console.log(maskedMean(tensor([1, NaN, 3]), mask).item()) // 2
 * ```
 */
export const maskedMean = (values: Tensor, mask: Tensor): Tensor =>
  div(sum(where(mask, values, 0)), maximum(sum(cast(mask, values.dtype)), 1))
