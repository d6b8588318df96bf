/** Arithmetic of two operands with broadcasting and promotion. Integers stay integers except in `div` and `pow`. */

import { fullOf, zerosOf } from '../primitives/broadcast.ts'
import * as primitive from '../primitives/elementwise.ts'
import { compare, not, select } from '../primitives/logic.ts'
import type { Tensor } from '../tensor.ts'
import { align, type Operand, pair, single } from './operand.ts'

/**
 * a + b.
 * @example
 * ```ts
 * import { add, tensor } from '@rootstock/core'
 * console.log(add(tensor([1, 2]), 10).toArray()) // [ 11, 12 ]
 * ```
 */
export const add = (a: Operand, b: Operand): Tensor => primitive.add(...pair('add', a, b, 'number'))

/**
 * a - b.
 * @example
 * ```ts
 * import { sub, tensor } from '@rootstock/core'
 * console.log(sub(1, tensor([1, 2])).toArray()) // [ 0, -1 ]
 * ```
 */
export const sub = (a: Operand, b: Operand): Tensor => primitive.sub(...pair('sub', a, b, 'number'))

/**
 * a b, element by element.
 * @example
 * ```ts
 * import { mul, tensor } from '@rootstock/core'
 * console.log(mul(tensor([[1], [2]]), tensor([3, 4])).toArray()) // [ [ 3, 4 ], [ 6, 8 ] ]
 * ```
 */
export const mul = (a: Operand, b: Operand): Tensor => primitive.mul(...pair('mul', a, b, 'number'))

/**
 * a / b, true division: integers become float32. See `floorDiv` and `truncDiv` for whole quotients.
 * @example
 * ```ts
 * import { div, tensor } from '@rootstock/core'
 * console.log(div(tensor([1, 3], { dtype: 'int32' }), 2).toArray()) // [ 0.5, 1.5 ]
 * ```
 */
export const div = (a: Operand, b: Operand): Tensor => primitive.div(...pair('div', a, b, 'float'))

// Exponents for which a few multiplications or a root are exact where exp(y log x) is not.
const powers: ReadonlyMap<number, (x: Tensor) => Tensor> = new Map([
  [1, (x: Tensor) => x],
  [2, (x: Tensor) => primitive.mul(x, x)],
  [3, (x: Tensor) => primitive.mul(primitive.mul(x, x), x)],
  [0.5, (x: Tensor) => primitive.sqrt(x)],
  [-1, (x: Tensor) => primitive.div(fullOf(x, 1), x)],
])

/**
 * a^b in floats. 0^0 is 1; a negative base needs a whole exponent, else NaN. The gradient to b is 0 where a = 0 and
 * b >= 0.
 * @example
 * ```ts
 * import { pow, tensor } from '@rootstock/core'
 * console.log(pow(tensor([1, 2, 3]), 2).toArray()) // [ 1, 4, 9 ]
 * ```
 */
export const pow = (a: Operand, b: Operand): Tensor => {
  const short = typeof b === 'number' ? powers.get(b) : undefined
  return short === undefined
    ? primitive.pow(...pair('pow', a, b, 'float'))
    : short(single('pow', a, 'float', 'left'))
}

/**
 * The larger of both, NaN if either is NaN. Equal operands share the gradient half and half.
 * @example
 * ```ts
 * import { maximum, tensor } from '@rootstock/core'
 * console.log(maximum(tensor([-1, 2]), 0).toArray()) // [ 0, 2 ]
 * ```
 */
export const maximum = (a: Operand, b: Operand): Tensor =>
  primitive.maximum(...pair('maximum', a, b, 'number'))

/**
 * The smaller of both, NaN if either is NaN. Equal operands share the gradient half and half.
 * @example
 * ```ts
 * import { minimum, tensor } from '@rootstock/core'
 * console.log(minimum(tensor([-1, 2]), 0).toArray()) // [ -1, 0 ]
 * ```
 */
export const minimum = (a: Operand, b: Operand): Tensor =>
  primitive.minimum(...pair('minimum', a, b, 'number'))

const quotient = (a: Tensor, b: Tensor, mode: 'floor' | 'trunc'): Tensor =>
  primitive.round(primitive.div(a, b), { mode })

