/**
 * log and log1p: x = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)], then log(1 + f) = f - (h - s (h + R(s^2))) with
 * h = f^2/2, s = f / (2 + f): the form of fdlibm's e_log.c, whose rounding errors stay below f's last bit.
 */
import type { Scalar } from '../loop.ts'
import {
  add,
  convert,
  div,
  eq,
  exponent,
  like,
  lt,
  max,
  min,
  mul,
  select,
  significand,
  sub,
} from '../scalar.ts'
import { type Coefficients, horner, pick } from './polynomial.ts'

// (log((1 + s) / (1 - s)) / s - 2) / s^2 as a polynomial of s^2: relative error in the logarithm 2^-30 and 2^-59.
const logCoefficients: Coefficients = {
  float32: [0.6666677594184875, 0.3997744917869568, 0.29874420166015625],
  float64: [
    0.6666666666666735, 0.3999999999940747, 0.2857142874414496, 0.2222219837815933,
    0.18183575179436623, 0.15313755463196146, 0.14799068537133564,
  ],
}

const parts = {
  float32: { high: 0.693359375, low: -2.1219444005469057e-4, smallest: 2 ** -126, lift: 24 },
  float64: {
    high: 0.6931471803691238,
    low: 1.9082149292705877e-10,
    smallest: 2 ** -1022,
    lift: 54,
  },
}

/** log(x / scale) + correction for normal positive x and a power of two. */
export const logOf = (
  x: Scalar,
  scale: Scalar | null,
  correction: Scalar | null,
  coefficients = pick(x, logCoefficients),
): Scalar => {
  const { high, low } = pick(x, parts)
  const m = significand(x)
  const large = lt(like(x, Math.SQRT2), m)
  const whole = scale === null ? exponent(x) : sub(exponent(x), exponent(scale))
  const e = add(convert(whole, x.dtype), convert(large, x.dtype))
  const f = sub(select(large, mul(m, like(x, 0.5)), m), like(x, 1))
  const h = mul(mul(f, like(x, 0.5)), f)
  const s = div(f, add(f, like(x, 2)))
  const z = mul(s, s)
  const tail = mul(s, add(h, mul(z, horner(z, coefficients))))
  const lowPart = mul(e, like(x, low))
  const rest = add(tail, correction === null ? lowPart : add(lowPart, correction))
  return add(mul(e, like(x, high)), sub(f, sub(h, rest)))
}

/** Natural logarithm: -infinity at 0, NaN below. */
export const log = (x: Scalar): Scalar => {
  const { smallest, lift } = pick(x, parts)
  const zero = like(x, 0)
  // one choice and not two by the same condition, for which C compilers make two branches of all that follows
  const scale = select(lt(x, like(x, smallest)), like(x, 2 ** lift), like(x, 1))
  const y = logOf(mul(x, scale), scale, null)
  const special = select(eq(x, zero), like(x, -Infinity), like(x, Number.NaN))
  return select(lt(zero, x), select(lt(x, like(x, Infinity)), y, x), special)
}

/** log(1 + x), accurate near 0: the rounding error of 1 + x, divided by 1 + x, is added to its logarithm. */
export const log1p = (x: Scalar): Scalar => {
  const one = like(x, 1)
  const zero = like(x, 0)
  const larger = max(x, one)
  const smaller = min(x, one)
  const u = add(larger, smaller)
  const lost = sub(smaller, sub(u, larger))
  const y = logOf(u, null, div(lost, u))
  const special = select(eq(u, zero), like(x, -Infinity), like(x, Number.NaN))
  const ordinary = select(eq(u, one), x, y)
  return select(lt(zero, u), select(lt(u, like(x, Infinity)), ordinary, x), special)
}
