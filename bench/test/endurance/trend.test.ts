import { describe, expect, it } from 'vitest'
import { trendOf } from '../../src/endurance/trend.ts'

const samples = (value: (t: number) => number) =>
  Array.from({ length: 20 }, (_, t) => [t, value(t)] as const)

describe('a trend', () => {
  it('is flat where values come and go', () => {
    const { isFlat, early, late } = trendOf(samples((t) => 100 + (t % 5)))
    expect([isFlat, early, late]).toEqual([true, 104, 104])
  })

  it('is not where the second half rises by more than 2 %', () => {
    expect(trendOf(samples((t) => 100 + 0.1 * t)).isFlat).toBe(true)
    const { isFlat, slope } = trendOf(samples((t) => 100 + t))
    expect(isFlat).toBe(false)
    expect(slope).toBeCloseTo(1)
  })

  it('is flat after a fall', () => {
    expect(trendOf(samples((t) => 200 - t)).isFlat).toBe(true)
  })
})
