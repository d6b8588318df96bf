/** Masking noise: units disappear. */
import { where } from '@rootstock/core'
import { layoutOf } from '../column.ts'
import {
  type Corruption,
  drawUnits,
  expectProbability,
  perFeature,
  type Rate,
} from './corruption.ts'

/**
 * Each unit is blanked with the given probability: numbers become 0 (their mean), categorical groups lose their 1, and where a
 * column has a mask feature it becomes 1, so that a blank looks like a missing value rather than like an average one
 * (Vincent et al., Extracting and Composing Robust Features with Denoising Autoencoders, 2008).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { masking } from '@rootstock/pretrain'
 * const columns = [{ name: 'pixels', kind: 'numeric', from: 0, to: 3 }] as const
 * const { corrupted } = masking({ probability: 1 })(random.key(0), ones([2, 3]), columns)
 * console.log(corrupted.toArray()) // [[0, 0, 0], [0, 0, 0]]
 * ```
 */
export const masking = ({ probability }: Rate): Corruption => {
  expectProbability('masking', probability)
  return (key, inputs, columns) => {
    const layout = layoutOf(columns)
    const mask = drawUnits(key, inputs.shape[0]!, layout, probability)
    const blank = perFeature(layout, ({ isMask }) => Number(isMask))
    return { corrupted: where(mask, blank, inputs), mask }
  }
}
