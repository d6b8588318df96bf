/** Roots, exponentials, logarithms and the error function, written so that no intermediate overflows or cancels. */
import { fullOf, zerosOf } from '../primitives/broadcast.ts'
import * as primitive from '../primitives/elementwise.ts'
import { compare, select } from '../primitives/logic.ts'
import type { Tensor } from '../tensor.ts'
import { type Operand, pair, single } from './operand.ts'

const float =
  (operation: string, apply: (x: Tensor) => Tensor) =>
  (x: Operand): Tensor =>
    apply(single(operation, x, 'float'))

/**
 * e^x.
 * @example
 * ```ts
 * import { exp, tensor } from '@rootstock/core'
 * console.log(exp(tensor([0, 1])).toArray()) // [ 1, 2.7182817459106445 ]
 * ```
 */
export const exp = float('exp', primitive.exp)

/**
 * e^x - 1, accurate near 0.
 * @example
 * ```ts
 * import { expm1, tensor } from '@rootstock/core'
 * console.log(expm1(tensor([0, 1e-8], { dtype: 'float64' })).toArray()) // [ 0, 1.0000000050000001e-8 ]
 * ```
 */
export const expm1 = float('expm1', primitive.expm1)

/**
 * Natural logarithm; -Infinity at 0, NaN below.
 * @example
 * ```ts
 * import { log, tensor } from '@rootstock/core'
 * console.log(log(tensor([1, 0])).toArray()) // [ 0, -Infinity ]
 * ```
 */
export const log = float('log', primitive.log)

/**
 * log(1 + x), accurate near 0.
 * @example
 * ```ts
 * import { log1p, tensor } from '@rootstock/core'
 * console.log(log1p(tensor([0])).toArray()) // [ 0 ]
 * ```
 */
export const log1p = float('log1p', primitive.log1p)

// Rounding the logarithm misses whole results by one unit in the last place, so the nearest whole number is tried: where
// base^k is x to the last bit, the answer is k. The correction is constant, the derivative remains that of log.
const logarithm = (operation: string, base: number) =>
  float(operation, (x) => {
    const y = primitive.mul(primitive.log(x), fullOf(x, 1 / Math.log(base)))
    const value = primitive.stopGradient(y)
    const whole = primitive.round(value, { mode: 'nearest' })
    const isPower = compare(primitive.pow(fullOf(x, base), whole), primitive.stopGradient(x), {
      op: 'eq',
    })
    const isFinite = compare(primitive.abs(value), fullOf(x, Infinity), { op: 'lt' })
    const miss = select(isPower, primitive.sub(whole, value), zerosOf(x))
    return primitive.add(y, select(isFinite, miss, zerosOf(x)))
  })

/**
 * Logarithm to base 2, exact for powers of two.
 * @example
 * ```ts
 * import { log2, tensor } from '@rootstock/core'
 * console.log(log2(tensor([8, 0.25])).toArray()) // [ 3, -2 ]
 * ```
 */
export const log2 = logarithm('log2', 2)

/**
 * Logarithm to base 10, exact for powers of ten that the dtype holds exactly.
 * @example
 * ```ts
 * import { log10, tensor } from '@rootstock/core'
 * console.log(log10(tensor([1, 1000])).toArray()) // [ 0, 3 ]
 * ```
 */
export const log10 = logarithm('log10', 10)

/**
 * Square root; NaN below 0. The gradient at 0 is infinite.
 * @example
 * ```ts
 * import { sqrt, tensor } from '@rootstock/core'
 * console.log(sqrt(tensor([4, 9])).toArray()) // [ 2, 3 ]
 * ```
 */
export const sqrt = float('sqrt', primitive.sqrt)

/**
 * 1 / sqrt(x).
 * @example
 * ```ts
 * import { rsqrt, tensor } from '@rootstock/core'
 * console.log(rsqrt(tensor([4, 0.25])).toArray()) // [ 0.5, 2 ]
 * ```
 */
export const rsqrt = float('rsqrt', (x) => primitive.div(fullOf(x, 1), primitive.sqrt(x)))

