/**
 * Elementwise arithmetic and transcendental functions. Every lowering is one scalar expression, so chains of these fuse
 * into one loop. Derivatives at kinks follow one convention: 0 at the kink of `abs`, half each at ties of `maximum`.
 */
import type { DType } from '../dtype.ts'
import type { Scalar } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import * as expansion from '../loop/transcendental.ts'
import type { Tensor } from '../tensor.ts'
import { bind1 } from '../trace/interpreter.ts'
import { fullOf, zerosOf } from './broadcast.ts'
import { type Derivative, define, type Primitive } from './define.ts'
import { compare, select } from './logic.ts'
import { type Accepts, floats, numbers, sameAsInput, sameForBoth } from './rules.ts'

const unary = (
  name: string,
  accepts: Accepts,
  derivative: Derivative<null>,
  scalar: (x: Scalar) => Scalar,
): Primitive<null> =>
  define<null>({
    name,
    shape: sameAsInput(name, accepts),
    derivative,
    batch: 'elementwise',
    lower: { kind: 'map', scalar: ([x]) => scalar(x!) },
  })

const binary = (
  name: string,
  accepts: Accepts,
  derivative: Derivative<null>,
  scalar: (a: Scalar, b: Scalar) => Scalar,
  symbol = name,
): Primitive<null> =>
  define<null>({
    name,
    symbol,
    shape: sameForBoth(name, accepts),
    derivative,
    batch: 'elementwise',
    lower: { kind: 'map', scalar: ([a, b]) => scalar(a!, b!) },
  })

/** Derivative of y = f(x) from the factor dy/dx. */
const factor = <P = null>(of: (x: Tensor, y: Tensor) => Tensor): Derivative<P> => ({
  kind: 'smooth',
  partials: [(t, [x], [y]) => mul(t, of(x!, y!))],
})

const apply1 = (primitive: Primitive<null>) => (x: Tensor) => bind1(primitive, [x], null)
const apply2 = (primitive: Primitive<null>) => (a: Tensor, b: Tensor) =>
  bind1(primitive, [a, b], null)

export const negPrimitive = unary(
  'neg',
  numbers,
  { kind: 'linear', transpose: ([ct]) => [neg(ct!)] },
  s.neg,
)
/** -x */
export const neg = apply1(negPrimitive)

export const absPrimitive = unary(
  'abs',
  numbers,
  factor((x) => sign(x)),
  s.abs,
)
/** |x|; derivative 0 at 0. */
export const abs = apply1(absPrimitive)

/** -1, 0 or 1; NaN stays NaN. */
export const sign = (x: Tensor): Tensor => {
  const zero = zerosOf(x)
  const negative = select(compare(x, zero, { op: 'lt' }), fullOf(x, -1), stopGradient(x))
  return select(compare(zero, x, { op: 'lt' }), fullOf(x, 1), negative)
}

/**
 * What is known of the arguments of `exp`: no more than the bound, or nothing. Where they are bounded, results below the normal
 * numbers may be 0 (abrupt underflow).
 */
export type Exponent = { readonly atMost: 0; readonly underflow: 'gradual' | 'abrupt' } | null

const exponentials = { gradual: expansion.expNonPositive, abrupt: expansion.expAbrupt }

export const expPrimitive = define<Exponent>({
  name: 'exp',
  shape: sameAsInput('exp', floats),
  derivative: factor<Exponent>((_, y) => y),
  batch: 'elementwise',
  lower: {
    kind: 'map',
    scalar: ([x], known) => (known === null ? expansion.exp : exponentials[known.underflow])(x!),
  },
})
/** e^x */
export const exp = (x: Tensor): Tensor => bind1(expPrimitive, [x], null)
/** e^x for x that are not above 0, which costs less; above 67 the result means nothing. */
export const expNonPositive = (x: Tensor): Tensor =>
  bind1(expPrimitive, [x], { atMost: 0, underflow: 'gradual' })
/** The same, and 0 where the result would be below the normal numbers, which costs still less. */
export const expAbrupt = (x: Tensor): Tensor =>
  bind1(expPrimitive, [x], { atMost: 0, underflow: 'abrupt' })

export const expm1Primitive = unary(
  'expm1',
  floats,
  factor((x, y) => add(y, fullOf(x, 1))),
  expansion.expm1,
)
/** e^x - 1, accurate near 0. */
export const expm1 = apply1(expm1Primitive)

/** Derivative t / of(x): one rounding where a product with the reciprocal has two. */
const quotient = (of: (x: Tensor) => Tensor): Derivative<null> => ({
  kind: 'smooth',
  partials: [(t, [x]) => div(t, of(x!))],
})

export const logPrimitive = unary(
  'log',
  floats,
  quotient((x) => x),
  expansion.log,
)
/** Natural logarithm. */
export const log = apply1(logPrimitive)

