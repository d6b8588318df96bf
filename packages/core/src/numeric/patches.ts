/** Windows of space as a tensor of their own, and their sum back into space. */
import { ShapeError } from '../errors.ts'
import { add } from '../primitives/elementwise.ts'
import { pad } from '../primitives/movement.ts'
import { equalShapes } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { split, stack } from './joining.ts'
import { squeeze } from './movement.ts'
import { type Operand, single } from './operand.ts'
import {
  entriesOf,
  type Lane,
  type Lanes,
  lanesOf,
  type PerAxis,
  padAxis,
  perAxis,
  placesOf,
  type SpatialPadding,
  spaceOf,
} from './spatial.ts'

/** How patches lie. */
export interface Patches {
  /** Entries of a patch. */
  readonly size: PerAxis
  /** From one patch to the next. Default 1. */
  readonly stride?: PerAxis
  /** Zeros around space. Default 0. */
  readonly padding?: SpatialPadding
  /** From one entry of a patch to the next. Default 1. */
  readonly dilation?: PerAxis
}

/** Patches, and the size of the space they come from. */
export interface Folding extends Patches {
  readonly space: PerAxis
}

/** Patches with what is left out filled in. */
const complete = ({ size, stride = 1, padding = 0, dilation = 1 }: Patches): Lanes => ({
  size,
  stride,
  padding,
  dilation,
})

/**
 * All patches of x `[n, ...space, channels]` as `[n, ...places, ...size, channels]` (im2col).
 * @example
 * ```ts
 * import { ones, unfold } from '@rootstock/core'
 * console.log(unfold(ones([8, 28, 28, 3]), { size: 7, stride: 7 }).shape) // [8, 4, 4, 7, 7, 3]
 * ```
 */
export const unfold = (x: Operand, options: Patches): Tensor => {
  const given = single('unfold', x, 'number')
  const d = spaceOf('unfold', given)
  return lanesOf('unfold', d, complete(options)).reduceRight((y, lane, i) => {
    const padded = padAxis(y, i + 1, [lane.before, lane.after], 0)
    const entries = entriesOf(padded, i + 1, lane, placesOf(given.shape[i + 1]!, lane))
    // behind the axes of space, before the entries of the axes that are done
    return stack(entries, { axis: d + 1 })
  }, given)
}

/** Entries of the windows of one axis, summed where they came from: the adjoint of slicing and stacking them. */
const putBack = (y: Tensor, axis: number, length: number, lane: Lane, entries: number): Tensor => {
  const whole = lane.before + length + lane.after
  const at = (value: number, others: number) =>
    y.shape.toSpliced(entries, 1).map((_, i) => (i === axis ? value : others))
  const sum = split(y, { sections: lane.size, axis: entries })
    .map((entry, i) =>
      pad(squeeze(entry, entries), {
        shape: y.shape.toSpliced(entries, 1).with(axis, whole),
        start: at(i * lane.dilation, 0),
        step: at(lane.stride, 1),
        fill: 0,
      }),
    )
    .reduce(add)
  return padAxis(sum, axis, [-lane.before, -lane.after], 0)
}

/**
 * The adjoint of `unfold`: patches `[n, ...places, ...size, channels]` summed into `[n, ...space, channels]`, overlaps added.
 * @example
 * ```ts
 * import { fold, ones } from '@rootstock/core'
 * const sums = fold(ones([1, 3, 2, 1]), { size: 2, space: 4 })
 * console.log(sums.data()) // Float32Array(4) [ 1, 2, 2, 1 ]
 * ```
 */
export const fold = (patches: Operand, { space, ...options }: Folding): Tensor => {
  const given = single('fold', patches, 'number', 'patches')
  const d = Math.max(1, Math.floor((given.rank - 2) / 2))
  const lengths = perAxis('fold', 'space', space, d)
  const lanes = lanesOf('fold', d, complete(options))
  const expected = [
    ...lanes.map((lane, i) => placesOf(lengths[i]!, lane)),
    ...lanes.map((lane) => lane.size),
  ]
  if (given.rank !== 2 * d + 2 || !equalShapes(given.shape.slice(1, -1), expected)) {
    throw new ShapeError({
      operation: 'fold',
      inputs: { patches: given, space: lengths },
      rule: `patches must be [n, ${expected.join(', ')}, channels]: n, places of windows, entries of windows`,
    })
  }
  return lanes.reduce((y, lane, i) => putBack(y, i + 1, lengths[i]!, lane, d + 1), given)
}
