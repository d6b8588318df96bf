/** Samples of the elementwise primitives. */

import type { Primitive } from '../../primitives/define.ts'
import * as primitive from '../../primitives/elementwise.ts'
import { bools, floats, ints, type Sample, type Span, samplesOf, spread } from './sample.ts'

const specials = [0, -0, Infinity, -Infinity, NaN, 1e30, -1e30, 1e-30]

/** One input: shapes of every kind inside `span`, then the special points for which it is defined. */
const unary = <P>(
  of: Primitive<P>,
  params: P,
  span: Span,
  kinks: readonly number[] = [],
  isDefined: (x: number) => boolean = () => true,
): Sample[] => {
  const at = samplesOf(of)
  const points = [...specials.filter(isDefined), ...kinks]
  return [
    at('0-d', [spread([], 1, span)], params),
    at('size 0', [spread([2, 0], 2, span)], params),
    at('size 1', [spread([1], 3, span)], params),
    at('non-square', [spread([3, 2], 4, span)], params),
    at('rank 3', [spread([2, 1, 3], 5, span)], params),
    // one by one: in a sum over several a NaN would hide the others
    ...points.map((x) => at(`at ${x}`, [floats([x])], params, { smooth: false })),
  ]
}

type Pair = readonly [a: number, b: number]

const pairs = (xs: readonly number[]): Pair[] => xs.flatMap((a) => xs.map((b): Pair => [a, b]))

const columns = (list: readonly Pair[]) => [
  floats(list.map(([a]) => a)),
  floats(list.map(([, b]) => b)),
]

/** Two inputs: shapes of every kind, then pairs of special points; `isDefined` says where derivatives are finite. */
const binary = <P>(
  of: Primitive<P>,
  params: P,
  left: Span,
  right: Span,
  isDefined: (pair: Pair) => boolean = () => true,
): Sample[] => {
  const at = samplesOf(of)
  const both = (shape: readonly number[], seed: number) => [
    spread(shape, seed, left),
    spread(shape, seed + 50, right),
  ]
  return [
    at('0-d', both([], 1), params),
    at('size 0', both([0, 3], 2), params),
    at('size 1', both([1, 1], 3), params),
    at('non-square', both([2, 3], 4), params),
    at('ties and zeros', columns(pairs([0, -0, 1, -1, 2.5]).filter(isDefined)), params, {
      smooth: false,
    }),
    at('special pairs', columns(pairs([0, -0, 1, -1, -Infinity, Infinity, NaN])), params, {
      smooth: false,
    }),
  ]
}

/** Two inputs of int32, with the ends of the range. */
const wholes = <P>(of: Primitive<P>, params: P): Sample => {
  const list = pairs([0, 1, -1, 7, -3, 2 ** 31 - 1, -(2 ** 31)])
  return samplesOf(of)('int32', [ints(list.map(([a]) => a)), ints(list.map(([, b]) => b))], params)
}

const wide = { from: -2, to: 2 }
const positive = { from: 0.2, to: 3 }
const away = { from: 0.5, to: 2 }

const int32Ends = ints([0, 1, -1, 2 ** 31 - 1, -(2 ** 31)])

export const neg = [
  ...unary(primitive.negPrimitive, null, wide),
  samplesOf(primitive.negPrimitive)('int32', [int32Ends], null),
]
export const abs = [
  ...unary(primitive.absPrimitive, null, wide),
  samplesOf(primitive.absPrimitive)('int32', [int32Ends], null),
]
export const exp = [
  ...unary(primitive.expPrimitive, null, { from: -5, to: 5 }, [88, 710, -745]),
  ...(['gradual', 'abrupt'] as const).flatMap((underflow) =>
    unary(
      primitive.expPrimitive,
      { atMost: 0, underflow },
      { from: -5, to: -0.1 },
      [-87.6, -88, -104, -708, -745],
      (x) => !(x > 0),
    ),
  ),
]
export const expm1 = unary(primitive.expm1Primitive, null, wide, [1e-9, 40])
export const log = unary(primitive.logPrimitive, null, positive, [1, 5e-324])
export const log1p = unary(primitive.log1pPrimitive, null, { from: -0.8, to: 3 }, [-1, 1e-9])
export const sqrt = unary(primitive.sqrtPrimitive, null, positive, [4])
export const sine = ([0, 1, 2, 3] as const).flatMap((quarter) =>
  unary(primitive.sinePrimitive, { quarter }, { from: -7, to: 7 }, [1e5]),
)
export const tanh = unary(primitive.tanhPrimitive, null, wide, [30, -30])
export const sigmoid = unary(primitive.sigmoidPrimitive, null, { from: -6, to: 6 }, [40, -800])
export const erf = [true, false].flatMap((complement) =>
  unary(primitive.erfPrimitive, { complement }, wide, [6, -6, 26]),
)
export const round = (['floor', 'ceil', 'nearest', 'trunc'] as const).flatMap((mode) =>
  unary(primitive.roundPrimitive, { mode }, { from: 0.1, to: 0.4 }, [0.5, 1.5, -0.5, 2 ** 31]),
)
export const stopGradient = [
  samplesOf(primitive.stopGradientPrimitive)('a constant', [spread([2, 2], 1)], null, {
    smooth: false,
  }),
  samplesOf(primitive.stopGradientPrimitive)('bool', [bools([0, 1])], null),
]

const converted = samplesOf(primitive.convertPrimitive)
const convertible = floats([...specials, 1.5, -1.5, 2 ** 31, -(2 ** 31) - 1, 0.3])
export const convert = [
  converted('wider', [spread([2, 3], 1)], { dtype: 'float64' }),
  // rounding to float32 hides differences of this size
  converted('narrower', [spread([2, 3], 2)], { dtype: 'float32' }, { smooth: false }),
  converted('to int32', [convertible], { dtype: 'int32' }),
  converted('to bool', [convertible], { dtype: 'bool' }),
  converted('from int32', [int32Ends], { dtype: 'float64' }),
  converted('from int32 to float32', [int32Ends], { dtype: 'float32' }),
  converted('from bool', [bools([0, 1], [1, 2])], { dtype: 'float32' }),
  converted('from bool to int32', [bools([1, 0])], { dtype: 'int32' }),
  converted('size 0', [spread([0], 3)], { dtype: 'float32' }),
]

export const add = [
  ...binary(primitive.addPrimitive, null, wide, wide),
  wholes(primitive.addPrimitive, null),
]
export const sub = [
  ...binary(primitive.subPrimitive, null, wide, wide),
  wholes(primitive.subPrimitive, null),
]
export const mul = [
  ...binary(primitive.mulPrimitive, null, wide, wide),
  wholes(primitive.mulPrimitive, null),
]
export const div = [
  ...binary(primitive.divPrimitive, null, wide, away, ([, b]) => b !== 0),
  wholes(primitive.divPrimitive, null),
]
export const pow = binary(
  primitive.powPrimitive,
  null,
  positive,
  wide,
  ([a, b]) => a > 0 || (a === 0 && b >= 1),
)
export const extremum = (['max', 'min'] as const).flatMap((op) => [
  ...binary(primitive.extremumPrimitive, { op }, wide, wide),
  wholes(primitive.extremumPrimitive, { op }),
])
export const atan2 = binary(
  primitive.atan2Primitive,
  null,
  wide,
  away,
  ([a, b]) => a !== 0 || b !== 0,
)
