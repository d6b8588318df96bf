/** Pooling over space, channels last. A window is the product of its axes, so each axis is pooled by itself. */

import { fullOf } from '../primitives/broadcast.ts'
import { add, div } from '../primitives/elementwise.ts'
import { range } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { greater, isNaN, logicalOr, where } from './comparison.ts'
import { tensor } from './creation.ts'
import { take } from './indexing.ts'
import { matmul } from './linear.ts'
import { moveAxis } from './movement.ts'
import { type Operand, single, stretch } from './operand.ts'
import {
  entriesOf,
  type Lane,
  lanesOf,
  type PerAxis,
  padAxis,
  perAxis,
  placesOf,
  reach,
  type SpatialPadding,
  spaceOf,
} from './spatial.ts'

/** How windows lie. */
export interface MaxPooling {
  /** Entries of a window. */
  readonly size: PerAxis
  /** From one window to the next. Default `size`: windows side by side. */
  readonly stride?: PerAxis
  /** Entries around space that are never counted. Default 0. */
  readonly padding?: SpatialPadding
  /** From one entry of a window to the next. Default 1. */
  readonly dilation?: PerAxis
  /** Keep a last window that reaches beyond space, if it begins inside space or its padding. Default false. */
  readonly partial?: boolean
}

/** How windows lie, and what their sum is divided by. */
export interface AveragePooling extends Omit<MaxPooling, 'dilation'> {
  /** Count the zeros of the padding as entries. Default true. */
  readonly countPadding?: boolean
}

/** A lane with as many places as pooling takes, its padding stretched to the end of the last window. */
const fitted = (length: number, lane: Lane, partial: boolean): { lane: Lane; places: number } => {
  const rest = length + lane.before + lane.after - reach(lane)
  const all = Math.ceil(rest / lane.stride) + 1
  const beginsInside = (all - 1) * lane.stride < length + lane.before
  const places = partial ? Math.max(0, beginsInside ? all : all - 1) : placesOf(length, lane)
  const end = (places - 1) * lane.stride + reach(lane)
  return { lane: { ...lane, after: Math.max(lane.after, end - length - lane.before) }, places }
}

/** The windows of a pooling of x. */
const windowsOf = (operation: string, x: Tensor, options: MaxPooling): readonly Lane[] => {
  const { size, stride = size, padding = 0, dilation = 1 } = options
  return lanesOf(operation, spaceOf(operation, x), { size, stride, padding, dilation })
}

/** Pools the axes of space from the last to the first, so that ties go to the first entry in row-major order. */
const overAxes = (
  x: Tensor,
  lanes: readonly Lane[],
  partial: boolean,
  fill: number,
  join: (a: Tensor, b: Tensor) => Tensor,
): Tensor =>
  lanes.reduceRight((y, given, i) => {
    const { lane, places } = fitted(y.shape[i + 1]!, given, partial)
    const padded = padAxis(y, i + 1, [lane.before, lane.after], fill)
    return entriesOf(padded, i + 1, lane, places).reduce(join)
  }, x)

/** The larger; of equal ones the first, which then has the whole gradient; NaN where one is NaN. */
const firstLarger = (a: Tensor, b: Tensor): Tensor =>
  where(logicalOr(greater(b, a), isNaN(b)), b, a)

/**
 * The largest entry of every window of x `[n, ...space, channels]`, to `[n, ...places, channels]`. Of tied maxima the first in
 * row-major order has the gradient.
 * @example
 * ```ts
 * import { maxPool, tensor } from '@rootstock/core'
 * const signal = tensor([1, 3, 2, 5], { shape: [1, 4, 1] })
 * console.log(maxPool(signal, { size: 2 }).data()) // Float32Array(2) [ 3, 5 ]
 * ```
 */
export const maxPool = (x: Operand, options: MaxPooling): Tensor => {
  const given = single('maxPool', x, 'float')
  const lanes = windowsOf('maxPool', given, options)
  return overAxes(given, lanes, options.partial ?? false, -Infinity, firstLarger)
}

/** How many entries each window of a lane counts. */
const counts = (length: number, given: Lane, partial: boolean, countPadding: boolean): number[] => {
  const { lane, places } = fitted(length, given, partial)
  const from = countPadding ? -given.before : 0
  const to = length + (countPadding ? given.after : 0)
  return range(places).map((place) => {
    const start = place * lane.stride - lane.before
    return Math.max(0, Math.min(start + lane.size, to) - Math.max(start, from))
  })
}

