/** Choosing elements by position, and putting them back. Positions outside an axis are clamped to its ends. */

import type { DType } from '../dtype.ts'
import { DTypeError, ShapeError } from '../errors.ts'
import { broadcast, fullOf, zerosOf } from '../primitives/broadcast.ts'
import { add, convert, maximum, minimum, mul } from '../primitives/elementwise.ts'
import * as primitive from '../primitives/index.ts'
import { compare, select } from '../primitives/logic.ts'
import { iota, reshape, transpose } from '../primitives/movement.ts'
import { broadcastShapes, equalShapes, range, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { axisOf, expectCount, expectElements, type Operand, single, stretch } from './operand.ts'

/** The axis that positions count along. */
export interface AlongAxis {
  readonly axis?: number
}

/** Positions as a tensor; a number is one position. */
export const positions = (operation: string, indices: Operand): Tensor => {
  const found =
    typeof indices === 'number' && Number.isInteger(indices)
      ? fullOf({ shape: [], dtype: 'int32' }, indices)
      : single(operation, indices, 'any', 'indices')
  if (found.dtype === 'int32') return found
  throw new DTypeError({
    operation,
    inputs: { indices: found },
    rule: `indices must be int32, not ${found.dtype}`,
    hint: "cast(indices, 'int32') truncates toward zero",
  })
}

/** `axis` moved to position `to`; the others keep their order. */
const move = (x: Tensor, axis: number, to: number): Tensor => {
  const others = range(x.rank).filter((at) => at !== axis)
  return transpose(x, { permutation: others.toSpliced(to, 0, axis) })
}

/**
 * Entries of x at positions along an axis: that axis is replaced by the axes of `indices`. Its gradient adds up where a
 * position repeats.
 * @example
 * ```ts
 * import { take, tensor } from '@rootstock/core'
 * console.log(take(tensor([10, 20, 30]), tensor([2, 0], { dtype: 'int32' })).toArray()) // [ 30, 10 ]
 * ```
 */
export const take = (x: Operand, indices: Operand, { axis = 0 }: AlongAxis = {}): Tensor => {
  const table = single('take', x, 'any')
  const at = axisOf('take', table, axis)
  const where = positions('take', indices)
  if (where.size > 0) expectElements('take', table, [at])
  const rows = primitive.gather(move(table, at, 0), where)
  if (at === 0) return rows
  // the axes of indices come first: bring the axes before the taken one in front of them
  const before = range(at).map((i) => where.rank + i)
  const rest = range(rows.rank).slice(where.rank + at)
  return transpose(rows, { permutation: [...before, ...range(where.rank), ...rest] })
}

/**
 * x with `updates` added at positions along an axis: the adjoint of `take`. Positions that repeat add up.
 * @example
 * ```ts
 * import { scatterAdd, tensor, zeros } from '@rootstock/core'
 * const where = tensor([0, 2, 0], { dtype: 'int32' })
 * console.log(scatterAdd(zeros([3]), where, tensor([1, 2, 3])).toArray()) // [ 4, 0, 2 ]
 * ```
 */
export const scatterAdd = (
  x: Operand,
  indices: Operand,
  updates: Operand,
  { axis = 0 }: AlongAxis = {},
): Tensor => {
  const table = single('scatterAdd', x, 'number')
  const at = axisOf('scatterAdd', table, axis)
  const where = positions('scatterAdd', indices)
  const given = convert(single('scatterAdd', updates, 'number', 'updates'), { dtype: table.dtype })
  const shape = table.shape.toSpliced(at, 1, ...where.shape)
  if (broadcastShapes(given.shape, shape)?.length !== shape.length || given.rank > shape.length) {
    throw new ShapeError({
      operation: 'scatterAdd',
      inputs: { x: table, indices: where, updates: given },
      rule: `updates must broadcast to [${shape.join(', ')}]: x with the axes of indices in place of axis ${at}`,
    })
  }
  const full = stretch(given, shape)
  const added = range(where.rank).map((i) => at + i)
  const others = range(shape.length).filter((i) => !added.includes(i))
  const rows = transpose(full, { permutation: [...added, ...others] })
  return move(primitive.scatterAdd(move(table, at, 0), where, rows), 0, at)
}

interface Flat {
  /** Position in the flattened table of every index. */
  readonly where: Tensor
  /** x with the axis last, broadcast with indices in the others, as one axis. */
  readonly table: Tensor
}

/** Positions along the last axis of x, counted through all of its elements instead. */
const flatten = (x: Tensor, indices: Tensor): Flat => {
  const batch = x.shape.slice(0, -1)
  const size = x.shape.at(-1)!
  const clamped = minimum(
    maximum(indices, zerosOf(indices)),
    fullOf(indices, Math.max(0, size - 1)),
  )
  const counts = iota({ length: sizeOf(batch) })
  const first = reshape(mul(counts, fullOf(counts, size)), { shape: batch })
  const where = add(clamped, broadcast(first, { shape: indices.shape, axes: range(batch.length) }))
  return { where, table: reshape(x, { shape: [x.size] }) }
}

/** Both with the axis last and, off it, one broadcast shape. */
const alignAlong = (operation: string, x: Tensor, indices: Tensor, axis: number) => {
  const [a, b] = [
    move(x, axis, x.rank - 1),
    indices.rank === x.rank ? move(indices, axis, x.rank - 1) : indices,
  ]
  const batch = broadcastShapes(a.shape.slice(0, -1), b.shape.slice(0, -1))
  if (batch === null || x.rank !== indices.rank) {
    throw new ShapeError({
      operation,
      inputs: { x, indices },
      rule: `x and indices must have as many axes, and broadcast in all but axis ${axis}`,
    })
  }
  return [stretch(a, [...batch, a.shape.at(-1)!]), stretch(b, [...batch, b.shape.at(-1)!])] as const
}

/**
 * For every place of `indices`, the entry of x whose position along `axis` it names (numpy.take_along_axis); the other
 * axes broadcast.
 * @example
 * ```ts
 * import { takeAlongAxis, tensor } from '@rootstock/core'
 * const best = tensor([[1], [0]], { dtype: 'int32' })
 * console.log(takeAlongAxis(tensor([[1, 2], [3, 4]]), best, { axis: 1 }).toArray()) // [ [ 2 ], [ 3 ] ]
 * ```
 */
export const takeAlongAxis = (
  x: Operand,
  indices: Operand,
  { axis = -1 }: AlongAxis = {},
): Tensor => {
  const given = single('takeAlongAxis', x, 'any')
  const at = axisOf('takeAlongAxis', given, axis)
  const [a, b] = alignAlong('takeAlongAxis', given, positions('takeAlongAxis', indices), at)
  if (b.size > 0) expectElements('takeAlongAxis', given, [at])
  const { where, table } = flatten(a, b)
  return move(primitive.gather(table, where), given.rank - 1, at)
}

/**
 * x with `updates` added at the positions along `axis` that `indices` names: the adjoint of `takeAlongAxis`. The shape of
 * updates is that of indices; positions that repeat add up.
 * @example
 * ```ts
 * import { scatterAddAlongAxis, tensor, zeros } from '@rootstock/core'
 * const where = tensor([[1, 1]], { dtype: 'int32' })
 * console.log(scatterAddAlongAxis(zeros([1, 3]), where, tensor([[2, 3]])).toArray()) // [ [ 0, 5, 0 ] ]
 * ```
 */
export const scatterAddAlongAxis = (
  x: Operand,
  indices: Operand,
  updates: Operand,
  { axis = -1 }: AlongAxis = {},
): Tensor => {
  const given = single('scatterAddAlongAxis', x, 'number')
  const at = axisOf('scatterAddAlongAxis', given, axis)
  const where = positions('scatterAddAlongAxis', indices)
  const added = convert(single('scatterAddAlongAxis', updates, 'number', 'updates'), {
    dtype: given.dtype,
  })
  if (!equalShapes(where.shape, added.shape)) {
    throw new ShapeError({
      operation: 'scatterAddAlongAxis',
      inputs: { x: given, indices: where, updates: added },
      rule: 'indices and updates must have the same shape',
    })
  }
  const [a, b] = alignAlong('scatterAddAlongAxis', given, where, at)
  const rows = stretch(move(added, at, given.rank - 1), b.shape)
  const flat = flatten(a, b)
  const sum = primitive.scatterAdd(flat.table, flat.where, rows)
  return move(reshape(sum, { shape: a.shape }), given.rank - 1, at)
}

/**
 * For every index a row of `classes` entries, 1 at the index and 0 elsewhere; all 0 for an index out of range.
 * @example
 * ```ts
 * import { oneHot, tensor } from '@rootstock/core'
 * console.log(oneHot(tensor([1, 0], { dtype: 'int32' }), { classes: 2 }).toArray()) // [ [ 0, 1 ], [ 1, 0 ] ]
 * ```
 */
export const oneHot = (
  indices: Operand,
  { classes, dtype = 'float32' }: { readonly classes: number; readonly dtype?: DType },
): Tensor => {
  const given = positions('oneHot', indices)
  expectCount('oneHot', 'classes', classes)
  const shape = [...given.shape, classes]
  const each = broadcast(given, { shape, axes: range(given.rank) })
  const hot = compare(each, stretch(iota({ length: classes }), shape), { op: 'eq' })
  return convert(hot, { dtype })
}

/**
 * How often each of 0 .. length-1 occurs, int32; other values are not counted.
 * @example
 * ```ts
 * import { binCount, tensor } from '@rootstock/core'
 * console.log(binCount(tensor([1, 1, 3], { dtype: 'int32' }), { length: 4 }).toArray()) // [ 0, 2, 0, 1 ]
 * ```
 */
export const binCount = (indices: Operand, { length }: { readonly length: number }): Tensor => {
  const given = positions('binCount', indices)
  expectCount('binCount', 'length', length)
  const flat = reshape(given, { shape: [given.size] })
  const inside = select(
    compare(flat, zerosOf(flat), { op: 'lt' }),
    zerosOf({ shape: flat.shape, dtype: 'bool' }),
    compare(flat, fullOf(flat, length), { op: 'lt' }),
  )
  const empty = zerosOf({ shape: [length], dtype: 'int32' })
  return primitive.scatterAdd(empty, flat, convert(inside, { dtype: 'int32' }))
}
