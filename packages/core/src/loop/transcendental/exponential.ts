/**
 * exp and what follows from it. All reduce x = k ln 2 + r with |r| <= ln(2)/2, where k ln 2 is subtracted in two parts so
 * that r is right to its last bit, and evaluate expm1(r) = r + r^2 P(r). The power of two is multiplied in two parts
 * where one factor would leave the normal range.
 */
import type { Scalar } from '../loop.ts'
import {
  abs,
  add,
  div,
  like,
  lt,
  max,
  min,
  mul,
  nearest,
  neg,
  pow2,
  select,
  sub,
} from '../scalar.ts'
import { type Coefficients, paired, pick, polynomial } from './polynomial.ts'

// ln 2 = high + low; high has so few bits that k * high is exact for every k that occurs.
const ln2 = {
  float32: { high: 0.693359375, low: -2.1219444005469057e-4 },
  float64: { high: 0.6931471803691238, low: 1.9082149292705877e-10 },
}

// (expm1(r) - r) / r^2 for |r| <= ln(2)/2: relative error in expm1(r) 2^-32 and 2^-61.
const expm1Coefficients: Coefficients = {
  float32: [
    0.5, 0.1666666716337204, 0.04166635125875473, 0.00833327230066061, 0.001394127612002194,
    0.00019914624863304198,
  ],
  float64: [
    0.5, 0.16666666666666677, 0.0416666666666667, 0.008333333333321372, 0.0013888888888866386,
    0.00019841269886856976, 2.4801587361452056e-5, 2.7557243405466284e-6, 2.755724199169816e-7,
    2.510933876748224e-8, 2.0924681286307444e-9,
  ],
}

// The same where only e^r is wanted: relative error in that 2^-28 in float32.
const expCoefficients: Coefficients = {
  float32: [
    0.4999999403953552, 0.16666516661643982, 0.04166810214519501, 0.008369192481040955,
    0.0013838893501088023,
  ],
  float64: expm1Coefficients.float64,
}

interface Reduced {
  /** The whole number of ln 2 taken out, as a float. */
  readonly k: Scalar
  /** expm1 of the rest. */
  readonly q: Scalar
}

/** x + rest = k ln 2 + r, and expm1(r). */
const reduce = (x: Scalar, coefficients: Coefficients, rest: Scalar | null = null): Reduced => {
  const { high, low } = pick(x, ln2)
  const k = nearest(mul(x, like(x, Math.LOG2E)))
  const lowPart = mul(k, like(x, low))
  const r = sub(sub(x, mul(k, like(x, high))), rest === null ? lowPart : sub(lowPart, rest))
  const square = mul(r, r)
  return { k, q: add(r, mul(square, paired(r, square, pick(x, coefficients)))) }
}

/** Confines x to [low, high]; NaN stays NaN. */
export const clamp = (x: Scalar, low: number, high: number): Scalar =>
  min(max(x, like(x, low)), like(x, high))

/**
 * e^(x + rest), where rest is what x lost to rounding; gradual underflow, +infinity above ln(largest).
 * Callers that have no rest want `exp`.
 */
export const expOfSum = (x: Scalar, rest: Scalar | null): Scalar => {
  const { low, high } = pick(x, {
    float32: { low: -104, high: 89 },
    float64: { low: -746, high: 710 },
  })
  const { k, q } = reduce(clamp(x, low, high), expCoefficients, rest)
  const half = nearest(mul(k, like(x, 0.5)))
  return mul(mul(add(q, like(x, 1)), pow2(half)), pow2(sub(k, half)))
}

/** e^x: gradual underflow, +infinity above ln(largest). */
export const exp = (x: Scalar): Scalar => expOfSum(x, null)

/**
 * e^(x + rest) for x from -104 (float64: -746) to 0. The power of two may lie below the normal range, so it is made from one
 * within it, beside the polynomial, and the result waits for one product only. Half of the smallest number rounds to 0, and so
 * e^x is 0 below -103.6 (float64: -744.8).
 */
