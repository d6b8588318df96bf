/** Salt-and-pepper noise: units jump to an extreme. */
import {
  add,
  cast,
  equal,
  floor,
  less,
  max,
  min,
  minimum,
  mul,
  random,
  where,
} from '@rootstock/core'
import { layoutOf } from '../column.ts'
import {
  type Corruption,
  drawUnits,
  expectProbability,
  perFeature,
  type Rate,
  toFeatures,
  whichFeatures,
} from './corruption.ts'

/**
 * Each unit is replaced with the given probability: numbers by the least or the greatest value of their column in the batch, with
 * equal chances, categorical groups by a class drawn uniformly (Vincent et al., 2010). A replaced value is not missing.
 * @example
 * ```ts
 * import { random, tensor } from '@rootstock/core'
 * import { saltAndPepper } from '@rootstock/pretrain'
 * const columns = [{ name: 'pixels', kind: 'numeric', from: 0, to: 2 }] as const
 * const x = tensor([[0, 0], [0.5, 0.5], [1, 1]])
 * const { corrupted } = saltAndPepper({ probability: 1 })(random.key(0), x, columns)
 * console.log(corrupted.toArray()) // [ [ 1, 0 ], [ 0, 1 ], [ 0, 0 ] ]
 * ```
 */
export const saltAndPepper = ({ probability }: Rate): Corruption => {
  expectProbability('saltAndPepper', probability)
  return (key, inputs, columns) => {
    const layout = layoutOf(columns)
    const rows = inputs.shape[0]!
    const mask = drawUnits(random.fold(key, 0), rows, layout, probability)
    const draw = toFeatures(layout, random.uniform(random.fold(key, 1), [rows, layout.units]))
    const extreme = where(
      less(draw, 0.5),
      min(inputs, { axis: 0, keepDims: true }),
      max(inputs, { axis: 0, keepDims: true }),
    )
    // the minimum guards against a draw just below 1 that rounds up
    const last = perFeature(layout, ({ size }) => size - 1)
    const chosen = minimum(floor(mul(draw, add(last, 1))), last)
    const isChosen = equal(
      chosen,
      perFeature(layout, ({ position }) => position),
    )
    const isGroup = whichFeatures(layout, ({ scored }) => scored === 'categorical')
    const isMask = whichFeatures(layout, (feature) => feature.isMask)
    const replaced = where(isMask, 0, where(isGroup, cast(isChosen, inputs.dtype), extreme))
    return { corrupted: where(mask, replaced, inputs), mask }
  }
}
