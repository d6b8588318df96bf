/**
 * atan and atan2: |x| is folded into [-tan(pi/8), tan(pi/8)] by atan(a) = pi/4 + atan((a - 1)/(a + 1)) or
 * pi/2 - atan(1/a), all with one division.
 */
import type { Scalar } from '../loop.ts'
import { abs, add, and, div, eq, like, lt, max, mul, neg, select, sub } from '../scalar.ts'
import { type Coefficients, pick, polynomial } from './polynomial.ts'
import { isNegative } from './sign.ts'

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
  float32: { high: 1.5707963705062866, low: -4.371139000186243e-8 },
  float64: { high: 1.5707963267948966, low: 6.123233995736766e-17 },
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

// Beyond these magnitudes sums of both sides may overflow, or products with constants lose bits: both are scaled.
const largest = { float32: 2 ** 120, float64: 2 ** 1000 }
const smallest = { float32: 2 ** -100, float64: 2 ** -900 }
const lift = { float32: 2 ** 60, float64: 2 ** 200 }

/** Angle of the point (x, y) with the x axis, in [-pi, pi], with IEEE 754's values for zeros and infinities. */
export const atan2 = (y: Scalar, x: Scalar): Scalar => {
  const of = (value: number): Scalar => like(x, value)
  const { high, low } = pick(x, halfPi)
  const [rise, run] = [abs(y), abs(x)]
  const size = max(rise, run)
  const up = select(lt(size, of(pick(x, smallest))), of(pick(x, lift)), of(1))
  const scale = select(lt(of(pick(x, largest)), size), of(2 ** -8), up)
  const [risesInfinitely, runsInfinitely] = [eq(rise, of(Infinity)), eq(run, of(Infinity))]
  const isOrigin = and(eq(rise, of(0)), eq(run, of(0)))
  // the ratios that zeros and infinities stand for: 1 : 1, 1 : 0 or 0 : 1
  const n = select(risesInfinitely, of(1), select(runsInfinitely, of(0), mul(rise, scale)))
  const finite = select(risesInfinitely, of(0), select(isOrigin, of(1), mul(run, scale)))
  const angle = atanRatio(n, select(runsInfinitely, of(1), finite))
  const folded = select(isNegative(x), sub(of(2 * high), sub(angle, of(2 * low))), angle)
  const signed = select(isNegative(y), neg(folded), folded)
  const sum = add(x, y)
  return select(and(eq(x, x), eq(y, y)), signed, sum)
}
