import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fusedFloat32, fusedFloat64 } from '../../../src/backends/reference/fusedMultiplyAdd.ts'

/** A finite float64 as a whole number times a power of two. */
const exact = (x: number): readonly [numerator: bigint, exponent: number] => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  const bits = view.getBigUint64(0)
  const field = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const significand = field === 0 ? fraction : fraction | (1n << 52n)
  return [bits >> 63n === 1n ? -significand : significand, Math.max(field, 1) - 1075]
}

/** The exact value of a b + c compared with the sum of other numbers: -1, 0 or 1. */
const compareExactly = (a: number, b: number, c: number, others: readonly number[]): number => {
  const [na, ea] = exact(a)
  const [nb, eb] = exact(b)
  const terms = [[na * nb, ea + eb] as const, ...[c, ...others.map((x) => -x)].map(exact)]
  const least = Math.min(...terms.map(([, exponent]) => exponent))
  const sum = terms.reduce((total, [m, exponent]) => total + (m << BigInt(exponent - least)), 0n)
  return sum > 0n ? 1 : sum < 0n ? -1 : 0
}

const small = fc
  .double({ min: -1e9, max: 1e9, noNaN: true })
  .filter((x) => x === 0 || Math.abs(x) > 1e-9)

/** True when no neighbour of the result is nearer to a b + c, ties to even. */
const isNearest = (
  [a, b, c]: readonly [number, number, number],
  result: number,
  neighbour: (x: number, direction: 1 | -1) => number,
): boolean => {
  const side = compareExactly(a, b, c, [result])
  if (side === 0) return true
  const other = neighbour(result, side as 1 | -1)
  // twice a b + c compared with twice the middle of the two neighbours
  const middle = compareExactly(2 * a, b, 2 * c, [result, other])
  return side === 1 ? middle <= 0 : middle >= 0
}

const step = (x: number, direction: 1 | -1, array: Float32Array | Float64Array): number => {
  const unit = array instanceof Float32Array ? 2 ** -23 : 2 ** -52
  const size = 2 ** Math.floor(Math.log2(Math.abs(x)))
  return x + direction * size * unit
}

describe('a product and a sum rounded once', () => {
  it('is the float32 nearest to the exact value', () => {
    const float = small.map(Math.fround)
    fc.assert(
      fc.property(float, float, float, (a, b, c) => {
        const result = fusedFloat32(a, b, c)
        expect(Object.is(result, Math.fround(result))).toBe(true)
        if (Math.abs(result) < 1e-20) return
        expect(
          isNearest([a, b, c], result, (x, direction) => step(x, direction, new Float32Array(1))),
        ).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps what a rounded product would lose', () => {
    // (1 + 2^-12)^2 - 1 - 2^-11 = 2^-24
    const x = 1 + 2 ** -12
    expect(fusedFloat32(x, x, -1 - 2 ** -11)).toBe(2 ** -24)
    expect(Math.fround(Math.fround(x * x) - 1 - 2 ** -11)).toBe(0)
    const y = 1 + 2 ** -27
    expect(fusedFloat64(y, y, -1 - 2 ** -26)).toBe(2 ** -54)
    expect(y * y - 1 - 2 ** -26).toBe(0)
  })

  it('is exact in float64 where the result is representable', () => {
    const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 })
    fc.assert(
      fc.property(whole, whole, whole, (a, b, c) => {
        const sum = BigInt(a) * BigInt(b) + BigInt(c)
        expect(fusedFloat64(a, b, c)).toBe(Number(sum))
      }),
      { numRuns: 2000 },
    )
  })

  it('rounds once where results are subnormal, and where products overflow but sums do not', () => {
    const tiny = Number.MIN_VALUE
    expect(fusedFloat64(1.5, tiny, 0)).toBe(2 * tiny)
    expect(fusedFloat64(2.5, tiny, 0)).toBe(2 * tiny)
    // a product of 2^-1075, half of the smallest number, decides a tie or is decided by what is added
    expect(fusedFloat64(2 ** -540, 2 ** -535, tiny)).toBe(2 * tiny)
    expect(fusedFloat64(2 ** -540, 2 ** -535, 2 * tiny)).toBe(2 * tiny)
    expect(fusedFloat64(2 ** -540, -(2 ** -535), tiny)).toBe(0)
    expect(fusedFloat64(2 ** 1000, 2 ** 24, -Number.MAX_VALUE)).toBe(2 ** 971)
    expect(fusedFloat64(2 ** 1000, 2 ** 24, 0)).toBe(Number.POSITIVE_INFINITY)
    const extreme = fc
      .tuple(small, fc.integer({ min: -1060, max: 900 }))
      .map(([x, e]) => x * 2 ** e)
    fc.assert(
      fc.property(small, extreme, extreme, (a, b, c) => {
        const result = fusedFloat64(a, b, c)
        if (!Number.isFinite(result) || Math.abs(result) > 2 ** 1000) return
        const unit = Math.max(2 ** -1074, 2 ** (Math.floor(Math.log2(Math.abs(result))) - 52))
        expect(isNearest([a, b, c], result, (x, direction) => x + direction * unit)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps infinities, NaN and the sign of zero', () => {
    for (const fused of [fusedFloat32, fusedFloat64]) {
      expect(fused(Number.POSITIVE_INFINITY, 1, -1)).toBe(Number.POSITIVE_INFINITY)
      expect(fused(Number.POSITIVE_INFINITY, 0, 1)).toBeNaN()
      expect(fused(1, 1, Number.NaN)).toBeNaN()
      expect(Object.is(fused(-1, 0, -0), -0)).toBe(true)
      expect(Object.is(fused(-1, 0, 0), 0)).toBe(true)
    }
  })
})
