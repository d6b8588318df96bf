/**
 * sin and cos: x = k pi/2 + r by a Cody–Waite reduction in float64 (both dtypes), then one of two polynomials in r in the
 * dtype. For |x| <= 2^20 pi/2 (1.6 million) the reduction is good to the last bit; beyond, the error grows in proportion to
 * |x| until it means nothing near 1e15, but the result always lies in [-1, 1] (NaN for infinities).
 */
import type { Scalar } from '../loop.ts'
import {
  add,
  convert,
  eq,
  floor,
  le,
  like,
  max,
  min,
  mul,
  nearest,
  neg,
  or,
  select,
  sub,
} from '../scalar.ts'
import { type Coefficients, polynomial } from './polynomial.ts'

// pi/2 = first + second + third; the first two have 33 bits.
const first = 1.5707963267341256
const second = 6.077100506303966e-11
const third = 2.0222662487959506e-21

// (sin(r)/r - 1) / r^2 and (cos(r) - 1 + r^2/2) / r^4 as polynomials of r^2 for |r| <= pi/4. The relative errors of the
// float32 tables are 2^-37 and 2^-33 before their coefficients are rounded, the others' 2^-58 and 2^-64.
const sinCoefficients: Coefficients = {
  float32: [
    -0.16666666641527006, 0.00833332937412084, -0.00019839330995199175, 2.7182744514521988e-6,
  ],
  float64: [
    -0.16666666666666632, 0.00833333333332237, -0.00019841269829771032, 2.755731367862641e-6,
    -2.5050755956100422e-8, 1.589666623655737e-10,
  ],
}
const cosCoefficients: Coefficients = {
  float32: [0.041666646807205596, -0.001388736448607962, 2.443809101197198e-5],
  float64: [
    0.0416666666666666, -0.0013888888888874064, 2.4801587289443502e-5, -2.75573143406665e-7,
    2.0875721624787743e-9, -1.1359559389060182e-11,
  ],
}

interface Reduced {
  /** What is left of the angle, in the dtype of the argument. */
  readonly r: Scalar
  /** The number of its quadrant, 0 to 3. */
  readonly quadrant: Scalar
}

/** x + quarter pi/2 = quadrant pi/2 + r, but for whole turns. */
const reduce = (x: Scalar, quarter: 0 | 1): Reduced => {
  const wide = convert(x, 'float64')
  const of = (value: number): Scalar => like(wide, value)
  const k = nearest(mul(wide, of(2 / Math.PI)))
  const part = (piece: number): Scalar => mul(k, of(piece))
  const rest = sub(sub(sub(wide, part(first)), part(second)), part(third))
  const r = convert(rest, x.dtype)
  // the quadrant is k mod 4, in floats: k may exceed int32
  const turned = quarter === 0 ? k : add(k, of(1))
  const quadrant = convert(sub(turned, mul(floor(mul(turned, of(0.25))), of(4))), x.dtype)
  return { r: min(max(r, like(x, -0.7855)), like(x, 0.7855)), quadrant }
}

/** sin(x + quarter pi/2) in the dtype of x. */
const wave = (x: Scalar, quarter: 0 | 1): Scalar => {
  const of = (value: number): Scalar => like(x, value)
  const { r, quadrant } = reduce(x, quarter)
  const z = mul(r, r)
  const sine = add(r, mul(mul(r, z), polynomial(z, sinCoefficients)))
  const half = mul(z, of(0.5))
  const cosine = sub(of(1), sub(half, mul(mul(z, z), polynomial(z, cosCoefficients))))
  const odd = or(eq(quadrant, of(1)), eq(quadrant, of(3)))
  const magnitude = select(odd, cosine, sine)
  return select(le(of(2), quadrant), neg(magnitude), magnitude)
}

/** Sine of x radians; accurate for |x| up to 1.6e6. */
export const sin = (x: Scalar): Scalar => select(eq(x, like(x, 0)), x, wave(x, 0))

/** Cosine of x radians; accurate for |x| up to 1.6e6. */
export const cos = (x: Scalar): Scalar => wave(x, 1)
