import fc from 'fast-check'
import { expect, test } from 'vitest'
import { momentsOf } from '../../src/features/moments.ts'

const rowsOf = (n: number) => Int32Array.from({ length: n }, (_, i) => i)
const of = (values: readonly number[]) => momentsOf([{ values, size: 1 }], rowsOf(values.length))

test('mean and deviation do not depend on the order of magnitude', () => {
  for (const scale of [1, 1e-300, 1e-160, 1e160, 4e307]) {
    const { mean, deviation } = of([1 * scale, 2 * scale, 4 * scale])
    expect(mean / scale).toBeCloseTo(7 / 3, 12)
    expect(deviation / scale).toBeCloseTo(Math.sqrt(14 / 9), 12)
  }
})

test('a mean that is large against the deviation takes no digits from it', () => {
  const year = 1.6e12
  expect(of([year, year + 1, year + 2]).deviation).toBeCloseTo(Math.sqrt(2 / 3), 6)
  expect(of([1e15 + 1, 1e15 + 3]).deviation).toBe(1)
})

test('standardised values have mean 0 and deviation 1', () => {
  const values = fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 2 })
  fc.assert(
    fc.property(values, (x) => {
      fc.pre(new Set(x).size > 1)
      const { mean, deviation } = of(x)
      const z = x.map((v) => (v - mean) / deviation)
      const average = z.reduce((a, b) => a + b, 0) / z.length
      const square = z.reduce((a, b) => a + b * b, 0) / z.length
      expect(Math.abs(average)).toBeLessThan(1e-6)
      expect(square).toBeCloseTo(1, 5)
    }),
    { seed: 1 },
  )
})

test('equal values become exactly 0', () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: 1, max: 50 }),
      (x, n) => {
        const { mean, deviation } = of(Array<number>(n).fill(x))
        expect((x - mean) / deviation).toBe(0)
      },
    ),
    { seed: 1 },
  )
})

test('nothing has mean 0 and deviation 1', () => {
  expect(of([])).toEqual({ count: 0, mean: 0, deviation: 1, smallest: 0, largest: 0 })
})

test('values that are missing, or in other rows, count for nothing', () => {
  const block = { values: [1, 2, 3, 4, 100, 100], valid: Uint8Array.of(1, 0, 1), size: 2 }
  expect(momentsOf([block], Int32Array.of(0, 1))).toMatchObject({ count: 2, mean: 1.5 })
})