export const log1pPrimitive = unary(
  'log1p',
  floats,
  quotient((x) => add(x, fullOf(x, 1))),
  expansion.log1p,
)
/** log(1 + x), accurate near 0. */
export const log1p = apply1(log1pPrimitive)

export const sqrtPrimitive = unary(
  'sqrt',
  floats,
  { kind: 'smooth', partials: [(t, _, [y]) => div(mul(t, fullOf(y!, 0.5)), y!)] },
  s.sqrt,
)
/** Square root. */
export const sqrt = apply1(sqrtPrimitive)

/** A sine, `quarter` quarter turns ahead: 0 is sin, 1 cos, 2 -sin, 3 -cos. */
export interface Phase {
  readonly quarter: 0 | 1 | 2 | 3
}

const nextPhase = { 0: 1, 1: 2, 2: 3, 3: 0 } as const

export const sinePrimitive = define<Phase>({
  name: 'sine',
  shape: sameAsInput('sine', floats),
  derivative: {
    kind: 'smooth',
    partials: [(t, [x], _, { quarter }) => mul(t, sine(x!, { quarter: nextPhase[quarter] }))],
  },
  batch: 'elementwise',
  lower: {
    kind: 'map',
    scalar: ([x], { quarter }) => {
      const wave = quarter % 2 === 0 ? expansion.sin(x!) : expansion.cos(x!)
      return quarter < 2 ? wave : s.neg(wave)
    },
  },
})
const sine = (x: Tensor, params: Phase): Tensor => bind1(sinePrimitive, [x], params)
/** Sine of x radians. */
export const sin = (x: Tensor): Tensor => sine(x, { quarter: 0 })
/** Cosine of x radians. */
export const cos = (x: Tensor): Tensor => sine(x, { quarter: 1 })

export const tanhPrimitive = unary(
  'tanh',
  floats,
  factor((_, y) => sub(fullOf(y, 1), mul(y, y))),
  expansion.tanh,
)
/** Hyperbolic tangent. */
export const tanh = apply1(tanhPrimitive)

export const sigmoidPrimitive = unary(
  'sigmoid',
  floats,
  factor((_, y) => mul(y, sub(fullOf(y, 1), y))),
  expansion.sigmoid,
)
/** 1 / (1 + e^-x) */
export const sigmoid = apply1(sigmoidPrimitive)

const gaussian = (x: Tensor, scale: number): Tensor =>
  mul(fullOf(x, scale), expNonPositive(neg(mul(x, x))))
const slope = 2 / Math.sqrt(Math.PI)

/** Whether the error function is taken from 1. */
export interface Tail {
  readonly complement: boolean
}

export const erfPrimitive = define<Tail>({
  name: 'erf',
  shape: sameAsInput('erf', floats),
  derivative: {
    kind: 'smooth',
    partials: [(t, [x], _, { complement }) => mul(t, gaussian(x!, complement ? -slope : slope))],
  },
  batch: 'elementwise',
  lower: {
    kind: 'map',
    scalar: ([x], { complement }) => (complement ? expansion.erfc(x!) : expansion.erf(x!)),
  },
})
/** Error function. */
export const erf = (x: Tensor): Tensor => bind1(erfPrimitive, [x], { complement: false })
/** 1 - erf(x), accurate in the right tail. */
export const erfc = (x: Tensor): Tensor => bind1(erfPrimitive, [x], { complement: true })

/** How `round` rounds: `nearest` takes halves to even. */
export interface Rounding {
  readonly mode: 'floor' | 'ceil' | 'nearest' | 'trunc'
}

export const roundPrimitive = define<Rounding>({
  name: 'round',
  shape: sameAsInput('round', floats),
  derivative: { kind: 'constant', because: 'rounding is flat except at its steps' },
  batch: 'elementwise',
  lower: { kind: 'map', scalar: ([x], { mode }) => s[mode](x!) },
})
/** Rounds to a whole number. */
export const round = (x: Tensor, params: Rounding): Tensor => bind1(roundPrimitive, [x], params)

export const convertPrimitive = define<{ readonly dtype: DType }>({
  name: 'convert',
  shape: ([x], { dtype }) => [{ shape: x!.shape, dtype }],
  derivative: {
    kind: 'linear',
    transpose: ([ct], _, __, [x]) => [convert(ct!, { dtype: x!.dtype })],
  },
  batch: 'elementwise',
  lower: { kind: 'map', scalar: ([x], { dtype }) => s.convert(x!, dtype) },
})
/** The elements as another dtype; float to int32 truncates and saturates, anything to bool is `x != 0`. */
export const convert = (x: Tensor, params: { readonly dtype: DType }): Tensor =>
  x.dtype === params.dtype ? x : bind1(convertPrimitive, [x], params)

export const stopGradientPrimitive = define<null>({
  name: 'stopGradient',
  shape: ([x]) => [{ shape: x!.shape, dtype: x!.dtype }],
  derivative: { kind: 'constant', because: 'stopGradient was asked for' },
  batch: 'elementwise',
  lower: { kind: 'map', scalar: ([x]) => x! },
})
/** x, taken as a constant by every derivative. */
export const stopGradient = apply1(stopGradientPrimitive)

