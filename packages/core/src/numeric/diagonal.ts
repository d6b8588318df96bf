/** Diagonals of matrices. */
import { ShapeError } from '../errors.ts'
import { zerosOf } from '../primitives/broadcast.ts'
import { select } from '../primitives/logic.ts'
import { pad, reshape, slice } from '../primitives/movement.ts'
import type { Tensor } from '../tensor.ts'
import { band } from './creation.ts'
import { expectMatrix, type Operand, single, stretch } from './operand.ts'

/** The diagonal, on behalf of an operation. */
export const diagonalFor = (operation: string, x: Operand, offset = 0): Tensor => {
  const y = single(operation, x, 'any')
  expectMatrix(operation, 'x', y)
  const batch = y.shape.slice(0, -2)
  const [rows, columns] = y.shape.slice(-2) as [number, number]
  const [top, left] = [Math.max(0, -offset), Math.max(0, offset)]
  const length = Math.max(0, Math.min(rows - top, columns - left))
  // as one row after another, a diagonal is every (columns + 1)-th element
  const flat = reshape(y, { shape: [...batch, rows * columns] })
  return slice(flat, {
    start: [...batch.map(() => 0), length === 0 ? 0 : top * columns + left],
    shape: [...batch, length],
    step: [...batch.map(() => 1), columns + 1],
  })
}

/**
 * Diagonal `offset` of the last two axes (positive: above the main one): [..., m, n] gives [..., k].
 * @example
 * ```ts
 * import { diagonal, tensor } from '@rootstock/core'
 * console.log(diagonal(tensor([[1, 2], [3, 4]])).toArray()) // [ 1, 4 ]
 * ```
 */
export const diagonal = (x: Operand, offset = 0): Tensor => diagonalFor('diagonal', x, offset)

/**
 * Square matrix with a vector on diagonal `offset` and 0 elsewhere; leading axes are kept.
 * @example
 * ```ts
 * import { diag, tensor } from '@rootstock/core'
 * console.log(diag(tensor([1, 2])).toArray()) // [ [ 1, 0 ], [ 0, 2 ] ]
 * ```
 */
export const diag = (x: Operand, offset = 0): Tensor => {
  const y = single('diag', x, 'any')
  if (y.rank < 1) {
    throw new ShapeError({ operation: 'diag', inputs: { x: y }, rule: 'x must have an axis' })
  }
  const n = y.shape.at(-1)!
  const size = n + Math.abs(offset)
  const batch = y.shape.slice(0, -1)
  const shape = [...batch, size, size]
  // each column of the matrix is a copy of the padded vector, and all but the diagonal is masked
  const padded = pad(y, {
    shape: [...batch, size],
    start: [...batch.map(() => 0), Math.max(0, -offset)],
    step: y.shape.map(() => 1),
    fill: 0,
  })
  const column = stretch(reshape(padded, { shape: [...batch, size, 1] }), shape)
  return select(
    stretch(band(size, size, offset, 'eq'), shape),
    column,
    zerosOf({ shape, dtype: y.dtype }),
  )
}
