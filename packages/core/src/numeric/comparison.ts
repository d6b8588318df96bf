/** Comparisons, truth values and choice. Results are bool tensors; nothing here has a gradient except the chosen values. */
import { fullOf } from '../primitives/broadcast.ts'
import { abs } from '../primitives/elementwise.ts'
import { bitwise, compare, not, select } from '../primitives/logic.ts'
import type { Tensor } from '../tensor.ts'
import { align, commonShape, type Operand, pair, single, stretch } from './operand.ts'

/**
 * a = b, element by element; false where either is NaN.
 * @example
 * ```ts
 * import { equal, tensor } from '@rootstock/core'
 * console.log(equal(tensor([1, 2]), 2).toArray()) // [ false, true ]
 * ```
 */
export const equal = (a: Operand, b: Operand): Tensor =>
  compare(...pair('equal', a, b, 'any'), { op: 'eq' })

/**
 * a != b, element by element; true where either is NaN.
 * @example
 * ```ts
 * import { notEqual, tensor } from '@rootstock/core'
 * console.log(notEqual(tensor([1, 2]), 2).toArray()) // [ true, false ]
 * ```
 */
export const notEqual = (a: Operand, b: Operand): Tensor =>
  not(compare(...pair('notEqual', a, b, 'any'), { op: 'eq' }))

/**
 * a < b, element by element.
 * @example
 * ```ts
 * import { less, tensor } from '@rootstock/core'
 * console.log(less(tensor([1, 2]), 2).toArray()) // [ true, false ]
 * ```
 */
export const less = (a: Operand, b: Operand): Tensor =>
  compare(...pair('less', a, b, 'any'), { op: 'lt' })

/**
 * a <= b, element by element.
 * @example
 * ```ts
 * import { lessEqual, tensor } from '@rootstock/core'
 * console.log(lessEqual(tensor([2, 3]), 2).toArray()) // [ true, false ]
 * ```
 */
export const lessEqual = (a: Operand, b: Operand): Tensor =>
  compare(...pair('lessEqual', a, b, 'any'), { op: 'le' })

/**
 * a > b, element by element.
 * @example
 * ```ts
 * import { greater, tensor } from '@rootstock/core'
 * console.log(greater(tensor([2, 3]), 2).toArray()) // [ false, true ]
 * ```
 */
export const greater = (a: Operand, b: Operand): Tensor => {
  const [x, y] = pair('greater', a, b, 'any')
  return compare(y, x, { op: 'lt' })
}

/**
 * a >= b, element by element.
 * @example
 * ```ts
 * import { greaterEqual, tensor } from '@rootstock/core'
 * console.log(greaterEqual(tensor([1, 2]), 2).toArray()) // [ false, true ]
 * ```
 */
export const greaterEqual = (a: Operand, b: Operand): Tensor => {
  const [x, y] = pair('greaterEqual', a, b, 'any')
  return compare(y, x, { op: 'le' })
}

/**
 * True where both are; numbers count as true unless they are 0.
 * @example
 * ```ts
 * import { logicalAnd, tensor } from '@rootstock/core'
 * console.log(logicalAnd(tensor([true, false]), true).toArray()) // [ true, false ]
 * ```
 */
export const logicalAnd = (a: Operand, b: Operand): Tensor =>
  bitwise(...pair('logicalAnd', a, b, 'bool'), { op: 'and' })

/**
 * True where at least one is; numbers count as true unless they are 0.
 * @example
 * ```ts
 * import { logicalOr, tensor } from '@rootstock/core'
 * console.log(logicalOr(tensor([true, false]), false).toArray()) // [ true, false ]
 * ```
 */
export const logicalOr = (a: Operand, b: Operand): Tensor =>
  bitwise(...pair('logicalOr', a, b, 'bool'), { op: 'or' })

/**
 * True where exactly one is; numbers count as true unless they are 0.
 * @example
 * ```ts
 * import { logicalXor, tensor } from '@rootstock/core'
 * console.log(logicalXor(tensor([true, false]), true).toArray()) // [ false, true ]
 * ```
 */
export const logicalXor = (a: Operand, b: Operand): Tensor =>
  bitwise(...pair('logicalXor', a, b, 'bool'), { op: 'xor' })

/**
 * The opposite truth value.
 * @example
 * ```ts
 * import { logicalNot, tensor } from '@rootstock/core'
 * console.log(logicalNot(tensor([true, false])).toArray()) // [ false, true ]
 * ```
 */
export const logicalNot = (x: Operand): Tensor => not(single('logicalNot', x, 'bool'))

/**
 * a where the condition holds, b elsewhere; all three broadcast. What is not chosen never reaches the result or its
 * gradient, not even as NaN.
 * @example
 * ```ts
 * import { tensor, where } from '@rootstock/core'
 * console.log(where(tensor([true, false]), tensor([1, 2]), 0).toArray()) // [ 1, 0 ]
 * ```
 */
export const where = (condition: Operand, a: Operand, b: Operand): Tensor => {
  const truth = single('where', condition, 'bool', 'condition')
  const [then, otherwise] = align('where', ['then', 'otherwise'], [a, b], 'any')
  const shape = commonShape('where', { condition: truth, then, otherwise })
  return select(stretch(truth, shape), stretch(then, shape), stretch(otherwise, shape))
}

/**
 * True where x is not a number.
 * @example
 * ```ts
 * import { isNaN, tensor } from '@rootstock/core'
 * console.log(isNaN(tensor([0, NaN])).toArray()) // [ false, true ]
 * ```
 */
export const isNaN = (x: Operand): Tensor => {
  const given = single('isNaN', x, 'any')
  return not(compare(given, given, { op: 'eq' }))
}

const magnitude = (operation: string, x: Operand): readonly [Tensor, Tensor] => {
  const size = abs(single(operation, x, 'float'))
  return [size, fullOf(size, Infinity)]
}

/**
 * True where x is neither NaN nor infinite.
 * @example
 * ```ts
 * import { isFinite, tensor } from '@rootstock/core'
 * console.log(isFinite(tensor([0, NaN, Infinity])).toArray()) // [ true, false, false ]
 * ```
 */
export const isFinite = (x: Operand): Tensor => compare(...magnitude('isFinite', x), { op: 'lt' })

/**
 * True where x is plus or minus infinity.
 * @example
 * ```ts
 * import { isInfinite, tensor } from '@rootstock/core'
 * console.log(isInfinite(tensor([0, NaN, -Infinity])).toArray()) // [ false, false, true ]
 * ```
 */
export const isInfinite = (x: Operand): Tensor =>
  compare(...magnitude('isInfinite', x), { op: 'eq' })
