/** Metrics of scores and chances against their definitions, and where they are not defined. */
import {
  accuracy,
  averagePrecision,
  brier,
  brierMulticlass,
  expectedCalibrationError,
  kendall,
  maxError,
  maximumCalibrationError,
  medianAbsoluteError,
  ndcg,
  prAuc,
  rocAuc,
  rocAucMacro,
  rocAucMulticlass,
  spearman,
  topKAccuracy,
} from '@rootstock/eval'
import { describe, expect, test } from 'vitest'
import { expectLaw, expectSame, pairs } from './laws.ts'

describe('rankings', () => {
  test('average precision is the mean precision at the rows of class 1, when no scores are tied', () => {
    expectLaw(pairs(1, 0), (t) => {
      const scores = t.map((_, i) => (i * 7919) % 104729)
      const order = [...t.keys()].sort((a, b) => scores[b]! - scores[a]!)
      const found = order.flatMap((row, i) => {
        const right = order.slice(0, i + 1).filter((k) => t[k] === 1).length
        return t[row] === 1 ? [right / (i + 1)] : []
      })
      expectSame(averagePrecision(t, scores), found.reduce((a, b) => a + b, 0) / found.length)
    })
  })

  test('precision against recall has no area without rows of class 1', () => {
    for (const metric of [averagePrecision, prAuc]) {
      expect(metric([0, 0], [1, 2])).toBeNaN()
      expect(metric([0, 1], [Number.NaN, 2])).toBeNaN()
      expect(metric([1, 1], [1, 2])).toBe(1)
    }
  })

  test('areas against the rest and against each other class are one for two classes', () => {
    expectLaw(pairs(1, 8), (t, s) => {
      const probabilities = s.flatMap((p) => [1 - p / 8, p / 8])
      const area = rocAuc(t, s)
      for (const against of ['rest', 'each'] as const)
        for (const average of ['macro', 'weighted'] as const)
          expectSame(rocAucMulticlass(t, probabilities, { classes: 2, against, average }), area)
      expectSame(rocAucMacro(t, probabilities, { classes: 2 }), area)
    })
  })

  test('a class that no row has is left out of the areas', () => {
    const [t, p] = [
      [0, 2],
      [0.9, 0, 0.1, 0.3, 0.3, 0.4],
    ]
    for (const against of ['rest', 'each'] as const)
      expect(rocAucMulticlass(t, p, { classes: 3, against })).toBe(1)
  })

  test('the best one is the most likely class, and all classes hold the true one', () => {
    expectLaw(pairs(2, 4), (t, s) => {
      const scores = s.flatMap((a, i) => [a, (a * i) % 5, 4 - a])
      const best = t.map((_, i) => {
        const row = scores.slice(3 * i, 3 * i + 3)
        return row.indexOf(Math.max(...row))
      })
      expectSame(topKAccuracy(t, scores, { classes: 3, k: 1 }), accuracy(t, best))
      expect(topKAccuracy(t, scores, { classes: 3, k: 3 })).toBe(1)
    })
  })

  test('a NaN among scores is not ranked', () => {
    expect(topKAccuracy([0], [1, Number.NaN], { classes: 2, k: 1 })).toBeNaN()
    expect(ndcg([1, 0], [Number.NaN, 1], { items: 2 })).toBeNaN()
    expect(kendall([1, 2], [Number.NaN, 1])).toBeNaN()
    expect(spearman([1, 2], [Number.NaN, 1])).toBeNaN()
    expect(medianAbsoluteError([1, 2], [Number.NaN, 1])).toBeNaN()
    expect(maxError([1, 2], [Number.NaN, 1])).toBeNaN()
  })

  test('the best order has a gain of 1, tied items the mean of their orders, and no relevant item 0', () => {
    expectLaw(pairs(3, 3, 2), (gains, scores) => {
      const items = gains.length
      const found = ndcg(gains, scores, { items })
      expect(found).toBeLessThanOrEqual(1 + 1e-12)
      const relevant = gains.some((gain) => gain > 0)
      expectSame(ndcg(gains, gains, { items }), relevant ? 1 : 0)
    })
    const [one, other] = [
      [3, 2, 1],
      [2, 3, 1],
    ].map((scores) => ndcg([1, 0, 2], scores, { items: 3 }))
    expectSame(ndcg([1, 0, 2], [2, 2, 1], { items: 3 }), (one! + other!) / 2)
  })
})

describe('chances', () => {
  test("Brier's score of two classes is twice that of class 1", () => {
    expectLaw(pairs(1, 8), (t, s) => {
      const probabilities = s.flatMap((p) => [1 - p / 8, p / 8])
      const ofOne = s.map((p) => p / 8)
      expectSame(brierMulticlass(t, probabilities, { classes: 2 }), 2 * brier(t, ofOne))
    })
  })

  test('one bin compares accuracy with mean confidence, and the worst bin is at least the mean', () => {
    expectLaw(pairs(1, 7), (t, s) => {
      const p = s.flatMap((n) => [(8 - n) / 8, n / 8])
      const confidence = s.reduce((sum, n) => sum + Math.max(n, 8 - n) / 8, 0) / s.length
      const right = t.filter((k, i) => k === (s[i]! > 4 ? 1 : 0)).length / t.length
      const one = { classes: 2, bins: 1 }
      expectSame(expectedCalibrationError(t, p, one), Math.abs(right - confidence))
      expectSame(maximumCalibrationError(t, p, one), Math.abs(right - confidence))
      expect(maximumCalibrationError(t, p, { classes: 2 })).toBeGreaterThanOrEqual(
        expectedCalibrationError(t, p, { classes: 2 }) - 1e-12,
      )
    })
  })

  test('a confidence on the edge of two bins falls in the lower one', () => {
    // 0.6 * 5 is 3 but 0.7 * 10 is 7.000000000000001
    const bins = (p: number, count: number) =>
      maximumCalibrationError([0, 0], [p, 1 - p, p - 0.05, 1.05 - p], { classes: 2, bins: count })
    expect(bins(0.6, 5)).toBeCloseTo(1 - 0.575, 12)
    expect(bins(0.7, 10)).toBeCloseTo(1 - 0.675, 12)
  })
})

describe('mistakes are named', () => {
  test('a relevance below 0', () => {
    expect(() => ndcg([1, -1], [0, 1], { items: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in ndcg
        targets  2 numbers
        items    2
        rule     targets must be relevances of at least 0, but item 1 of query 0 is -1]
    `)
  })
})
