/** Metrics of predicted numbers against their definitions, and where they are not defined. */
import {
  explainedVariance,
  kendall,
  maxError,
  medianAbsoluteError,
  pearson,
  r2,
  spearman,
} from '@rootstock/eval'
import { describe, expect, test } from 'vitest'
import { expectLaw, expectSame, pairs } from './laws.ts'

describe('numbers', () => {
  test('the explained variance does not see an offset, and is at least R2', () => {
    expectLaw(pairs(9, 9, 2), (t, y) => {
      const shifted = y.map((value) => value + 3)
      expectSame(explainedVariance(t, shifted), explainedVariance(t, y))
      expect(explainedVariance(t, y)).toBeGreaterThanOrEqual(r2(t, y) - 1e-12)
    })
  })

  test('constant targets are constant however they are rounded', () => {
    const tenths = [0.1, 0.1, 0.1]
    expect(r2(tenths, tenths)).toBe(1)
    expect(r2(tenths, [0.1, 0.2, 0.1])).toBe(0)
    expect(pearson(tenths, [1, 2, 3])).toBeNaN()
  })

  test('the median error is the middle of the sorted ones, and the largest the last', () => {
    expectLaw(pairs(20, 20), (t, y) => {
      const errors = t.map((value, i) => Math.abs(value - y[i]!)).sort((a, b) => a - b)
      const n = errors.length
      const middle = (errors[Math.floor((n - 1) / 2)]! + errors[Math.floor(n / 2)]!) / 2
      expectSame(medianAbsoluteError(t, y), middle)
      expectSame(maxError(t, y), errors.at(-1)!)
    })
  })

  test("Kendall's tau-b is what counting pairs gives", () => {
    expectLaw(pairs(6, 6), (x, y) => {
      let [sum, ofX, ofY] = [0, 0, 0]
      for (let i = 0; i < x.length; i++)
        for (let j = 0; j < i; j++) {
          const [a, b] = [Math.sign(x[i]! - x[j]!), Math.sign(y[i]! - y[j]!)]
          sum += a * b
          ofX += a * a
          ofY += b * b
        }
      expectSame(kendall(x, y), sum / Math.sqrt(ofX * ofY))
    })
  })

  test('rank correlations see the order alone', () => {
    expectLaw(pairs(6, 6), (x, y) => {
      const stretched = y.map((value) => Math.exp(value))
      for (const metric of [spearman, kendall]) {
        expectSame(metric(x, stretched), metric(x, y))
        expectSame(
          metric(
            x,
            y.map((value) => -value),
          ),
          -metric(x, y),
        )
      }
    })
  })
})
