/** Functions that arrange elements. They compute nothing: most become addresses of the loop that reads them. */
import { ArgumentError, ShapeError } from '../errors.ts'
import { zerosOf } from '../primitives/broadcast.ts'
import { select } from '../primitives/logic.ts'
import * as primitive from '../primitives/movement.ts'
import { broadcastShapes, equalShapes, range, type Shape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { band } from './creation.ts'
import {
  axesOf,
  axisOf,
  expectCount,
  expectMatrix,
  expectShape,
  type Operand,
  single,
  stretch,
} from './operand.ts'

const given = (operation: string, x: Operand): Tensor => single(operation, x, 'any')

const resolveShape = (x: Tensor, shape: Shape): Shape => {
  const open = shape.indexOf(-1)
  const known = sizeOf(shape.filter((_, i) => i !== open))
  const resolved = open < 0 ? shape : shape.with(open, known === 0 ? 0 : x.size / known)
  if (
    resolved.every((size) => Number.isInteger(size) && size >= 0) &&
    sizeOf(resolved) === x.size
  ) {
    return resolved
  }
  throw new ShapeError({
    operation: 'reshape',
    inputs: { x, shape },
    rule: `shape must be whole numbers whose product is the size of x, ${x.size}; one may be -1 for what is left`,
  })
}

/**
 * The same elements in row-major order under another shape; one entry may be -1 and is computed.
 * @example
 * ```ts
 * import { arange, reshape } from '@rootstock/core'
 * console.log(reshape(arange(4), [2, -1]).toArray()) // [ [ 0, 1 ], [ 2, 3 ] ]
 * ```
 */
export const reshape = (x: Operand, shape: Shape): Tensor => {
  const y = given('reshape', x)
  return primitive.reshape(y, { shape: resolveShape(y, shape) })
}

/**
 * Axes reordered: axis i of the result is axis `axes[i]` of x; reversed by default.
 * @example
 * ```ts
 * import { tensor, transpose } from '@rootstock/core'
 * console.log(transpose(tensor([[1, 2], [3, 4]])).toArray()) // [ [ 1, 3 ], [ 2, 4 ] ]
 * ```
 */
export const transpose = (x: Operand, axes?: readonly number[]): Tensor => {
  const y = given('transpose', x)
  if (axes === undefined) return primitive.transpose(y, { permutation: range(y.rank).reverse() })
  if (axesOf('transpose', y, axes).length !== y.rank) {
    throw new ArgumentError({
      operation: 'transpose',
      inputs: { x: y, axes },
      rule: 'axes must name every axis of x exactly once',
    })
  }
  return primitive.transpose(y, { permutation: axes.map((axis) => axisOf('transpose', y, axis)) })
}

/**
 * One axis taken out and put in at another position; the others keep their order.
 * @example
 * ```ts
 * import { moveAxis, zeros } from '@rootstock/core'
 * console.log(moveAxis(zeros([2, 3, 4]), 0, -1).shape) // [ 3, 4, 2 ]
 * ```
 */
export const moveAxis = (x: Operand, from: number, to: number): Tensor => {
  const y = given('moveAxis', x)
  const source = axisOf('moveAxis', y, from)
  const others = range(y.rank).filter((axis) => axis !== source)
  return primitive.transpose(y, {
    permutation: others.toSpliced(axisOf('moveAxis', y, to), 0, source),
  })
}

/**
 * Two axes exchanged.
 * @example
 * ```ts
 * import { swapAxes, zeros } from '@rootstock/core'
 * console.log(swapAxes(zeros([2, 3, 4]), 0, -1).shape) // [ 4, 3, 2 ]
 * ```
 */
export const swapAxes = (x: Operand, first: number, second: number): Tensor => {
  const y = given('swapAxes', x)
  const [a, b] = [axisOf('swapAxes', y, first), axisOf('swapAxes', y, second)]
  return primitive.transpose(y, { permutation: range(y.rank).with(a, b).with(b, a) })
}

/**
 * A new axis of size 1 at a position of the result.
 * @example
 * ```ts
 * import { expandDims, zeros } from '@rootstock/core'
 * console.log(expandDims(zeros([2, 3]), -1).shape) // [ 2, 3, 1 ]
 * ```
 */
export const expandDims = (x: Operand, axis: number): Tensor => {
  const y = given('expandDims', x)
  const at = axisOf('expandDims', y, axis, y.rank + 1)
  return primitive.reshape(y, { shape: y.shape.toSpliced(at, 0, 1) })
}

/**
 * Without the named axes, which must have size 1; without all axes of size 1 by default.
 * @example
 * ```ts
 * import { squeeze, zeros } from '@rootstock/core'
 * console.log(squeeze(zeros([1, 3, 1])).shape) // [ 3 ]
 * ```
 */
export const squeeze = (x: Operand, axis?: number | readonly number[]): Tensor => {
  const y = given('squeeze', x)
  const axes =
    axis === undefined
      ? range(y.rank).filter((at) => y.shape[at] === 1)
      : axesOf('squeeze', y, axis)
  if (axes.some((at) => y.shape[at] !== 1)) {
    throw new ShapeError({
      operation: 'squeeze',
      inputs: { x: y, axis },
      rule: 'only axes of size 1 can be left out',
    })
  }
  return primitive.reshape(y, { shape: y.shape.filter((_, at) => !axes.includes(at)) })
}

/**
 * x repeated to a shape after the broadcasting rule: axes aligned at the end, size 1 stretches.
 * @example
 * ```ts
 * import { broadcastTo, tensor } from '@rootstock/core'
 * console.log(broadcastTo(tensor([1, 2]), [2, 2]).toArray()) // [ [ 1, 2 ], [ 1, 2 ] ]
 * ```
 */
export const broadcastTo = (x: Operand, shape: Shape): Tensor => {
  const y = given('broadcastTo', x)
  expectShape('broadcastTo', shape)
  const common = broadcastShapes(y.shape, shape)
  if (common !== null && equalShapes(common, shape)) return stretch(y, shape)
  throw new ShapeError({
    operation: 'broadcastTo',
    inputs: { x: y, shape },
    rule: 'each axis of x must be 1 or equal to that of shape, counted from the last axis',
  })
}

/**
 * The order along the named axes reversed; all axes by default.
 * @example
 * ```ts
 * import { flip, tensor } from '@rootstock/core'
 * console.log(flip(tensor([1, 2, 3])).toArray()) // [ 3, 2, 1 ]
 * ```
 */
export const flip = (x: Operand, axis?: number | readonly number[]): Tensor => {
  const y = given('flip', x)
  const axes = axesOf('flip', y, axis).filter((at) => y.shape[at]! > 1)
  return primitive.slice(y, {
    start: y.shape.map((size, at) => (axes.includes(at) ? size - 1 : 0)),
    shape: y.shape,
    step: y.shape.map((_, at) => (axes.includes(at) ? -1 : 1)),
  })
}

/**
 * Elements moved cyclically along an axis: y[i] = x[i - shift].
 * @example
 * ```ts
 * import { roll, tensor } from '@rootstock/core'
 * console.log(roll(tensor([1, 2, 3]), 1).toArray()) // [ 3, 1, 2 ]
 * ```
 */
export const roll = (
  x: Operand,
  shift: number,
  { axis = 0 }: { readonly axis?: number } = {},
): Tensor => {
  const y = given('roll', x)
  const at = axisOf('roll', y, axis)
  const size = y.shape[at]!
  const cut = size === 0 ? 0 : ((-shift % size) + size) % size
  if (cut === 0) return y
  const part = (from: number, to: number) =>
    primitive.slice(y, {
      start: y.shape.map((_, i) => (i === at ? from : 0)),
      shape: y.shape.with(at, to - from),
      step: y.shape.map(() => 1),
    })
  return primitive.concatenate([part(cut, size), part(0, cut)], { axis: at })
}

/**
 * x repeated whole, `repeats[i]` times along axis i; a number repeats along the last axis.
 * @example
 * ```ts
 * import { tensor, tile } from '@rootstock/core'
 * console.log(tile(tensor([1, 2]), [2]).toArray()) // [ 1, 2, 1, 2 ]
 * ```
 */
export const tile = (x: Operand, repeats: number | readonly number[]): Tensor => {
  const counts = typeof repeats === 'number' ? [repeats] : repeats
  for (const count of counts) expectCount('tile', 'repeats', count)
  const y = given('tile', x)
  const rank = Math.max(y.rank, counts.length)
  const shape = [...range(rank - y.rank).map(() => 1), ...y.shape]
  const times = [...range(rank - counts.length).map(() => 1), ...counts]
  // each axis becomes (repeat, position): a stretch, then one reshape
  const apart = primitive.reshape(y, { shape: shape.flatMap((size) => [1, size]) })
  const stretched = stretch(
    apart,
    shape.flatMap((size, axis) => [times[axis]!, size]),
  )
  return primitive.reshape(stretched, { shape: shape.map((size, axis) => size * times[axis]!) })
}

/**
 * Every entry repeated `count` times in place along an axis.
 * @example
 * ```ts
 * import { repeat, tensor } from '@rootstock/core'
 * console.log(repeat(tensor([1, 2]), 2).toArray()) // [ 1, 1, 2, 2 ]
 * ```
 */
export const repeat = (
  x: Operand,
  count: number,
  { axis = 0 }: { readonly axis?: number } = {},
): Tensor => {
  expectCount('repeat', 'count', count)
  const y = given('repeat', x)
  const at = axisOf('repeat', y, axis)
  const apart = primitive.reshape(y, { shape: y.shape.toSpliced(at + 1, 0, 1) })
  const stretched = stretch(apart, apart.shape.with(at + 1, count))
  return primitive.reshape(stretched, { shape: y.shape.with(at, y.shape[at]! * count) })
}

const triangle = (operation: string, x: Operand, offset: number, upper: boolean): Tensor => {
  const y = given(operation, x)
  expectMatrix(operation, 'x', y)
  const [rows, columns] = y.shape.slice(-2)
  const inside = stretch(band(rows!, columns!, upper ? offset - 1 : offset, 'le'), y.shape)
  return upper ? select(inside, zerosOf(y), y) : select(inside, y, zerosOf(y))
}

/**
 * The lower triangle of the last two axes: zero above diagonal `offset`.
 * @example
 * ```ts
 * import { ones, tril } from '@rootstock/core'
 * console.log(tril(ones([2, 2])).toArray()) // [ [ 1, 0 ], [ 1, 1 ] ]
 * ```
 */
export const tril = (x: Operand, offset = 0): Tensor => triangle('tril', x, offset, false)

/**
 * The upper triangle of the last two axes: zero below diagonal `offset`.
 * @example
 * ```ts
 * import { ones, triu } from '@rootstock/core'
 * console.log(triu(ones([2, 2])).toArray()) // [ [ 1, 1 ], [ 0, 1 ] ]
 * ```
 */
export const triu = (x: Operand, offset = 0): Tensor => triangle('triu', x, offset, true)