/** x divided along an axis by one number for each position. */
const divideAlong = (x: Tensor, axis: number, by: readonly number[]): Tensor => {
  const only = new Set(by).size === 1 ? by[0] : undefined
  if (only !== undefined) return only === 1 ? x : div(x, fullOf(x, only))
  const shape = x.shape.slice(axis).map((size, i) => (i === 0 ? size : 1))
  return div(x, stretch(tensor(Float64Array.from(by), { shape, dtype: x.dtype }), x.shape))
}

/**
 * The mean of every window of x `[n, ...space, channels]`, to `[n, ...places, channels]`.
 * @example
 * ```ts
 * import { averagePool, tensor } from '@rootstock/core'
 * const signal = tensor([1, 3, 2, 5], { shape: [1, 4, 1] })
 * console.log(averagePool(signal, { size: 2 }).data()) // Float32Array(2) [ 2, 3.5 ]
 * ```
 */
export const averagePool = (x: Operand, options: AveragePooling): Tensor => {
  const given = single('averagePool', x, 'float')
  const { partial = false, countPadding = true } = options
  const lanes = windowsOf('averagePool', given, options)
  const total = overAxes(given, lanes, partial, 0, add)
  return lanes.reduce(
    (y, lane, i) => divideAlong(y, i + 1, counts(given.shape[i + 1]!, lane, partial, countPadding)),
    total,
  )
}

/** Windows of `places` that cover `length` entries: from floor(i length / places) to ceil((i + 1) length / places). */
const coverOf = (length: number, places: number): (readonly [from: number, to: number])[] =>
  range(places).map((i) => [
    Math.floor((i * length) / places),
    Math.ceil(((i + 1) * length) / places),
  ])

/** How many windows shall cover space. */
export interface AdaptivePooling {
  /** Places of the output, one number for all axes of space or one for each. */
  readonly places: PerAxis
}

const adaptively = (
  operation: string,
  x: Operand,
  { places }: AdaptivePooling,
  pool: (y: Tensor, axis: number, windows: readonly (readonly [number, number])[]) => Tensor,
): Tensor => {
  const given = single(operation, x, 'float')
  const wanted = perAxis(operation, 'places', places, spaceOf(operation, given))
  return wanted.reduceRight((y, count, i) => pool(y, i + 1, coverOf(y.shape[i + 1]!, count)), given)
}

/**
 * The mean over windows that cover space evenly, so many of them as asked for whatever the size of x: window i of an axis of length l
 * runs from floor(i l / places) to ceil((i + 1) l / places). x `[n, ...space, channels]` to `[n, ...places, channels]`.
 * @example
 * ```ts
 * import { adaptiveAveragePool, tensor } from '@rootstock/core'
 * const signal = tensor([1, 3, 2, 5], { shape: [1, 4, 1] })
 * console.log(adaptiveAveragePool(signal, { places: 1 }).item()) // 2.75
 * ```
 */
export const adaptiveAveragePool = (x: Operand, options: AdaptivePooling): Tensor =>
  adaptively('adaptiveAveragePool', x, options, (y, axis, windows) => {
    const length = y.shape[axis]!
    const weights = new Float64Array(windows.length * length)
    windows.forEach(([from, to], i) => {
      weights.fill(1 / (to - from), i * length + from, i * length + to)
    })
    const table = tensor(weights, { shape: [windows.length, length], dtype: y.dtype })
    return moveAxis(matmul(table, moveAxis(y, axis, -2)), -2, axis)
  })

/**
 * The largest entry of windows that cover space evenly, as those of `adaptiveAveragePool` do.
 * @example
 * ```ts
 * import { adaptiveMaxPool, tensor } from '@rootstock/core'
 * const signal = tensor([1, 3, 2, 5], { shape: [1, 4, 1] })
 * console.log(adaptiveMaxPool(signal, { places: 2 }).data()) // Float32Array(2) [ 3, 5 ]
 * ```
 */
export const adaptiveMaxPool = (x: Operand, options: AdaptivePooling): Tensor =>
  adaptively('adaptiveMaxPool', x, options, (y, axis, windows) => {
    const longest = Math.max(...windows.map(([from, to]) => to - from))
    // a window that is shorter looks at its last entry again, which changes neither maximum nor gradient
    const entry = (i: number) => windows.map(([from, to]) => Math.min(from + i, to - 1))
    return range(longest)
      .map((i) => take(y, tensor(Int32Array.from(entry(i))), { axis }))
      .reduce(firstLarger)
  })
