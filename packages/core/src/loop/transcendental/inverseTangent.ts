/**
 * atan and atan2: |x| is folded into [-tan(pi/8), tan(pi/8)] by atan(a) = pi/4 + atan((a - 1)/(a + 1)) or
 * pi/2 - atan(1/a), all with one division.
 */
import type { Scalar } from '../loop.ts'
import { abs, add, div, eq, like, lt, mul, neg, select, sub } from '../scalar.ts'
import { type Coefficients, pick, polynomial } from './polynomial.ts'

// (atan(t)/t - 1) / t^2 as a polynomial of t^2 for |t| <= tan(pi/8): relative error 2^-30 and 2^-59.
const atanCoefficients: Coefficients = {
  float32: [
    -0.33333316445350647, 0.1999848335981369, -0.1424373835325241, 0.10595139861106873,
    -0.060811564326286316,
  ],
  float64: [
    -0.333333333333332, 0.1999999999995366, -0.14285714280203762, 0.11111110783801952,
    -0.0909089776674249, 0.07692060356250588, -0.06663105397849182, 0.05847897006186349,
    -0.05039329232313742, 0.038064917581702974, -0.017907306024998057,
  ],
}

// pi/2 rounded to the dtype, and what rounding lost.
const halfPi = {
  float32: { high: 1.57079637050628662109, low: -4.37113900018624283e-8 },
  float64: { high: 1.57079632679489661923, low: 6.12323399573676603587e-17 },
}

const tanEighth = Math.SQRT2 - 1
const tanThreeEighths = Math.SQRT2 + 1

/** atan(n / d) for n, d >= 0, not both 0, as a number in [0, pi/2]. */
const atanRatio = (n: Scalar, d: Scalar): Scalar => {
  const { high, low } = pick(n, halfPi)
  const of = (value: number): Scalar => like(n, value)
  const middle = lt(mul(d, of(tanEighth)), n)
  const steep = lt(mul(d, of(tanThreeEighths)), n)
  const top = select(steep, neg(d), select(middle, sub(n, d), n))
  const bottom = select(steep, n, select(middle, add(n, d), d))
  const t = div(top, bottom)
  const z = mul(t, t)
  const y = mul(mul(t, z), polynomial(z, atanCoefficients))
  const base = select(steep, of(high), select(middle, of(high / 2), of(0)))
  const lost = select(steep, of(low), select(middle, of(low / 2), of(0)))
  return add(base, add(t, add(y, lost)))
}

/** Arc tangent, in [-pi/2, pi/2]. */
export const atan = (x: Scalar): Scalar => {
  const zero = like(x, 0)
  const a = abs(x)
  const infinite = eq(a, like(x, Infinity))
  const one = like(x, 1)
  // atan(infinity) = pi/2 as the ratio 1 : 0.
  const y = atanRatio(select(infinite, one, a), select(infinite, zero, one))
  return select(lt(x, zero), neg(y), select(eq(x, zero), x, y))
}
