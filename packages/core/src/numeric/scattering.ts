/** Reading and writing at positions of several axes, overwriting, and sums by segment. */
import { ShapeError } from '../errors.ts'
import { fullOf, zerosOf } from '../primitives/broadcast.ts'
import { add, maximum, minimum, mul } from '../primitives/elementwise.ts'
import * as primitive from '../primitives/index.ts'
import { compare, select } from '../primitives/logic.ts'
import { reshape, slice } from '../primitives/movement.ts'
import { sizeOf, stridesOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { type AlongAxis, positions, scatterAdd, scatterAddAlongAxis } from './indexing.ts'
import { axisOf, expectCount, type Operand, single } from './operand.ts'

/** Column `axis` of the last axis of positions, clamped to the axis it counts. */
const coordinate = (where: Tensor, axis: number, size: number): Tensor => {
  const outer = where.shape.slice(0, -1)
  const column = slice(where, {
    start: [...outer.map(() => 0), axis],
    shape: [...outer, 1],
    step: where.shape.map(() => 1),
  })
  const given = reshape(column, { shape: outer })
  return minimum(maximum(given, zerosOf(given)), fullOf(given, Math.max(0, size - 1)))
}

/**
 * Entries of x by their positions along its first axes: the last axis of `indices`, of length k, holds one position for each
 * of the first k axes of x. Shape: `[...indices without its last axis, ...x without its first k axes]`.
 * @example
 * ```ts
 * import { gatherNd, tensor } from '@rootstock/core'
 * const cells = tensor([[0, 1], [1, 0]], { dtype: 'int32' })
 * console.log(gatherNd(tensor([[1, 2], [3, 4]]), cells).toArray()) // [ 2, 3 ]
 * ```
 */
export const gatherNd = (x: Operand, indices: Operand): Tensor => {
  const table = single('gatherNd', x, 'any')
  const where = positions('gatherNd', indices)
  const depth = where.shape.at(-1) ?? 0
  if (where.rank === 0 || depth > table.rank) {
    throw new ShapeError({
      operation: 'gatherNd',
      inputs: { x: table, indices: where },
      rule: 'the last axis of indices must hold at most one position for each axis of x',
    })
  }
  const counted = table.shape.slice(0, depth)
  const strides = stridesOf(counted)
  const flat = counted.reduce(
    (sum, size, axis) => {
      const place = coordinate(where, axis, size)
      return add(sum, mul(place, fullOf(place, strides[axis]!)))
    },
    zerosOf({ shape: where.shape.slice(0, -1), dtype: 'int32' }),
  )
  const rows = reshape(table, { shape: [sizeOf(counted), ...table.shape.slice(depth)] })
  return primitive.gather(rows, flat)
}

/**
 * x with the entries at the positions along `axis` that `indices` names replaced by `updates`, which has the shape of
 * `indices`. Positions must not repeat: updates of one place would add up. No gradient reaches the entries replaced.
 * @example
 * ```ts
 * import { replaceAlongAxis, tensor } from '@rootstock/core'
 * const where = tensor([[2, 0]], { dtype: 'int32' })
 * console.log(replaceAlongAxis(tensor([[1, 2, 3]]), where, tensor([[7, 8]])).toArray()) // [ [ 8, 2, 7 ] ]
 * ```
 */
export const replaceAlongAxis = (
  x: Operand,
  indices: Operand,
  updates: Operand,
  { axis = -1 }: AlongAxis = {},
): Tensor => {
  const given = single('replaceAlongAxis', x, 'number')
  const where = positions('replaceAlongAxis', indices)
  const at = axisOf('replaceAlongAxis', given, axis)
  const counts = scatterAddAlongAxis(
    zerosOf({ shape: given.shape, dtype: 'int32' }),
    where,
    fullOf(where, 1),
    { axis: at },
  )
  const isKept = compare(counts, zerosOf(counts), { op: 'eq' })
  const kept = select(isKept, given, zerosOf(given))
  return scatterAddAlongAxis(kept, where, updates, { axis: at })
}

/**
 * Sums of the rows of x by segment: row s of the result is the sum of the rows i with `segments[i] = s`, 0 where there is
 * none. `segments` is int32 with one entry per row.
 * @example
 * ```ts
 * import { segmentSum, tensor } from '@rootstock/core'
 * const segments = tensor([0, 2, 0], { dtype: 'int32' })
 * console.log(segmentSum(tensor([1, 2, 3]), segments, { count: 3 }).toArray()) // [ 4, 0, 2 ]
 * ```
 */
export const segmentSum = (
  x: Operand,
  segments: Operand,
  { count }: { readonly count: number },
): Tensor => {
  const rows = single('segmentSum', x, 'number')
  const where = positions('segmentSum', segments)
  expectCount('segmentSum', 'count', count)
  if (rows.rank === 0 || where.rank !== 1 || where.shape[0] !== rows.shape[0]) {
    throw new ShapeError({
      operation: 'segmentSum',
      inputs: { x: rows, segments: where },
      rule: 'segments must have one entry for each row of x',
    })
  }
  return scatterAdd(
    zerosOf({ shape: [count, ...rows.shape.slice(1)], dtype: rows.dtype }),
    where,
    rows,
  )
}
