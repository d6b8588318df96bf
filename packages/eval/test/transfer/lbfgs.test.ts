import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Evaluated, lbfgs } from '../../src/transfer/probe/lbfgs.ts'

const places = (f: (x: Float64Array) => Evaluated, start: readonly number[], most = 500) => {
  const found: Float64Array[] = []
  for (const { x } of lbfgs(f, Float64Array.from(start), 1e-8)) {
    found.push(x)
    if (found.length > most) break
  }
  return found
}

/** (1 - x)^2 + 100 (y - x^2)^2, whose valley is curved (Rosenbrock, 1960). */
const valley = ([x, y]: Float64Array): Evaluated => ({
  value: (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2,
  gradient: Float64Array.of(-2 * (1 - x!) - 400 * x! * (y! - x! ** 2), 200 * (y! - x! ** 2)),
})

describe('lbfgs', () => {
  test('finds the end of a curved valley', () => {
    const found = places(valley, [-1.2, 1])
    expect(found.at(-1)![0]).toBeCloseTo(1, 6)
    expect(found.at(-1)![1]).toBeCloseTo(1, 6)
    expect(found.length).toBeLessThan(80)
  })

  test('finds the minimum of any convex quadratic, however unlike its axes', () => {
    const axis = fc.record({
      curvature: fc.double({ min: 1e-2, max: 1e3, noNaN: true }),
      centre: fc.double({ min: -5, max: 5, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 12 }), (axes) => {
        const f = (x: Float64Array): Evaluated => ({
          value: axes.reduce((sum, a, i) => sum + 0.5 * a.curvature * (x[i]! - a.centre) ** 2, 0),
          gradient: x.map((value, i) => axes[i]!.curvature * (value - axes[i]!.centre)),
        })
        const last = places(
          f,
          axes.map(() => 0),
        ).at(-1)!
        axes.forEach((a, i) => {
          expect(last[i]).toBeCloseTo(a.centre, 3)
        })
      }),
    )
  })

  test('never climbs by more than rounding', () => {
    const values: number[] = []
    for (const { value } of lbfgs(valley, Float64Array.of(3, -4), 1e-8)) values.push(value)
    values.slice(1).forEach((value, i) => {
      expect(value).toBeLessThanOrEqual(values[i]! * (1 + 1e-6))
    })
  })

  test('stays where the gradient is nought, and where nothing is a number', () => {
    expect(places(valley, [1, 1])).toHaveLength(1)
    const nowhere = (x: Float64Array): Evaluated => ({
      value: Number.NaN,
      gradient: x.map(() => Number.NaN),
    })
    expect(places(nowhere, [1])).toHaveLength(1)
  })

  test('ends where float32 can tell no difference', () => {
    const rounded = (x: Float64Array): Evaluated => {
      const { value, gradient } = valley(x.map(Math.fround))
      return { value: Math.fround(value + 100), gradient: gradient.map(Math.fround) }
    }
    expect(places(rounded, [-1.2, 1]).length).toBeLessThan(200)
  })
})
