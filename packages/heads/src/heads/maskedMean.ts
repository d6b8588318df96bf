/** The mean over labelled rows, for losses of one's own. */
import type { Tensor } from '@rootstock/core'
import { reduceLosses } from '../losses/reduction.ts'

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
  reduceLosses('maskedMean', values, { mask })
