/** Cutting tensors into parts and putting parts together. */
import { promote } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import { convert } from '../primitives/elementwise.ts'
import * as primitive from '../primitives/movement.ts'
import { equalShapes, range } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { tensor } from './creation.ts'
import { take } from './indexing.ts'
import { axisOf, type Operand, single } from './operand.ts'

/** Python slicing, one entry per axis from the first; null or absent is an open end, negative counts from the end. */
export interface Slicing {
  readonly start?: readonly (number | null)[]
  readonly stop?: readonly (number | null)[]
  readonly step?: readonly number[]
}

/** First position, count and step of one axis, after Python's rules. */
const sliceAxis = (size: number, start: number | null, stop: number | null, step: number) => {
  const bound = (value: number) => (value < 0 ? value + size : value)
  const limit = (value: number) =>
    step > 0 ? Math.min(Math.max(value, 0), size) : Math.min(Math.max(value, -1), size - 1)
  const from = start === null ? (step > 0 ? 0 : size - 1) : limit(bound(start))
  const to = stop === null ? (step > 0 ? size : -1) : limit(bound(stop))
  const count = Math.max(0, Math.ceil((to - from) / step))
  return { from: count === 0 ? 0 : from, count, step: count === 0 ? 1 : step }
}

/**
 * Part of x after Python's rules: `{ start: [1, null], stop: [-1], step: [2] }` is `x[1:-1:2, :]`. Negative steps walk
 * backwards; bounds outside x are moved to its ends.
 * @example
 * ```ts
 * import { arange, slice } from '@rootstock/core'
 * console.log(slice(arange(6), { start: [1], stop: [5], step: [2] }).toArray()) // [ 1, 3 ]
 * ```
 */
export const slice = (x: Operand, { start = [], stop = [], step = [] }: Slicing): Tensor => {
  const y = single('slice', x, 'any')
  const longest = Math.max(start.length, stop.length, step.length)
  if (longest > y.rank || step.includes(0)) {
    throw new ArgumentError({
      operation: 'slice',
      inputs: { x: y, start, stop, step },
      rule: 'there must be at most one entry per axis of x, and no step may be 0',
    })
  }
  const parts = y.shape.map((size, axis) =>
    sliceAxis(size, start[axis] ?? null, stop[axis] ?? null, step[axis] ?? 1),
  )
  return primitive.slice(y, {
    start: parts.map(({ from }) => from),
    shape: parts.map(({ count }) => count),
    step: parts.map((part) => part.step),
  })
}

/** What `pad` puts around x. */
export interface Padding {
  /** constant: `value` (default 0); reflect: mirror without the edge; symmetric: with it; edge; wrap: from the other end. */
  readonly mode?: 'constant' | 'reflect' | 'symmetric' | 'edge' | 'wrap'
  readonly value?: number
}

/** Position in 0 .. size-1 that position `i` of the endless continuation shows. */
const continued = (i: number, size: number, mode: Padding['mode']): number => {
  const modulo = (n: number) => ((i % n) + n) % n
  if (mode === 'edge') return Math.min(Math.max(i, 0), size - 1)
  if (mode === 'wrap') return modulo(size)
  if (mode === 'symmetric')
    return modulo(2 * size) < size ? modulo(2 * size) : 2 * size - 1 - modulo(2 * size)
  if (size === 1) return 0
  const at = modulo(2 * size - 2)
  return at < size ? at : 2 * size - 2 - at
}

/**
 * x with `widths[axis] = [before, after]` more entries along each axis.
 * @example
 * ```ts
 * import { pad, tensor } from '@rootstock/core'
 * console.log(pad(tensor([1, 2, 3]), [[1, 1]]).toArray()) // [ 0, 1, 2, 3, 0 ]
 * console.log(pad(tensor([1, 2, 3]), [[1, 1]], { mode: 'reflect' }).toArray()) // [ 2, 1, 2, 3, 2 ]
 * ```
 */
export const pad = (
  x: Operand,
  widths: readonly (readonly [before: number, after: number])[],
  { mode = 'constant', value = 0 }: Padding = {},
): Tensor => {
  const y = single('pad', x, 'any')
  const ok = widths.flat().every((width) => Number.isInteger(width) && width >= 0)
  const nothing =
    mode !== 'constant' &&
    y.shape.some(
      (size, axis) => size === 0 && (widths[axis]?.[0] ?? 0) + (widths[axis]?.[1] ?? 0) > 0,
    )
  if (!ok || widths.length !== y.rank || nothing) {
    throw new ArgumentError({
      operation: 'pad',
      inputs: { x: y, widths, mode },
      rule: nothing
        ? `mode ${mode} needs elements to continue, and an axis of x is empty`
        : 'widths must be one pair of whole numbers of at least 0 for each axis of x',
    })
  }
  if (mode === 'constant') {
    return primitive.pad(y, {
      shape: y.shape.map((size, axis) => size + widths[axis]![0] + widths[axis]![1]),
      start: widths.map(([before]) => before),
      step: widths.map(() => 1),
      fill: value,
    })
  }
  return widths.reduce((padded, [before, after], axis) => {
    const size = y.shape[axis]!
    if (before + after === 0) return padded
    const from = Int32Array.from({ length: size + before + after }, (_, i) =>
      continued(i - before, size, mode),
    )
    return take(padded, tensor(from), { axis })
  }, y)
}

