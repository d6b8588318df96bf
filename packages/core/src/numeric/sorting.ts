/** Order along an axis, and search in what is ordered. All sorting is stable and puts NaN last. */
import { ArgumentError, ShapeError } from '../errors.ts'
import { fullOf, zerosOf } from '../primitives/broadcast.ts'
import { add, convert, minimum, neg, sub } from '../primitives/elementwise.ts'
import { gather } from '../primitives/index.ts'
import { bitwise, compare, select } from '../primitives/logic.ts'
import { slice, transpose } from '../primitives/movement.ts'
import * as primitive from '../primitives/sort.ts'
import { range } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { axisOf, type Operand, pair, single } from './operand.ts'

/** The axis to sort along (the last by default) and the direction. */
export interface Ordering {
  readonly axis?: number
  /** Largest first; elements that tie keep their order in both directions. */
  readonly descending?: boolean
}

const swapLast = (x: Tensor, axis: number): Tensor =>
  transpose(x, {
    permutation: range(x.rank)
      .with(axis, x.rank - 1)
      .with(x.rank - 1, axis),
  })

/** Order reversed element by element, without leaving int32: -1 - x is its bitwise complement. */
const mirrored = (x: Tensor): Tensor => (x.dtype === 'int32' ? sub(fullOf(x, -1), x) : neg(x))

const ordered = (operation: string, x: Operand, { axis = -1, descending = false }: Ordering) => {
  const given = single(operation, x, 'number')
  const at = axisOf(operation, given, axis)
  const last = swapLast(given, at)
  const [values, indices] = primitive.sort(descending ? mirrored(last) : last)
  return {
    given,
    at,
    values: swapLast(descending ? mirrored(values) : values, at),
    indices: swapLast(indices, at),
  }
}

/**
 * x in increasing order along an axis (the last by default). Its gradient goes to where each element came from.
 * @example
 * ```ts
 * import { sort, tensor } from '@rootstock/core'
 * console.log(sort(tensor([3, 1, 2])).toArray()) // [ 1, 2, 3 ]
 * ```
 */
export const sort = (x: Operand, options: Ordering = {}): Tensor =>
  ordered('sort', x, options).values

/**
 * Positions that sort x along an axis (the last by default), int32.
 * @example
 * ```ts
 * import { argSort, tensor } from '@rootstock/core'
 * console.log(argSort(tensor([3, 1, 2])).toArray()) // [ 1, 2, 0 ]
 * ```
 */
export const argSort = (x: Operand, options: Ordering = {}): Tensor =>
  ordered('argSort', x, options).indices

/**
 * The `count` largest (or smallest) elements along an axis, best first, and their positions.
 * @example
 * ```ts
 * import { tensor, topK } from '@rootstock/core'
 * const [values, indices] = topK(tensor([3, 1, 2]), 2)
 * console.log(values.toArray(), indices.toArray()) // [ 3, 2 ] [ 0, 2 ]
 * ```
 */
export const topK = (
  x: Operand,
  count: number,
  { axis = -1, largest = true }: { readonly axis?: number; readonly largest?: boolean } = {},
): readonly [values: Tensor, indices: Tensor] => {
  const { given, at, values, indices } = ordered('topK', x, { axis, descending: largest })
  if (!Number.isInteger(count) || count < 0 || count > given.shape[at]!) {
    throw new ArgumentError({
      operation: 'topK',
      inputs: { x: given, count, axis },
      rule: `count must be a whole number between 0 and ${given.shape[at]!}`,
    })
  }
  const box = {
    start: given.shape.map(() => 0),
    shape: given.shape.with(at, count),
    step: given.shape.map(() => 1),
  }
  return [slice(values, box), slice(indices, box)]
}

/**
 * Where each value would be inserted into an increasing vector, int32: the first i with sorted[i] >= value (side left) or
 * > value (side right). A binary search: log2(n) look-ups per value.
 * @example
 * ```ts
 * import { searchSorted, tensor } from '@rootstock/core'
 * console.log(searchSorted(tensor([1, 3, 3, 5]), tensor([3, 9])).toArray()) // [ 1, 4 ]
 * ```
 */
export const searchSorted = (
  sorted: Operand,
  values: Operand,
  { side = 'left' }: { readonly side?: 'left' | 'right' } = {},
): Tensor => {
  const table = single('searchSorted', sorted, 'number', 'sorted')
  if (table.rank !== 1) {
    throw new ShapeError({
      operation: 'searchSorted',
      inputs: { sorted: table },
      rule: 'sorted must have one axis',
    })
  }
  const n = table.shape[0]!
  const [, wanted] = pair(
    'searchSorted',
    fullOf({ shape: [], dtype: table.dtype }, 0),
    values,
    'number',
  )
  const entries = convert(table, { dtype: wanted.dtype })
  let position = zerosOf({ shape: wanted.shape, dtype: 'int32' })
  const last = fullOf(position, n - 1)
  for (let step = 2 ** Math.floor(Math.log2(Math.max(1, n))); step >= 1 && n > 0; step /= 2) {
    const next = add(position, fullOf(position, step))
    const inside = compare(next, fullOf(position, n), { op: 'le' })
    const entry = gather(entries, minimum(sub(next, fullOf(next, 1)), last))
    const before =
      side === 'left' ? compare(entry, wanted, { op: 'lt' }) : compare(entry, wanted, { op: 'le' })
    position = select(bitwise(inside, before, { op: 'and' }), next, position)
  }
  return position
}