export const addPrimitive = binary(
  'add',
  numbers,
  { kind: 'linear', transpose: ([ct]) => [ct!, ct!], partials: [(t) => t, (t) => t] },
  s.add,
  '+',
)
/** a + b */
export const add = apply2(addPrimitive)

export const subPrimitive = binary(
  'sub',
  numbers,
  { kind: 'linear', transpose: ([ct]) => [ct!, neg(ct!)], partials: [(t) => t, (t) => neg(t)] },
  s.sub,
  '−',
)
/** a - b */
export const sub = apply2(subPrimitive)

export const mulPrimitive = binary(
  'mul',
  numbers,
  {
    kind: 'bilinear',
    transpose: ([ct], [a, b]) => (a === null ? [mul(ct!, b!), null] : [null, mul(ct!, a!)]),
  },
  s.mul,
  '×',
)
/** a * b */
export const mul = apply2(mulPrimitive)

export const divPrimitive = binary(
  'div',
  numbers,
  {
    kind: 'smooth',
    partials: [(t, [, b]) => div(t, b!), (t, [, b], [y]) => neg(div(mul(t, y!), b!))],
    transpose: ([ct], [, b]) => [div(ct!, b!), null],
  },
  s.div,
  '÷',
)
/** a / b; for int32 toward zero, and 0 where b is 0. */
export const div = apply2(divPrimitive)

const isZero = (x: Tensor): Tensor => compare(x, zerosOf(x), { op: 'eq' })

export const powPrimitive = binary(
  'pow',
  floats,
  {
    kind: 'smooth',
    partials: [
      // y x^(y-1), and 0 where y is 0 even at x = 0
      (t, [x, y]) => {
        const moving = mul(y!, pow(x!, sub(y!, fullOf(y!, 1))))
        return mul(t, select(isZero(y!), zerosOf(y!), moving))
      },
      // x^y log x, and 0 at x = 0 where x^y does not move
      (t, [x, y], [power]) => {
        const still = compare(zerosOf(y!), y!, { op: 'le' })
        const flat = select(isZero(x!), still, compare(y!, y!, { op: 'lt' }))
        // the logarithm of a harmless number where it is not used, so that no NaN is multiplied by 0
        const base = select(flat, fullOf(x!, 1), x!)
        return mul(t, select(flat, zerosOf(x!), mul(power!, log(base))))
      },
    ],
  },
  expansion.pow,
)
/** x^y */
export const pow = apply2(powPrimitive)

/** 1 where a is the winner, 1/2 at ties, else 0. */
const share = (winner: Tensor, loser: Tensor): Tensor => {
  const tie = select(compare(winner, loser, { op: 'eq' }), fullOf(winner, 0.5), zerosOf(winner))
  return select(compare(loser, winner, { op: 'lt' }), fullOf(winner, 1), tie)
}

/** Which of two values wins. */
export interface Extremum {
  readonly op: 'max' | 'min'
}

export const extremumPrimitive = define<Extremum>({
  name: 'extremum',
  shape: sameForBoth('extremum', numbers),
  derivative: {
    kind: 'smooth',
    partials: [
      (t, [a, b], _, { op }) => mul(t, op === 'max' ? share(a!, b!) : share(b!, a!)),
      (t, [a, b], _, { op }) => mul(t, op === 'max' ? share(b!, a!) : share(a!, b!)),
    ],
  },
  batch: 'elementwise',
  lower: { kind: 'map', scalar: ([a, b], { op }) => s[op](a!, b!) },
})
/** The larger one; NaN if either is NaN. */
export const maximum = (a: Tensor, b: Tensor): Tensor =>
  bind1(extremumPrimitive, [a, b], { op: 'max' })
/** The smaller one; NaN if either is NaN. */
export const minimum = (a: Tensor, b: Tensor): Tensor =>
  bind1(extremumPrimitive, [a, b], { op: 'min' })

/** Remainder of int32 division with the sign of the dividend. */
export const rem = (a: Tensor, b: Tensor): Tensor => sub(a, mul(div(a, b), b))

export const atan2Primitive = binary(
  'atan2',
  floats,
  {
    kind: 'smooth',
    partials: [
      (t, [y, x]) => mul(t, div(x!, add(mul(x!, x!), mul(y!, y!)))),
      (t, [y, x]) => neg(mul(t, div(y!, add(mul(x!, x!), mul(y!, y!))))),
    ],
  },
  expansion.atan2,
)
/** Angle of the point (x, y), in [-pi, pi]. */
export const atan2 = apply2(atan2Primitive)

/** Arc tangent, in [-pi/2, pi/2]. */
export const atan = (x: Tensor): Tensor => atan2(x, fullOf(x, 1))
