/** Space as convolution and pooling see it: the axes between the first (examples) and the last (channels). */
import { ArgumentError, ShapeError } from '../errors.ts'
import * as primitive from '../primitives/movement.ts'
import { range } from '../shape.ts'
import type { Tensor } from '../tensor.ts'

/** One number for every axis of space, or one for each. */
export type PerAxis = number | readonly number[]

/** Entries added around space: the same on both sides, or `[before, after]`; one for all axes or one for each. */
export type SpatialPadding = number | readonly (number | readonly [before: number, after: number])[]

/** How windows lie along one axis. */
export interface Lane {
  /** Entries of a window. */
  readonly size: number
  /** From the start of a window to that of the next. */
  readonly stride: number
  /** From an entry of a window to the next. */
  readonly dilation: number
  readonly before: number
  readonly after: number
}

/** Throws unless x has examples, at least one axis of space, and channels; the number of axes of space. */
export const spaceOf = (operation: string, x: Tensor): number => {
  if (x.rank >= 3) return x.rank - 2
  throw new ShapeError({
    operation,
    inputs: { x },
    rule: 'x must be [n, ...space, channels] with at least one axis of space',
    hint: x.rank === 2 ? 'expandDims(x, -1) adds an axis for one channel' : undefined,
  })
}

const isWhole = (least: number) => (value: number) => Number.isInteger(value) && value >= least

/** Whole numbers of at least `least`, one for each of `count` axes. */
export const perAxis = (
  operation: string,
  name: string,
  value: PerAxis,
  count: number,
  least = 1,
): readonly number[] => {
  const list = typeof value === 'number' ? range(count).map(() => value) : value
  if (list.length === count && list.every(isWhole(least))) return list
  throw new ArgumentError({
    operation,
    inputs: { [name]: value, 'axes of space': count },
    rule: `${name} must be a whole number of at least ${least}, or one for each axis of space`,
  })
}

/** Padding as a pair for each of `count` axes. */
export const padsOf = (
  operation: string,
  padding: SpatialPadding,
  count: number,
): readonly (readonly [number, number])[] => {
  const list = typeof padding === 'number' ? range(count).map(() => padding) : padding
  const pairs = list.map((one) => (typeof one === 'number' ? ([one, one] as const) : one))
  if (pairs.length === count && pairs.flat().every(isWhole(0))) return pairs
  throw new ArgumentError({
    operation,
    inputs: { padding: list, 'axes of space': count },
    rule: 'padding must be a whole number of at least 0, or a number or pair of them for each axis of space',
  })
}

/** Windows as a caller describes them. */
export interface Lanes {
  readonly size: PerAxis
  readonly stride: PerAxis
  readonly padding: SpatialPadding
  readonly dilation: PerAxis
}

/** The windows of `count` axes of space, one lane for each. */
export const lanesOf = (operation: string, count: number, lanes: Lanes): readonly Lane[] => {
  const size = perAxis(operation, 'size', lanes.size, count)
  const stride = perAxis(operation, 'stride', lanes.stride, count)
  const dilation = perAxis(operation, 'dilation', lanes.dilation, count)
  const pads = padsOf(operation, lanes.padding, count)
  return range(count).map((i) => ({
    size: size[i]!,
    stride: stride[i]!,
    dilation: dilation[i]!,
    before: pads[i]![0],
    after: pads[i]![1],
  }))
}

/** Entries from the first of a window to the last, both counted. */
export const reach = ({ size, dilation }: Pick<Lane, 'size' | 'dilation'>): number =>
  dilation * (size - 1) + 1

/** Windows that lie wholly in `length` padded entries. */
export const placesOf = (length: number, lane: Lane): number =>
  Math.max(0, Math.floor((length + lane.before + lane.after - reach(lane)) / lane.stride) + 1)

/** x with `fill` around one axis; negative widths cut. */
export const padAxis = (
  x: Tensor,
  axis: number,
  [before, after]: readonly [number, number],
  fill: number,
): Tensor => {
  const ones = x.shape.map(() => 1)
  const at = (value: number) => x.shape.map((_, i) => (i === axis ? value : 0))
  const size = x.shape[axis]!
  const cut = primitive.slice(x, {
    start: at(Math.max(0, -before)),
    shape: x.shape.with(axis, size + Math.min(0, before) + Math.min(0, after)),
    step: ones,
  })
  return primitive.pad(cut, {
    shape: x.shape.with(axis, size + before + after),
    start: at(Math.max(0, before)),
    step: ones,
    fill,
  })
}

/** The i-th entries of `places` windows, for each i: as many slices of a padded axis as a window has entries. */
export const entriesOf = (x: Tensor, axis: number, lane: Lane, places: number): Tensor[] =>
  range(lane.size).map((i) =>
    primitive.slice(x, {
      start: x.shape.map((_, at) => (at === axis ? i * lane.dilation : 0)),
      shape: x.shape.with(axis, places),
      step: x.shape.map((_, at) => (at === axis ? lane.stride : 1)),
    }),
  )
