import { describe, expect, test } from 'vitest'
import {
  atan,
  atan2,
  cos,
  erf,
  erfc,
  exp,
  expm1,
  log,
  log1p,
  type Operand,
  pow,
  referenceBackend,
  sigmoid,
  sin,
  type Tensor,
  tanh,
  tensor,
  withBackend,
} from '../../src/index.ts'
import * as primitive from '../../src/primitives/elementwise.ts'
import * as precise from './precise.ts'

type Unary = (x: Operand) => Tensor

const evaluate = (f: () => Tensor): number[] =>
  withBackend(referenceBackend(), () => Array.from(f().data()))

const expNonPositive: Unary = (x) => primitive.expNonPositive(x as Tensor)
const expAbrupt: Unary = (x) => primitive.expAbrupt(x as Tensor)

/** Where the functions are tested: stretches of the number line, walked through every binade. */
interface Case {
  readonly f: Unary
  readonly math: (x: number) => number
  readonly exact: (x: precise.Fixed) => precise.Fixed
  /** Ends of the magnitudes tested, for positive and negative arguments. */
  readonly positive: readonly [number, number] | null
  readonly negative: readonly [number, number] | null
}

const cases: Readonly<Record<string, Case>> = {
  exp: {
    f: exp,
    math: Math.exp,
    exact: precise.exp,
    positive: [2 ** -20, 88.7],
    negative: [2 ** -20, 103],
  },
  expNonPositive: {
    f: expNonPositive,
    math: Math.exp,
    exact: precise.exp,
    positive: null,
    negative: [2 ** -20, 103],
  },
  expAbrupt: {
    f: expAbrupt,
    math: Math.exp,
    exact: precise.exp,
    positive: null,
    negative: [2 ** -20, 87.3],
  },
  expm1: {
    f: expm1,
    math: Math.expm1,
    exact: precise.expm1,
    positive: [2 ** -40, 88],
    negative: [2 ** -40, 30],
  },
  log: {
    f: log,
    math: Math.log,
    exact: precise.log,
    positive: [2 ** -149, 3e38],
    negative: null,
  },
  log1p: {
    f: log1p,
    math: Math.log1p,
    exact: precise.log1p,
    positive: [2 ** -60, 3e38],
    negative: [2 ** -60, 1 - 2 ** -20],
  },
  sin: {
    f: sin,
    math: Math.sin,
    exact: precise.sin,
    positive: [2 ** -40, 1.6e6],
    negative: [2 ** -40, 1.6e6],
  },
  cos: {
    f: cos,
    math: Math.cos,
    exact: precise.cos,
    positive: [2 ** -40, 1.6e6],
    negative: [2 ** -40, 1.6e6],
  },
  atan: {
    f: atan,
    math: Math.atan,
    exact: precise.atan,
    positive: [2 ** -60, 2 ** 60],
    negative: [2 ** -60, 2 ** 60],
  },
  tanh: {
    f: tanh,
    math: Math.tanh,
    exact: precise.tanh,
    positive: [2 ** -60, 30],
    negative: [2 ** -60, 30],
  },
  sigmoid: {
    f: sigmoid,
    math: (x) => 1 / (1 + Math.exp(-x)),
    exact: precise.sigmoid,
    positive: [2 ** -10, 40],
    negative: [2 ** -10, 87],
  },
}

/** `count` numbers between two positive ones, as many in each binade. */
const between = ([low, high]: readonly [number, number], count: number, sign: 1 | -1): number[] =>
  Array.from({ length: count }, (_, i) => {
    const binade = Math.log2(low) + ((i + 0.5) / count) * Math.log2(high / low)
    // the fraction of the golden ratio spreads the significands
    const x = 2 ** Math.floor(binade) * (1 + ((i * 0.6180339887498949) % 1))
    return sign * Math.min(Math.max(x, low), high)
  })

