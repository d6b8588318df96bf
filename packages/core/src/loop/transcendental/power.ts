/**
 * x^y = exp(y log x). The error of log x is multiplied by y log x, up to 745 in float64, so there the logarithm and the
 * product carry a second float64 with what the first lost (double-double arithmetic after Dekker, "A floating-point
 * technique for extending the available precision", 1971). Float32 simply computes in float64.
 */
import type { Scalar } from '../loop.ts'
import {
  abs,
  add,
  and,
  convert,
  div,
  eq,
  exponent,
  floor,
  like,
  lt,
  max,
  min,
  mul,
  neg,
  not,
  or,
  select,
  significand,
  sub,
} from '../scalar.ts'
import { clamp, expForFloat32, expOfSum } from './exponential.ts'
import { logOf } from './logarithm.ts'
import { horner } from './polynomial.ts'
import { isNegative } from './sign.ts'

/** The unevaluated sum of two floats: a value and what rounding it lost. */
interface Pair {
  readonly high: Scalar
  readonly low: Scalar
}

/** a + b exactly, for |a| >= |b|. */
const quickSum = (a: Scalar, b: Scalar): Pair => {
  const high = add(a, b)
  return { high, low: sub(b, sub(high, a)) }
}

/** The upper half of the bits of a float64. */
const upper = (a: Scalar): Scalar => {
  const c = mul(a, like(a, 2 ** 27 + 1))
  return sub(c, sub(c, a))
}

/** a b exactly, barring underflow. */
const product = (a: Scalar, b: Scalar): Pair => {
  const high = mul(a, b)
  const [a1, b1] = [upper(a), upper(b)]
  const [a2, b2] = [sub(a, a1), sub(b, b1)]
  const low = add(sub(mul(a1, b1), high), add(mul(a1, b2), mul(a2, b1)))
  return { high, low: add(low, mul(a2, b2)) }
}

const times = (a: Pair, b: Pair): Pair => {
  const { high, low } = product(a.high, b.high)
  return quickSum(high, add(low, add(mul(a.high, b.low), mul(a.low, b.high))))
}

/** a + b for |a| >= |b|. */
const plus = (a: Pair, b: Pair): Pair => {
  const { high, low } = quickSum(a.high, b.high)
  return quickSum(high, add(low, add(a.low, b.low)))
}

// log((1+s)/(1-s)) = 2s + 2/3 s^3 + s^5 R(s^2) for |s| <= 0.1716: relative error of R 2^-50.
const restCoefficients: readonly number[] = [
  0.40000000000000024, 0.285714285713382, 0.22222222271231717, 0.18181808227764662,
  0.15385576158604727, 0.13285914320697362, 0.12914128209301484,
]

const ln2High = 0.6931471803691238
const ln2Low = { high: 1.9082149292705877e-10, low: 1.1612227229362532e-26 }
const twoThirds = { high: 0.6666666666666666, low: 3.700743415417188e-17 }

/** log x of a normal positive x, minus shift ln 2, with an error below 2^-66 of its value. */
const logPair = (x: Scalar, shift: Scalar): Pair => {
  const of = (value: number): Scalar => like(x, value)
  const m = significand(x)
  const large = lt(of(Math.SQRT2), m)
  const e = sub(add(convert(exponent(x), 'float64'), convert(large, 'float64')), shift)
  const reduced = select(large, mul(m, of(0.5)), m)
  const f = sub(reduced, of(1))
  // s = f / (2 + f), where 2 + f is the pair (d, f - (d - 2)).
  const { high: d, low: lost } = quickSum(of(2), f)
  const quotient = div(f, d)
  const back = product(quotient, d)
  const remainder = sub(sub(sub(f, back.high), back.low), mul(quotient, lost))
  const s = quickSum(quotient, div(remainder, d))
  const square = times(s, s)
  const cube = times(square, s)
  const leading = times(cube, { high: of(twoThirds.high), low: of(twoThirds.low) })
  const rest = mul(mul(cube.high, square.high), horner(square.high, restCoefficients))
  const tail = quickSum(leading.high, add(leading.low, rest))
  const logM = plus({ high: add(s.high, s.high), low: add(s.low, s.low) }, tail)
  const multiple = times({ high: e, low: of(0) }, { high: of(ln2Low.high), low: of(ln2Low.low) })
  // e ln2High is exact; it exceeds log m unless e = 0, when both terms with e vanish.
  const whole = mul(e, of(ln2High))
  const nonzero = eq(e, of(0))
  const sum = plus({ high: whole, low: of(0) }, logM)
  const withRest = plus(sum, multiple)
  return {
    high: select(nonzero, logM.high, withRest.high),
    low: select(nonzero, logM.low, withRest.low),
  }
}

/** |x|^y for x neither 0 nor infinite. */
const magnitude64 = (a: Scalar, y: Scalar): Scalar => {
  const of = (value: number): Scalar => like(a, value)
  const denormal = lt(a, of(2 ** -1022))
  const lifted = select(denormal, mul(a, of(2 ** 54)), a)
  const logarithm = logPair(lifted, select(denormal, of(54), of(0)))
  // Beyond 2^65 every power of x except 1 over- or underflows; the bound keeps the products finite.
  const bounded = min(max(y, of(-(2 ** 65))), of(2 ** 65))
  const { high, low } = times(logarithm, { high: bounded, low: of(0) })
  // far outside the range what high lost is no longer small
  const rest = select(lt(abs(high), of(2 ** 10)), low, of(0))
  return expOfSum(high, rest)
}

// As that of the logarithm, for |s| <= 0.1716: relative error in log x 2^-37, enough for float32.
const logCoefficients32 = [
  0.6666666564520219, 0.4000033525428762, 0.285373040623741, 0.2358224444133887,
]

/** |x|^y for float32 x neither 0 nor infinite, in float64, where every such x is normal and e^-150 to e^90 are too. */
const magnitude32 = (a: Scalar, y: Scalar): Scalar => {
  const logarithm = logOf(convert(a, 'float64'), null, null, logCoefficients32)
  const bounded = convert(clamp(y, -(2 ** 40), 2 ** 40), 'float64')
  return convert(expForFloat32(clamp(mul(bounded, logarithm), -150, 90)), 'float32')
}

/** IEEE 754 pow: x^0 = 1 and 1^y = 1 even of NaN; NaN for negative x unless y is a whole number. */
export const pow = (x: Scalar, y: Scalar): Scalar => {
  const of = (value: number): Scalar => like(x, value)
  const a = abs(x)
  const zero = eq(x, of(0))
  const extreme = or(zero, eq(a, of(Infinity)))
  const safe = select(extreme, of(1), a)
  const regular = x.dtype === 'float32' ? magnitude32(safe, y) : magnitude64(safe, y)
  const grows = eq(zero, lt(y, of(0)))
  const size = select(extreme, select(grows, of(Infinity), of(0)), regular)
  const whole = eq(floor(y), y)
  const half = mul(y, of(0.5))
  const odd = and(whole, not(eq(floor(half), half)))
  const undefinedPower = and(and(lt(x, of(0)), not(extreme)), not(whole))
  const signed = select(and(odd, isNegative(x)), neg(size), size)
  const sum = add(x, y)
  const isNaN = and(not(eq(sum, sum)), or(not(eq(x, x)), not(eq(y, y))))
  const value = select(isNaN, sum, select(undefinedPower, of(Number.NaN), signed))
  return select(or(eq(y, of(0)), eq(x, of(1))), of(1), value)
}
