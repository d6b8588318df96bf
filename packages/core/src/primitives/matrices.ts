/** Strict matrix algebra on the last two axes, in which the derivatives of the factorisations are written. */
import { range, type Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { broadcast, fullOf, zerosOf } from './broadcast.ts'
import { contract } from './contract.ts'
import { add, mul } from './elementwise.ts'
import { compare, select } from './logic.ts'
import { iota, transpose } from './movement.ts'

/** The last two axes exchanged. */
export const turned = (x: Tensor): Tensor =>
  transpose(x, { permutation: [...range(x.rank - 2), x.rank - 1, x.rank - 2] })

/** Matrix product over equal leading axes. */
export const product = (a: Tensor, b: Tensor): Tensor => {
  const last = a.rank - 1
  return contract(a, b, {
    batch: range(last - 1).map((axis) => [axis, axis] as const),
    sum: [[last, last - 1]],
  })
}

/** (x + x^T) / 2 */
export const symmetric = (x: Tensor): Tensor => mul(add(x, turned(x)), fullOf(x, 0.5))

/** Row and column numbers of the last two axes, int32. */
const coordinates = (shape: Shape): readonly [Tensor, Tensor] => {
  const number = (axis: number) =>
    broadcast(iota({ length: shape[axis]! }), { shape, axes: [axis] })
  return [number(shape.length - 2), number(shape.length - 1)]
}

/** True on the diagonal. */
export const onDiagonal = (shape: Shape): Tensor => compare(...coordinates(shape), { op: 'eq' })

/** Which part of a matrix to keep. */
export interface Part {
  readonly lower: boolean
  readonly diagonal: boolean
}

/** One triangle, zero elsewhere. */
export const triangleOf = (x: Tensor, { lower, diagonal }: Part): Tensor => {
  const [row, column] = coordinates(x.shape)
  const [small, large] = lower ? [column, row] : [row, column]
  return select(compare(small, large, { op: diagonal ? 'le' : 'lt' }), x, zerosOf(x))
}

/** x with ones on the diagonal. */
export const unitDiagonal = (x: Tensor): Tensor => select(onDiagonal(x.shape), fullOf(x, 1), x)
