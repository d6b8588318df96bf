/** Dense derivative matrices, row by row or column by column, with one vectorised pass. */

import type { DType } from '../dtype.ts'
import { broadcast, fullOf, zerosOf } from '../primitives/broadcast.ts'
import { compare, select } from '../primitives/logic.ts'
import { iota, reshape, transpose } from '../primitives/movement.ts'
import { range } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { expectFloats } from './flat.ts'
import { grad } from './grad.ts'
import { jvp } from './jvp.ts'
import { vjp } from './vjp.ts'
import { vmap } from './vmap.ts'

/** All unit vectors of a type, along a new first axis. */
const basis = (type: {
  readonly shape: readonly number[]
  readonly size: number
  readonly dtype: DType
}): Tensor => {
  const shape = [type.size, type.size]
  const rows = broadcast(iota({ length: type.size }), { shape, axes: [0] })
  const columns = broadcast(iota({ length: type.size }), { shape, axes: [1] })
  const square = { shape, dtype: type.dtype }
  const eye = select(compare(rows, columns, { op: 'eq' }), fullOf(square, 1), zerosOf(square))
  return reshape(eye, { shape: [type.size, ...type.shape] })
}

/** How to compute a Jacobian: `reverse` costs one pass per output element, `forward` one per input element. */
export interface JacobianOptions {
  readonly mode?: 'reverse' | 'forward'
}

const dense = (
  operation: string,
  f: (x: Tensor) => Tensor,
  mode: JacobianOptions['mode'],
  x: Tensor,
): Tensor => {
  expectFloats(operation, 0, x)
  if (mode === 'reverse') {
    const [y, pullback] = vjp(f, x)
    const rows = vmap((ct: Tensor) => pullback(ct)[0])(basis(y))
    return reshape(rows, { shape: [...y.shape, ...x.shape] })
  }
  const columns = vmap((t: Tensor) => jvp(f, [x], [t])[1])(basis(x))
  const output = columns.shape.slice(1)
  const last = transpose(columns, { permutation: [...range(output.length).map((i) => i + 1), 0] })
  return reshape(last, { shape: [...output, ...x.shape] })
}

/**
 * The Jacobian of a function of one tensor: shape `[...output, ...input]`.
 * @example
 * ```ts
 * import { type Tensor, jacobian, mul, tensor } from '@rootstock/core'
 * console.log(jacobian((x: Tensor) => mul(x, x))(tensor([1, 2])).toArray()) // [ [ 2, 0 ], [ 0, 4 ] ]
 * ```
 */
export const jacobian =
  (f: (x: Tensor) => Tensor, { mode = 'reverse' }: JacobianOptions = {}) =>
  (x: Tensor): Tensor =>
    dense('jacobian', f, mode, x)

/**
 * The Hessian of a scalar function of one tensor, forward over reverse: shape `[...input, ...input]`.
 * @example
 * ```ts
 * import { type Tensor, hessian, sum, tensor } from '@rootstock/core'
 * console.log(hessian((x: Tensor) => sum(x.mul(x)))(tensor([1, 2])).toArray()) // [ [ 2, 0 ], [ 0, 2 ] ]
 * ```
 */
export const hessian =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    dense('hessian', grad(f), 'forward', x)
