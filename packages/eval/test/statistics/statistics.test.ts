import {
  type Interval,
  labelMultiplier,
  mean,
  meanInterval,
  pairedInterval,
  standardError,
  studentT,
  verdictOf,
} from '@rootstock/eval'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { uniformStream } from '../../src/statistics/generator.ts'
import { quantile } from '../../src/statistics/moments.ts'
import { risingCurve } from '../../src/statistics/multiplier.ts'

const number = fc.double({ min: -50, max: 50, noNaN: true })
const few = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 12 })
const ends = (interval: Interval | null) => [interval!.low, interval!.high] as const

describe('moments', () => {
  test('mean, standard error and quantiles of known values', () => {
    expect(mean([2, 4, 4, 4, 5, 5, 7, 9])).toBe(5)
    expect(standardError([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12)
    expect(mean([])).toBeNaN()
    expect(standardError([1])).toBeNaN()
    expect([0, 0.25, 0.5, 1].map((p) => quantile([1, 2, 3, 4], p))).toEqual([1, 1.75, 2.5, 4])
  })

  test('the stream of uniform numbers is uniform, and the same for the same seed', () => {
    const next = uniformStream(5)
    const values = Array.from({ length: 20_000 }, next)
    expect(mean(values)).toBeCloseTo(0.5, 2)
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
    const again = uniformStream(5)
    expect(values.slice(0, 5)).toEqual(Array.from({ length: 5 }, again))
  })

  test("Student's t agrees with the tables", () => {
    const table = [
      [0.95, 1, 12.7062047362],
      [0.95, 2, 4.3026527297],
      [0.95, 4, 2.7764451052],
      [0.95, 9, 2.2621571628],
      [0.99, 5, 4.0321429836],
      [0.9, 30, 1.6972608866],
    ] as const
    for (const [confidence, degrees, value] of table)
      expect(studentT(confidence, degrees)).toBeCloseTo(value, 8)
  })
})

describe('intervals', () => {
  test('an interval holds the mean, moves with the values and turns with their sign', () => {
    fc.assert(
      fc.property(few, fc.integer({ min: -8, max: 8 }), (values, shift) => {
        const interval = meanInterval(values)
        fc.pre(interval !== null && interval.high - interval.low > 1e-6)
        const [low, high] = ends(interval)
        const centre = mean(values)
        expect(low).toBeLessThanOrEqual(centre)
        expect(high).toBeGreaterThanOrEqual(centre)
        const moved = ends(meanInterval(values.map((value) => value + shift)))
        expect(moved[0]).toBeCloseTo(low + shift, 5)
        expect(moved[1]).toBeCloseTo(high + shift, 5)
        const turned = ends(meanInterval(values.map((value) => -value)))
        // Quantiles of the turned resamples are the turned quantiles.
        expect(turned[0]).toBeCloseTo(-high, 5)
        expect(turned[1]).toBeCloseTo(-low, 5)
      }),
      { seed: 11, numRuns: 60 },
    )
  })

  test('more confidence is wider, and the same seed gives the same interval', () => {
    const values = [0.02, 0.05, 0.01, 0.04, 0.03, 0.09]
    const [low90, high90] = ends(meanInterval(values, { confidence: 0.9 }))
    const [low99, high99] = ends(meanInterval(values, { confidence: 0.99 }))
    expect(low99).toBeLessThan(low90)
    expect(high99).toBeGreaterThan(high90)
    expect(meanInterval(values)).toEqual(meanInterval(values, { seed: 0, resamples: 2000 }))
  })

  test('one value far from others that hardly differ does not make the interval endless', () => {
    const [low, high] = ends(meanInterval([0.2, 1e-7, 0, 0, 0]))
    expect(high - low).toBeLessThan(1)
  })

  test('below five values the interval is that of Student', () => {
    const values = [1, 2, 3]
    const reach = studentT(0.95, 2) * standardError(values)
    expect(meanInterval(values)).toEqual({ low: 2 - reach, high: 2 + reach })
  })

  test('what all values share cancels between pairs', () => {
    const b = [0.5, 0.9, 0.1, 0.7]
    const a = b.map((value, i) => value + 0.1 + 0.01 * i)
    const [low, high] = ends(pairedInterval(a, b))
    expect(low).toBeGreaterThan(0.09)
    expect(high).toBeLessThan(0.14)
  })

  test('there is no interval from one value, from NaN, or from too few equal values', () => {
    expect(meanInterval([])).toBeNull()
    expect(meanInterval([1])).toBeNull()
    expect(meanInterval([1, Number.NaN, 2])).toBeNull()
    const difference = 0.91 - 0.9
    expect(meanInterval([difference, 0.71 - 0.7, 0.01])).toBeNull()
    const six = meanInterval([1, 1, 1, 1, 1, 1])
    expect(six).toEqual({ low: 1, high: 1 })
    expect(verdictOf(meanInterval([0, 0, 0, 0, 0, 0]))).toBe('no gain shown')
  })

  test('wrong options and unpaired values are named', () => {
    expect(() => meanInterval([1, 2], { confidence: 95 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in meanInterval
        confidence  95
        resamples   2000
        rule        confidence must lie between 0 and 1, and resamples must be at least 100]
    `)
    expect(() => pairedInterval([1, 2], [1])).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in pairedInterval
        a     2 numbers
        b     1 numbers
        rule  both sides must have one number for each pair]
    `)
  })
})

describe('verdicts', () => {
  test.for([
    [{ low: 0.01, high: 0.2 }, 'helps'],
    [{ low: 0, high: 0.2 }, 'no gain shown'],
    [{ low: -0.1, high: 0.2 }, 'no gain shown'],
    [{ low: -0.2, high: 0 }, 'no gain shown'],
    [{ low: -0.2, high: -0.01 }, 'hurts'],
    [null, 'no gain shown'],
  ] as const)('%o is %s', ([interval, verdict]) => {
    expect(verdictOf(interval)).toBe(verdict)
  })

  test('without any effect, about 5 in 100 verdicts say that there is one', () => {
    const next = uniformStream(9)
    const draw = () => next() + next() + next() - 1.5
    const said = Array.from({ length: 400 }, (_, seed) =>
      verdictOf(meanInterval(Float64Array.from({ length: 10 }, draw), { resamples: 200, seed })),
    ).filter((verdict) => verdict !== 'no gain shown')
    expect(said.length / 400).toBeLessThan(0.075)
    expect(said.length).toBeGreaterThan(0)
  })
})

describe('the label multiplier', () => {
  const scratch = [
    { labels: 10, score: 0.5 },
    { labels: 100, score: 0.7 },
    { labels: 1000, score: 0.8 },
  ]

  test('interpolates in the logarithm of the label count', () => {
    const half = labelMultiplier(scratch, { labels: 10, score: 0.6 })
    expect(half.kind).toBe('equal')
    expect(half.kind === 'equal' && half.value).toBeCloseTo(Math.sqrt(10), 12)
  })

  test('the reference measured against itself needs its own labels, flat or not', () => {
    for (const point of scratch)
      expect(labelMultiplier(scratch, point)).toEqual({ kind: 'equal', value: 1 })
    const flat = scratch.map(({ labels }) => ({ labels, score: 0.5 }))
    for (const point of flat)
      expect(labelMultiplier(flat, point)).toEqual({ kind: 'equal', value: 1 })
  })

  test('beyond the measured range it is a bound', () => {
    expect(labelMultiplier(scratch, { labels: 10, score: 0.81 })).toEqual({
      kind: 'more than',
      value: 100,
    })
    expect(labelMultiplier(scratch, { labels: 100, score: 0.4 })).toEqual({
      kind: 'less than',
      value: 0.1,
    })
  })

  test('one label count, or no score, is not measured', () => {
    expect([
      labelMultiplier(scratch.slice(0, 1), { labels: 10, score: 0.9 }),
      labelMultiplier([], { labels: 10, score: 0.9 }),
      labelMultiplier(scratch, { labels: 10, score: Number.NaN }),
    ]).toMatchInlineSnapshot(`
      [
        {
          "kind": "not measured",
          "reason": "the reference has scores at fewer than two label counts",
        },
        {
          "kind": "not measured",
          "reason": "the reference has scores at fewer than two label counts",
        },
        {
          "kind": "not measured",
          "reason": "this arm has no score here",
        },
      ]
    `)
  })

  test('a better score never needs fewer labels', () => {
    const curve = fc
      .uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 2, maxLength: 7 })
      .chain((counts) =>
        fc.tuple(...counts.map((labels) => number.map((score) => ({ labels, score })))),
      )
    fc.assert(
      fc.property(curve, number, number, (points, a, b) => {
        const value = (score: number) => {
          const found = labelMultiplier(points, { labels: 20, score })
          return found.kind === 'not measured' ? Number.NaN : found.value
        }
        expect(value(Math.min(a, b))).toBeLessThanOrEqual(value(Math.max(a, b)) * (1 + 1e-9))
      }),
      { seed: 12 },
    )
  })

  test('an arm that is worse than the reference with the same labels is never worth more', () => {
    const falling = [
      { labels: 10, score: 0.8 },
      { labels: 100, score: 0.6 },
    ]
    expect(labelMultiplier(falling, { labels: 10, score: 0.75 })).toEqual({
      kind: 'equal',
      value: 1,
    })
    expect(labelMultiplier(falling, { labels: 100, score: 0.65 })).toEqual({
      kind: 'equal',
      value: 1,
    })
    expect(labelMultiplier(falling, { labels: 10, score: 0.9 })).toEqual({
      kind: 'more than',
      value: 10,
    })
  })

  test('a dip of the curve is levelled, the sum of its scores kept', () => {
    const curve = [
      { labels: 1, score: 0.5 },
      { labels: 2, score: 0.8 },
      { labels: 4, score: 0.6 },
      { labels: 8, score: 0.9 },
    ]
    expect(risingCurve(curve).map((point) => point.score)).toEqual([0.5, 0.7, 0.7, 0.9])
  })
})