const pointsOf = ({ positive, negative }: Case, count: number): number[] => [
  ...(positive === null ? [] : between(positive, count, 1)),
  ...(negative === null ? [] : between(negative, count, -1)),
]

/** Units in the last place of the float32 nearest to `exact` by which `x` misses it. */
const ulps32 = (x: number, exact: number): number => {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(exact))), -126)
  return x === exact ? 0 : Math.abs(x - exact) / 2 ** (exponent - 23)
}

const largest = (errors: readonly number[]): number => errors.reduce((a, b) => Math.max(a, b), 0)

const errors32 = (f: Unary, math: (x: number) => number, points: readonly number[]): number[] => {
  const xs = Float32Array.from(points)
  return evaluate(() => f(tensor(xs))).map((y, i) => ulps32(y, math(xs[i]!)))
}

const errors64 = (
  f: Unary,
  exact: (x: precise.Fixed) => precise.Fixed,
  points: readonly number[],
): number[] => {
  const xs = Float64Array.from(points)
  return evaluate(() => f(tensor(xs))).map((y, i) => precise.ulps(y, exact(precise.fixed(xs[i]!))))
}

describe('float32 functions are within 2 units in the last place of float64 ones', () => {
  test.each(Object.keys(cases).filter((name) => name !== 'sigmoid'))('%s', (name) => {
    const { f, math } = cases[name]!
    expect(largest(errors32(f, math, pointsOf(cases[name]!, 20_000)))).toBeLessThan(2)
  })

  test('sigmoid, except that its left side needs 2.5', () => {
    const { f, math, positive, negative } = cases.sigmoid!
    expect(largest(errors32(f, math, between(positive!, 20_000, 1)))).toBeLessThan(2)
    expect(largest(errors32(f, math, between(negative!, 20_000, -1)))).toBeLessThan(2.5)
  })

  test('erf, and erfc except that its tail needs 5.5, against those in float64', () => {
    const points = [...between([2 ** -60, 5], 20_000, 1), ...between([2 ** -60, 5], 20_000, -1)]
    const reference = (f: Unary) => {
      const values = evaluate(() => f(tensor(Float64Array.from(points, Math.fround))))
      const exact = new Map(points.map((x, i) => [Math.fround(x), values[i]!]))
      return (x: number) => exact.get(x)!
    }
    expect(largest(errors32(erf, reference(erf), points))).toBeLessThan(2)
    expect(largest(errors32(erfc, reference(erfc), points))).toBeLessThan(5.5)
    const near = points.filter((x) => x < 0.75)
    expect(largest(errors32(erfc, reference(erfc), near))).toBeLessThan(2)
  })

  test('pow and atan2, of two arguments', () => {
    const xs = Float32Array.from(between([2 ** -10, 2 ** 10], 20_000, 1))
    const ys = Float32Array.from({ length: xs.length }, (_, i) => 8 * Math.sin(i))
    const worst = (f: (a: Tensor, b: Tensor) => Tensor, math: (a: number, b: number) => number) =>
      largest(
        evaluate(() => f(tensor(xs), tensor(ys))).map((z, i) => ulps32(z, math(xs[i]!, ys[i]!))),
      )
    expect(worst(pow, Math.pow)).toBeLessThan(0.52)
    expect(worst(atan2, Math.atan2)).toBeLessThan(2)
  })
})

