import { restarts, restartsNeeded } from '@rootstock/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('restartsNeeded', () => {
  test('is the least number of runs among which a success is that likely', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 0.999, noNaN: true }),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        (rate, confidence) => {
          const count = restartsNeeded(rate, confidence)
          const fails = (runs: number) => (1 - rate) ** runs
          expect(fails(count)).toBeLessThanOrEqual((1 - confidence) * (1 + 1e-9))
          if (count > 1) expect(fails(count - 1)).toBeGreaterThan((1 - confidence) * (1 - 1e-9))
        },
      ),
    )
  })

  test('knows certainty and hopelessness', () => {
    expect([restartsNeeded(1), restartsNeeded(0)]).toEqual([1, Infinity])
    expect(() => restartsNeeded(1.5)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in restartsNeeded
        rate        1.5
        confidence  0.95
        rule        rate must lie in [0, 1], and confidence between 0 and 1]
    `)
  })
})

describe('restarts', () => {
  const values = [0.5, Number.NaN, 0.1, Infinity, 0.3]
  const run = (seed: number) => ({ value: values[seed - 10]! })

  test('puts the best first and what is not a number last', () => {
    const { runs, success, needed } = restarts(run, { count: 5, from: 10, below: 0.4 })
    expect(runs.map(({ seed, run: { value } }) => [seed, value])).toEqual([
      [12, 0.1],
      [14, 0.3],
      [10, 0.5],
      [13, Infinity],
      [11, Number.NaN],
    ])
    expect(success.mean).toBe(0.4)
    expect(needed).toMatchObject({ mean: 6 })
  })

  test.each([
    // Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I, method 3
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('gives %i successes of %i the interval of the literature', (successes, count, low, high) => {
    const { success } = restarts((seed) => ({ value: seed }), { count, below: successes })
    expect(success.mean).toBeCloseTo(successes / count, 12)
    expect([success.low, success.high].map((end) => end.toFixed(4))).toEqual(
      [low, high].map((end) => end.toFixed(4)),
    )
  })

  test('says how many runs to plan for at both ends of what is likely', () => {
    const none = restarts(() => ({ value: 1 }), { count: 20, below: 0 })
    expect(none.needed).toEqual({ mean: Infinity, low: 18, high: Infinity })
    const all = restarts(() => ({ value: 0 }), { count: 20, below: 1 })
    expect(all.needed).toEqual({ mean: 1, low: 1, high: 2 })
  })

  test('wants a count', () => {
    expect(() => restarts(run, { count: 0, below: 1 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in restarts
        count  0
        rule   count must be a whole number of at least 1]
    `)
  })
})