export const expLifted = (x: Scalar, rest: Scalar | null): Scalar => {
  const lift = pick(x, { float32: 30, float64: 60 })
  const { k, q } = reduce(x, expCoefficients, rest)
  const power = mul(pow2(add(k, like(x, lift))), like(x, 2 ** -lift))
  return mul(add(q, like(x, 1)), power)
}

/** e^x for x <= 0, with gradual underflow. */
export const expNonPositive = (x: Scalar): Scalar =>
  expLifted(max(x, like(x, pick(x, { float32: -104, float64: -746 }))), null)

/** e^x where the result is a normal number (or to be 0) and not above 2^126: one power of two suffices. */
export const expNormal = (x: Scalar, coefficients = expCoefficients): Scalar => {
  const { k, q } = reduce(x, coefficients)
  return mul(add(q, like(x, 1)), pow2(k))
}

/**
 * e^x for x <= 0, with abrupt underflow: 0 below -87.68 (float64: -708.7), where the power of two would not be a normal number and
 * is 0.
 */
export const expAbrupt = (x: Scalar): Scalar =>
  expNormal(max(x, like(x, pick(x, { float32: -88, float64: -709 }))))

/** The same of a float64 that float32 rounds, for x whose power is in the normal range of float64. */
export const expForFloat32 = (x: Scalar): Scalar =>
  expNormal(x, { ...expm1Coefficients, float64: expm1Coefficients.float32 })

/** e^x - 1, accurate near 0: 2 (s q + (s - 1/2)) with s = 2^(k-1), which no k takes out of the normal range. */
export const expm1 = (x: Scalar): Scalar => {
  const { low, high, tiny } = pick(x, {
    float32: { low: -18, high: 89, tiny: 2 ** -25 },
    float64: { low: -38, high: 710, tiny: 2 ** -54 },
  })
  const { k, q } = reduce(clamp(x, low, high), expm1Coefficients)
  const s = pow2(sub(k, like(x, 1)))
  const sum = add(mul(s, q), sub(s, like(x, 0.5)))
  return select(lt(abs(x), like(x, tiny)), x, add(sum, sum))
}

/** 1 / (1 + e^-x), with full relative accuracy for very negative x. */
export const sigmoid = (x: Scalar): Scalar => {
  const e = expNonPositive(neg(abs(x)))
  const one = like(x, 1)
  return div(select(lt(x, like(x, 0)), e, one), add(e, one))
}

// (tanh(x)/x - 1) / x^2 as a polynomial of x^2 for |x| <= 0.56: relative error in tanh(x) 2^-29 and 2^-60.
const tanhCoefficients: Coefficients = {
  float32: [
    -0.33333314677459264, 0.13332480553526263, -0.05384051882328805, 0.021020554498952296,
    -0.006198723848230077,
  ],
  float64: [
    -0.3333333333333328, 0.13333333333323943, -0.053968253962190134, 0.02186948834045202,
    -0.008863231850421687, 0.0035920843761727663, -0.0014554931460740933, 5.882384147877876e-4,
    -2.3285347640354017e-4, 8.2554574357725e-5, -1.902155115240317e-5,
  ],
}

/** Hyperbolic tangent: a polynomial below 0.55, 1 - 2 / (e^(2|x|) + 1) beyond, whose error vanishes towards 1. */
export const tanh = (x: Scalar): Scalar => {
  const a = abs(x)
  const z = mul(x, x)
  const one = like(x, 1)
  // a product, unlike the sum x + x z P, keeps the sign of -0
  const small = mul(x, add(one, mul(z, polynomial(z, tanhCoefficients))))
  const limit = pick(x, { float32: 20, float64: 40 })
  const e = expNormal(min(add(a, a), like(x, limit)))
  const large = sub(one, div(like(x, 2), add(e, one)))
  const signed = select(lt(x, like(x, 0)), neg(large), large)
  return select(lt(a, like(x, 0.55)), small, signed)
}
