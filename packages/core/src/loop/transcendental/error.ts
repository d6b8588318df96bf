/**
 * erf and erfc. Near 0, erf(x) = x + x S(x^2). In float32, erf of larger arguments is 1 - exp(-Q(x)), cheap enough for
 * the inner loop of a network, and erfc(x) = exp(-x^2) H(t) / (x + k) with t = (x - k)/(x + k). Float64 uses
 * erfc(x) = exp(-x^2) G(t) / (1 + 2x), after "Chebyshev Approximation of (1 + 2x) exp(x^2) erfc x in 0 <= x < infinity"
 * (Shepherd and Laframboise, 1981).
 */
import type { Scalar } from '../loop.ts'
import { abs, add, div, like, lt, min, mul, nearest, neg, select, sub } from '../scalar.ts'
import { expLifted, expNormal, expOfSum } from './exponential.ts'
import { type Coefficients, horner, polynomial } from './polynomial.ts'

// erf(x)/x - 1 as a polynomial of x^2, for |x| <= 0.905 (relative error in erf 2^-31) and |x| <= 0.51 (2^-60).
const smallCoefficients: Coefficients = {
  float32: [
    0.12837916709551256, -0.3761263598109929, 0.11283723157992526, -0.02686077566854566,
    0.005204252341706363, -0.0008178001450585206, 8.516407656924865e-5,
  ],
  float64: [
    0.12837916709551256, -0.37612638903183754, 0.11283791670955091, -0.02686617064509564,
    0.005223977624034139, -0.0008548326744347476, 0.00012055301867796097, -1.492360883364011e-5,
    1.638374071765896e-6, -1.4727738918238447e-7,
  ],
}

// -log(erfc(x)) for 0.9 <= x <= 4, weighted so that the relative error in erf is 2^-29.
const logCoefficients = [
  0.00016645306994554344, 1.127797218943071, 0.6369761248946211, 0.10411364059150273,
  -0.02231519393242008, 0.0030654853159347447, -0.00019821912818835955,
]

// (1 + 2x) exp(x^2) erfc(x) as a polynomial of t for 0.49 <= x <= 27.5: relative error 2^-57.
const pole = 3.75
const tailCoefficients = [
  1.2375126308378275, -0.140240598585547, 0.0035854154854658587, 0.0822767384901482,
  -0.10880393014185626, 0.0923043211603174, -0.05869339858655783, 0.028362277419214443,
  -0.009746579602596842, 0.001755625856914418, 0.00029371403793440116, -0.00029015413710989325,
  5.164717264519092e-5, 2.2384558765751243e-5, -1.1437766433465094e-5, -9.745686528087671e-7,
  1.7380474902079337e-6, -5.531578994866003e-8, -2.4054157704977437e-7, 2.114653100627955e-8,
  2.465293137904439e-8, -2.474330162562524e-9,
]

// (x + 3) exp(x^2) erfc(x) as a polynomial of t for 0 <= x <= 10.06: relative error 2^-25.
const pole32 = 3
const tailCoefficients32 = [
  1.0740069150924683, -0.8833945393562317, 0.5902277231216431, -0.3104647099971771,
  0.11953648179769516, -0.0268457792699337, -0.0012589648831635714, 0.0030785573180764914,
  -0.0004367119399830699, -0.00029805843951180577,
]

const small = (x: Scalar): Scalar => add(x, mul(x, polynomial(mul(x, x), smallCoefficients)))

const withSignOf = (x: Scalar, magnitude: Scalar): Scalar =>
  select(lt(x, like(x, 0)), neg(magnitude), magnitude)

interface Square {
  /** A square that is exact, */
  readonly high: Scalar
  /** and what is to be added to its negative to get -a^2. */
  readonly rest: Scalar
}

/** a^2 = high^2 + (a - high)(a + high), where high is a multiple of `step`, with so few bits that its square is exact. */
const square = (a: Scalar, step: number): Square => {
  const high = mul(nearest(mul(a, like(a, 1 / step))), like(a, step))
  return { high: mul(high, high), rest: mul(sub(high, a), add(high, a)) }
}

/** erfc(a) for float64 a >= 0.49. */
const tail = (magnitude: Scalar): Scalar => {
  const of = (value: number): Scalar => like(magnitude, value)
  const a = min(magnitude, of(27.5))
  const { high, rest } = square(a, 2 ** -20)
  const t = div(sub(a, of(pole)), add(a, of(pole)))
  const scaled = div(horner(t, tailCoefficients), add(add(a, a), of(1)))
  return mul(expOfSum(neg(high), rest), scaled)
}

const erf32 = (x: Scalar): Scalar => {
  const a = min(abs(x), like(x, 4))
  const large = sub(like(x, 1), expNormal(neg(horner(a, logCoefficients))))
  return select(lt(a, like(x, 0.9)), small(x), withSignOf(x, large))
}

const erf64 = (x: Scalar): Scalar => {
  const a = abs(x)
  const large = sub(like(x, 1), tail(a))
  return select(lt(a, like(x, 0.5)), small(x), withSignOf(x, large))
}

/** Error function 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
export const erf = (x: Scalar): Scalar => (x.dtype === 'float32' ? erf32(x) : erf64(x))

const erfc64 = (x: Scalar): Scalar => {
  const a = abs(x)
  const far = tail(a)
  const one = like(x, 1)
  const large = select(lt(x, like(x, 0)), sub(like(x, 2), far), far)
  return select(lt(a, like(x, 0.5)), sub(one, small(x)), large)
}

const erfc32 = (x: Scalar): Scalar => {
  const of = (value: number): Scalar => like(x, value)
  const a = min(abs(x), of(10.06))
  const { high, rest } = square(a, 2 ** -8)
  const reciprocal = div(of(1), add(a, of(pole32)))
  const scaled = mul(horner(mul(sub(a, of(pole32)), reciprocal), tailCoefficients32), reciprocal)
  const far = mul(expLifted(neg(high), rest), scaled)
  const large = select(lt(x, of(0)), sub(of(2), far), far)
  return select(lt(a, of(0.75)), sub(of(1), small(x)), large)
}

/** 1 - erf(x), accurate until it underflows at 10.05 (float64: 27.2). */
export const erfc = (x: Scalar): Scalar => (x.dtype === 'float32' ? erfc32(x) : erfc64(x))