describe('float64 functions are within 2 units in the last place of exact values', () => {
  test.each(Object.keys(cases))('%s', (name) => {
    const { f, exact } = cases[name]!
    expect(largest(errors64(f, exact, pointsOf(cases[name]!, 250)))).toBeLessThan(2)
  })

  test('erf, and erfc within 3 until its tail', () => {
    const sides = (high: number) => [
      ...between([2 ** -60, high], 150, 1),
      ...between([2 ** -60, 6], 150, -1),
    ]
    expect(largest(errors64(erf, precise.erf, sides(6)))).toBeLessThan(2)
    expect(largest(errors64(erfc, precise.erfc, sides(9)))).toBeLessThan(3)
    const [ten, twenty] = evaluate(() => erfc(tensor(new Float64Array([10, 20]))))
    expect(ten! / 2.088487583762545e-45 - 1).toBeCloseTo(0, 15)
    expect(twenty! / 5.395865611607901e-176 - 1).toBeCloseTo(0, 15)
  })

  test('pow and atan2, of two arguments', () => {
    const xs = Float64Array.from(between([2 ** -10, 2 ** 10], 250, 1))
    const ys = Float64Array.from({ length: xs.length }, (_, i) => 60 * Math.sin(i + 1))
    const worst = (
      f: (a: Tensor, b: Tensor) => Tensor,
      exact: (a: precise.Fixed, b: precise.Fixed) => precise.Fixed,
    ) =>
      largest(
        evaluate(() => f(tensor(xs), tensor(ys))).map((z, i) =>
          precise.ulps(z, exact(precise.fixed(xs[i]!), precise.fixed(ys[i]!))),
        ),
      )
    expect(worst(pow, precise.pow)).toBeLessThan(1)
    expect(worst(atan2, precise.atan2)).toBeLessThan(2)
  })
})

const edges = [0, -0, Infinity, -Infinity, Number.NaN, 1, -1, 1e300, -1e300, 5e-324, -5e-324]

describe('zeros, infinities, NaN and the ends of the range are those of IEEE 754', () => {
  test.each(Object.keys(cases))('%s', (name) => {
    const { f, math, positive } = cases[name]!
    // far beyond 2^20 pi/2 sine and cosine promise no more than a number in [-1, 1]
    const isWave = name === 'sin' || name === 'cos'
    const near = isWave ? edges.filter((x) => Math.abs(x) !== 1e300) : edges
    const xs = positive === null ? near.filter((x) => !(x > 0)) : near
    const found = evaluate(() => f(tensor(Float64Array.from(xs))))
    found.forEach((y, i) => {
      const wanted = math(xs[i]!)
      if (Number.isFinite(wanted) && wanted !== 0) expect(y / wanted - 1).toBeCloseTo(0, 15)
      else expect([xs[i], y]).toEqual([xs[i], wanted])
    })
  })

  test('expAbrupt ends where powers of two do', () => {
    const ends = [-87.6, -87.7, -88.1, -104, -1e30]
    const found = (dtype: 'float32' | 'float64', xs: readonly number[]) =>
      evaluate(() => primitive.expAbrupt(tensor(xs, { dtype }))).map((y) => y > 0)
    expect(found('float32', ends)).toEqual([true, false, false, false, false])
    expect(found('float64', [-708.6, -708.8, -746])).toEqual([true, false, false])
  })

  test('pow and atan2 of all pairs of them', () => {
    const all = [...edges, 0.5, -0.5, 2, 3, -2, -3]
    const xs = Float64Array.from(all.flatMap((x) => all.map(() => x)))
    const ys = Float64Array.from(all.flatMap(() => all))
    const check = (found: readonly number[], math: (a: number, b: number) => number) => {
      found.forEach((z, i) => {
        const wanted = math(xs[i]!, ys[i]!)
        if (Number.isFinite(wanted) && Math.abs(wanted) > 1e-307)
          expect(z / wanted - 1).toBeCloseTo(0, 15)
        else expect([xs[i], ys[i], z]).toEqual([xs[i], ys[i], wanted])
      })
    }
    // JavaScript's 1 ** NaN and (+-1) ** Infinity are NaN, those of IEEE 754 are 1
    const power = (x: number, y: number) =>
      x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y
    check(
      evaluate(() => pow(tensor(xs), tensor(ys))),
      power,
    )
    check(
      evaluate(() => atan2(tensor(xs), tensor(ys))),
      Math.atan2,
    )
  })
})