/** sqrt(x) whose gradient at 0 is 0: what norms need, where x is a sum of squares that all vanish. */
export const sqrtOfSquares = (x: Tensor): Tensor => {
  const isZero = compare(x, zerosOf(x), { op: 'eq' })
  // the root of a harmless number where it is not used, so that no infinite slope is multiplied by 0
  return select(isZero, zerosOf(x), primitive.sqrt(select(isZero, fullOf(x, 1), x)))
}

/** A positive finite factor per element that brings numbers of this magnitude near 1; constant to derivatives. */
export const scaleOf = (magnitude: Tensor): Tensor => {
  const m = primitive.stopGradient(magnitude)
  const positive = compare(zerosOf(m), m, { op: 'lt' })
  const finite = compare(m, fullOf(m, Infinity), { op: 'lt' })
  return select(positive, select(finite, m, fullOf(m, 1)), fullOf(m, 1))
}

/**
 * sqrt(a^2 + b^2) without overflow or underflow of the squares. The gradient at (0, 0) is 0.
 * @example
 * ```ts
 * import { hypot, tensor } from '@rootstock/core'
 * console.log(hypot(tensor([3, 3e30]), tensor([4, 4e30])).toArray()) // [ 5, 4.9999999241216036e+30 ]
 * ```
 */
export const hypot = (a: Operand, b: Operand): Tensor => {
  const [x, y] = pair('hypot', a, b, 'float')
  const scale = scaleOf(primitive.maximum(primitive.abs(x), primitive.abs(y)))
  const u = primitive.div(x, scale)
  const v = primitive.div(y, scale)
  return primitive.mul(
    scale,
    sqrtOfSquares(primitive.add(primitive.mul(u, u), primitive.mul(v, v))),
  )
}

/**
 * a log(b), and 0 where a = 0 whatever b is (the gradients are 0 there too). The terms of an entropy.
 * @example
 * ```ts
 * import { tensor, xlogy } from '@rootstock/core'
 * console.log(xlogy(tensor([0, 2]), tensor([0, 1])).toArray()) // [ 0, 0 ]
 * ```
 */
export const xlogy = (a: Operand, b: Operand): Tensor => {
  const [x, y] = pair('xlogy', a, b, 'float')
  const isZero = compare(x, zerosOf(x), { op: 'eq' })
  return select(
    isZero,
    zerosOf(x),
    primitive.mul(x, primitive.log(select(isZero, fullOf(y, 1), y))),
  )
}

/**
 * log(e^a + e^b) = max + log1p(e^(min - max)), for any magnitudes; -Infinity stands for an empty sum.
 * @example
 * ```ts
 * import { logAddExp, tensor } from '@rootstock/core'
 * console.log(logAddExp(tensor([-Infinity, 1000]), 2).toArray()) // [ 2, 1000 ]
 * ```
 */
export const logAddExp = (a: Operand, b: Operand): Tensor => {
  const [x, y] = pair('logAddExp', a, b, 'float')
  // one choice for both, so that at ties each side keeps its own branch and all derivatives are right
  const second = compare(x, y, { op: 'lt' })
  const high = select(second, y, x)
  const low = select(second, x, y)
  const isFinite = compare(primitive.abs(high), fullOf(high, Infinity), { op: 'lt' })
  const top = select(isFinite, high, zerosOf(high))
  const gap = primitive.sub(select(isFinite, low, zerosOf(low)), top)
  return select(isFinite, primitive.add(top, primitive.log1p(primitive.expNonPositive(gap))), high)
}

/**
 * 1 / (1 + e^-x).
 * @example
 * ```ts
 * import { sigmoid, tensor } from '@rootstock/core'
 * console.log(sigmoid(tensor([0, 100])).toArray()) // [ 0.5, 1 ]
 * ```
 */
export const sigmoid = float('sigmoid', primitive.sigmoid)

/**
 * Error function 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x.
 * @example
 * ```ts
 * import { erf, tensor } from '@rootstock/core'
 * console.log(erf(tensor([0, 10])).toArray()) // [ 0, 1 ]
 * ```
 */
export const erf = float('erf', primitive.erf)

/**
 * 1 - erf(x), accurate in the right tail.
 * @example
 * ```ts
 * import { erfc, tensor } from '@rootstock/core'
 * console.log(erfc(tensor([0, -10])).toArray()) // [ 1, 2 ]
 * ```
 */
export const erfc = float('erfc', primitive.erfc)
