/** Functions of one operand that are pieces of straight lines, and conversion between dtypes. */
import type { DType } from '../dtype.ts'
import { fullOf } from '../primitives/broadcast.ts'
import * as primitive from '../primitives/elementwise.ts'
import { compare, select } from '../primitives/logic.ts'
import type { Tensor } from '../tensor.ts'
import { type Operand, single } from './operand.ts'

/**
 * -x.
 * @example
 * ```ts
 * import { neg, tensor } from '@rootstock/core'
 * console.log(neg(tensor([1, -2])).toArray()) // [ -1, 2 ]
 * ```
 */
export const neg = (x: Operand): Tensor => primitive.neg(single('neg', x, 'number'))

/**
 * |x|; its gradient at 0 is 0.
 * @example
 * ```ts
 * import { abs, tensor } from '@rootstock/core'
 * console.log(abs(tensor([1, -2])).toArray()) // [ 1, 2 ]
 * ```
 */
export const abs = (x: Operand): Tensor => primitive.abs(single('abs', x, 'number'))

/**
 * -1, 0 or 1; NaN stays NaN. Its gradient is 0.
 * @example
 * ```ts
 * import { sign, tensor } from '@rootstock/core'
 * console.log(sign(tensor([3, 0, -2])).toArray()) // [ 1, 0, -1 ]
 * ```
 */
export const sign = (x: Operand): Tensor => primitive.sign(single('sign', x, 'number'))

/**
 * x^2.
 * @example
 * ```ts
 * import { square, tensor } from '@rootstock/core'
 * console.log(square(tensor([3, -2])).toArray()) // [ 9, 4 ]
 * ```
 */
export const square = (x: Operand): Tensor => {
  const base = single('square', x, 'number')
  return primitive.mul(base, base)
}

/**
 * 1 / x.
 * @example
 * ```ts
 * import { reciprocal, tensor } from '@rootstock/core'
 * console.log(reciprocal(tensor([2, -4])).toArray()) // [ 0.5, -0.25 ]
 * ```
 */
export const reciprocal = (x: Operand): Tensor => {
  const base = single('reciprocal', x, 'float')
  return primitive.div(fullOf(base, 1), base)
}

const rounded =
  (operation: string, mode: primitive.Rounding['mode']) =>
  (x: Operand): Tensor => {
    const given = single(operation, x, 'number')
    return given.dtype === 'int32' ? given : primitive.round(given, { mode })
  }

/**
 * The largest whole number <= x. Its gradient is 0.
 * @example
 * ```ts
 * import { floor, tensor } from '@rootstock/core'
 * console.log(floor(tensor([1.5, -1.5])).toArray()) // [ 1, -2 ]
 * ```
 */
export const floor = rounded('floor', 'floor')

/**
 * The smallest whole number >= x. Its gradient is 0.
 * @example
 * ```ts
 * import { ceil, tensor } from '@rootstock/core'
 * console.log(ceil(tensor([1.5, -1.5])).toArray()) // [ 2, -1 ]
 * ```
 */
export const ceil = rounded('ceil', 'ceil')

/**
 * The nearest whole number, halves to even (unlike `Math.round`). Its gradient is 0.
 * @example
 * ```ts
 * import { round, tensor } from '@rootstock/core'
 * console.log(round(tensor([0.5, 1.5, 2.6])).toArray()) // [ 0, 2, 3 ]
 * ```
 */
export const round = rounded('round', 'nearest')

/**
 * x without its fraction, toward zero. Its gradient is 0.
 * @example
 * ```ts
 * import { tensor, trunc } from '@rootstock/core'
 * console.log(trunc(tensor([1.5, -1.5])).toArray()) // [ 1, -1 ]
 * ```
 */
export const trunc = rounded('trunc', 'trunc')

/** Bounds of `clamp`; an absent bound does not limit. */
export interface Bounds {
  readonly min?: number
  readonly max?: number
}

/**
 * min(max(x, min), max). The gradient is 1 between the bounds and at them, 0 outside. NaN stays NaN.
 * @example
 * ```ts
 * import { clamp, tensor } from '@rootstock/core'
 * console.log(clamp(tensor([-3, 0.5, 3]), { min: -1, max: 1 }).toArray()) // [ -1, 0.5, 1 ]
 * ```
 */
export const clamp = (x: Operand, { min, max }: Bounds): Tensor => {
  let y = single('clamp', x, 'number')
  if (y.dtype === 'int32' && ![min ?? 0, max ?? 0].every(Number.isInteger)) {
    y = primitive.convert(y, { dtype: 'float32' })
  }
  if (min !== undefined) {
    const low = fullOf(y, min)
    y = select(compare(y, low, { op: 'lt' }), low, y)
  }
  if (max === undefined) return y
  const high = fullOf(y, max)
  return select(compare(high, y, { op: 'lt' }), high, y)
}

/**
 * x as another dtype: float to int32 truncates toward zero and saturates (NaN becomes 0), to bool is `x != 0`, bool to a
 * number is 0 or 1.
 * @example
 * ```ts
 * import { cast, tensor } from '@rootstock/core'
 * console.log(cast(tensor([1.9, -1.9]), 'int32').toArray()) // [ 1, -1 ]
 * ```
 */
export const cast = (x: Operand, dtype: DType): Tensor =>
  primitive.convert(single('cast', x, 'any'), { dtype })