const parts = (operation: string, xs: readonly Operand[]): Tensor[] => {
  const tensors = xs.map((x, i) => single(operation, x, 'any', `part ${i}`))
  if (tensors.length === 0) {
    throw new ArgumentError({ operation, rule: 'there must be at least one part' })
  }
  const dtype = tensors.map((x) => x.dtype).reduce(promote)
  return tensors.map((x) => convert(x, { dtype }))
}

const named = (tensors: readonly Tensor[]) =>
  Object.fromEntries(tensors.map((x, i) => [`part ${i}`, x]))

/**
 * Tensors one after another along an axis, the first by default; their other axes must agree.
 * @example
 * ```ts
 * import { concatenate, tensor } from '@rootstock/core'
 * console.log(concatenate([tensor([1, 2]), tensor([3])]).toArray()) // [ 1, 2, 3 ]
 * ```
 */
export const concatenate = (
  xs: readonly Operand[],
  { axis = 0 }: { readonly axis?: number } = {},
): Tensor => {
  const tensors = parts('concatenate', xs)
  const first = tensors[0]!
  const at = axisOf('concatenate', first, axis)
  const fits = (x: Tensor) =>
    x.rank === first.rank && x.shape.every((size, i) => i === at || size === first.shape[i])
  if (!tensors.every(fits)) {
    throw new ShapeError({
      operation: 'concatenate',
      inputs: named(tensors),
      rule: `the parts must agree in every axis but ${at}`,
    })
  }
  return primitive.concatenate(tensors, { axis: at })
}

/**
 * Tensors of one shape along a new axis, the first by default.
 * @example
 * ```ts
 * import { stack, tensor } from '@rootstock/core'
 * console.log(stack([tensor([1, 2]), tensor([3, 4])], { axis: 1 }).toArray()) // [ [ 1, 3 ], [ 2, 4 ] ]
 * ```
 */
export const stack = (
  xs: readonly Operand[],
  { axis = 0 }: { readonly axis?: number } = {},
): Tensor => {
  const tensors = parts('stack', xs)
  const first = tensors[0]!
  const at = axisOf('stack', first, axis, first.rank + 1)
  if (!tensors.every((x) => equalShapes(x.shape, first.shape))) {
    throw new ShapeError({
      operation: 'stack',
      inputs: named(tensors),
      rule: 'the parts must have the same shape',
    })
  }
  const shape = first.shape.toSpliced(at, 0, 1)
  return primitive.concatenate(
    tensors.map((x) => primitive.reshape(x, { shape })),
    { axis: at },
  )
}

/** How `split` cuts: into `sections` equal parts, or parts of the given sizes. */
export type Cut =
  | { readonly sections: number; readonly axis?: number }
  | { readonly sizes: readonly number[]; readonly axis?: number }

/**
 * Consecutive parts of x along an axis, the first by default.
 * @example
 * ```ts
 * import { arange, split } from '@rootstock/core'
 * console.log(split(arange(4), { sizes: [1, 3] }).map((part) => part.toArray())) // [ [ 0 ], [ 1, 2, 3 ] ]
 * ```
 */
export const split = (x: Operand, cut: Cut): Tensor[] => {
  const y = single('split', x, 'any')
  const at = axisOf('split', y, cut.axis ?? 0)
  const size = y.shape[at]!
  const sizes = 'sizes' in cut ? cut.sizes : range(cut.sections).map(() => size / cut.sections)
  const whole = sizes.every((part) => Number.isInteger(part) && part >= 0)
  if (!whole || sizes.reduce((a, b) => a + b, 0) !== size) {
    throw new ShapeError({
      operation: 'split',
      inputs: { x: y, ...('sizes' in cut ? { sizes } : { sections: cut.sections }), axis: at },
      rule: `the parts must be whole numbers that add up to ${size}`,
    })
  }
  let from = 0
  return sizes.map((length) => {
    const start = y.shape.map((_, i) => (i === at ? from : 0))
    from += length
    return primitive.slice(y, { start, shape: y.shape.with(at, length), step: start.map(() => 1) })
  })
}