/** True where an int32 division is inexact and its truncation lies above the true quotient. */
const isAbove = (remainder: Tensor, b: Tensor): Tensor => {
  const negative = (x: Tensor) => compare(x, zerosOf(x), { op: 'lt' })
  const inexact = not(compare(remainder, zerosOf(remainder), { op: 'eq' }))
  return select(inexact, not(compare(negative(remainder), negative(b), { op: 'eq' })), inexact)
}

/**
 * Floored remainder a - b floor(a / b): the sign of b, as `%` in Python. The gradient to a is 1, to b -floor(a / b).
 * An int32 remainder by 0 is 0.
 * @example
 * ```ts
 * import { mod, tensor } from '@rootstock/core'
 * console.log(mod(tensor([7, -7]), 3).toArray()) // [ 1, 2 ]
 * ```
 */
export const mod = (a: Operand, b: Operand): Tensor => {
  const [x, y] = pair('mod', a, b, 'number')
  if (x.dtype !== 'int32') return primitive.sub(x, primitive.mul(y, quotient(x, y, 'floor')))
  const r = primitive.rem(x, y)
  return select(isAbove(r, y), primitive.add(r, y), r)
}

/**
 * Truncated remainder a - b trunc(a / b): the sign of a, as `%` in JavaScript. The gradient to a is 1, to b
 * -trunc(a / b). An int32 remainder by 0 is 0.
 * @example
 * ```ts
 * import { rem, tensor } from '@rootstock/core'
 * console.log(rem(tensor([7, -7]), 3).toArray()) // [ 1, -1 ]
 * ```
 */
export const rem = (a: Operand, b: Operand): Tensor => {
  const [x, y] = pair('rem', a, b, 'number')
  return x.dtype === 'int32'
    ? primitive.rem(x, y)
    : primitive.sub(x, primitive.mul(y, quotient(x, y, 'trunc')))
}

/**
 * floor(a / b), without a gradient. An int32 quotient by 0 is 0.
 * @example
 * ```ts
 * import { floorDiv, tensor } from '@rootstock/core'
 * console.log(floorDiv(tensor([7, -7]), 2).toArray()) // [ 3, -4 ]
 * ```
 */
export const floorDiv = (a: Operand, b: Operand): Tensor => {
  const [x, y] = pair('floorDiv', a, b, 'number')
  if (x.dtype !== 'int32') return quotient(x, y, 'floor')
  const q = primitive.div(x, y)
  return select(isAbove(primitive.rem(x, y), y), primitive.sub(q, fullOf(q, 1)), q)
}

/**
 * trunc(a / b), toward zero, without a gradient. An int32 quotient by 0 is 0.
 * @example
 * ```ts
 * import { tensor, truncDiv } from '@rootstock/core'
 * console.log(truncDiv(tensor([7, -7]), 2).toArray()) // [ 3, -3 ]
 * ```
 */
export const truncDiv = (a: Operand, b: Operand): Tensor => {
  const [x, y] = pair('truncDiv', a, b, 'number')
  return x.dtype === 'int32' ? primitive.div(x, y) : quotient(x, y, 'trunc')
}

/**
 * (a - b)^2.
 * @example
 * ```ts
 * import { squaredDifference, tensor } from '@rootstock/core'
 * console.log(squaredDifference(tensor([1, 5]), 2).toArray()) // [ 1, 9 ]
 * ```
 */
export const squaredDifference = (a: Operand, b: Operand): Tensor => {
  const [x, y] = pair('squaredDifference', a, b, 'number')
  const d = primitive.sub(x, y)
  return primitive.mul(d, d)
}

/**
 * a + t (b - a): a at t = 0, b at t = 1.
 * @example
 * ```ts
 * import { lerp, tensor } from '@rootstock/core'
 * console.log(lerp(tensor([0, 10]), tensor([10, 20]), 0.5).toArray()) // [ 5, 15 ]
 * ```
 */
export const lerp = (a: Operand, b: Operand, t: Operand): Tensor => {
  const [x, y, weight] = align('lerp', ['a', 'b', 't'], [a, b, t], 'float')
  return primitive.add(x, primitive.mul(weight, primitive.sub(y, x)))
}
