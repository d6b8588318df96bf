/** Swap noise: units take the value they have in another row. */
import { add, arange, mod, random, reshape, takeAlongAxis, where } from '@rootstock/core'
import { layoutOf } from '../column.ts'
import {
  type Corruption,
  drawUnits,
  expectProbability,
  type Rate,
  toFeatures,
} from './corruption.ts'

/**
 * Each unit is replaced with the given probability by the same unit of another row of the batch, so that every value stays
 * plausible on its own and only its company betrays it (Yoon et al., VIME, 2020; Bahri et al., SCARF, 2022). The donor is
 * drawn for each cell: one donor per row would carry whole rows over, correlations and all.
 * @example
 * ```ts
 * import { random, tensor } from '@rootstock/core'
 * import { swap } from '@rootstock/pretrain'
 * const columns = [{ name: 'age', kind: 'numeric', from: 0, to: 1 }] as const
 * const { corrupted } = swap({ probability: 1 })(random.key(0), tensor([[1], [2]]), columns)
 * console.log(corrupted.toArray()) // [[2], [1]]
 * ```
 */
export const swap = ({ probability }: Rate): Corruption => {
  expectProbability('swap', probability)
  return (key, inputs, columns) => {
    const layout = layoutOf(columns)
    const rows = inputs.shape[0]!
    const mask = drawUnits(random.fold(key, 0), rows, layout, probability)
    // a row on its own has nobody to swap with
    const low = rows > 1 ? 1 : 0
    const shape = [rows, layout.units]
    const offset = random.integers(random.fold(key, 1), shape, { low, high: Math.max(rows, 1) })
    const donor = toFeatures(layout, mod(add(reshape(arange(rows), [rows, 1]), offset), rows))
    return { corrupted: where(mask, takeAlongAxis(inputs, donor, { axis: 0 }), inputs), mask }
  }
}
