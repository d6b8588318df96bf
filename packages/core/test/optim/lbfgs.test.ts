import {
  type Evaluated,
  lbfgs,
  lbfgsPath,
  matmul,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
} from '@rootstock/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const places = (f: (x: Float64Array) => Evaluated, start: readonly number[], most = 500) => {
  const found: Float64Array[] = []
  for (const { x } of lbfgsPath(f, Float64Array.from(start), { tolerance: 1e-8 })) {
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

describe('lbfgsPath', () => {
  test('finds the end of a curved valley', () => {
    const found = places(valley, [-1.2, 1])
    expect(found.at(-1)![0]).toBeCloseTo(1, 6)
    expect(found.at(-1)![1]).toBeCloseTo(1, 6)
    expect(found.length).toBeLessThan(50)
  })

  test('finds the minimum of any convex quadratic, however unlike its axes', () => {
    const axis = fc.record({
      curvature: fc.double({ min: 1e-2, max: 1e3, noNaN: true }),
      centre: fc.double({ min: -5, max: 5, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 12 }), (axes) => {
        const f = (x: Float64Array): Evaluated => ({
          value: axes.reduce(
            (total, a, i) => total + 0.5 * a.curvature * (x[i]! - a.centre) ** 2,
            0,
          ),
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
    for (const { value } of lbfgsPath(valley, Float64Array.of(3, -4), { tolerance: 1e-8 }))
      values.push(value)
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

describe('the line search', () => {
  test('ends where the function has fallen and its slope has flattened', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (x, y) => {
          let before: {
            readonly value: number
            readonly x: Float64Array
            readonly gradient: Float64Array
          } | null = null
          for (const place of lbfgsPath(valley, Float64Array.of(x, y), { tolerance: 1e-3 })) {
            if (before !== null && before.value - place.value > 1e-5 * before.value) {
              const [from, step] = [before, place.x.map((entry, i) => entry - before!.x[i]!)]
              const along = (gradient: Float64Array) =>
                gradient.reduce((total, entry, i) => total + entry * step[i]!, 0)
              const slope = along(from.gradient)
              expect(place.value).toBeLessThanOrEqual(from.value + 1e-4 * slope + 1e-9)
              expect(Math.abs(along(place.gradient))).toBeLessThanOrEqual(-0.9 * slope + 1e-9)
            }
            before = place
          }
        },
      ),
    )
  })
})

describe('lbfgs', () => {
  test('minimises a tree in float32 and float64', () => {
    for (const [dtype, digits] of [
      ['float32', 3],
      ['float64', 6],
    ] as const) {
      const x = tensor(
        [
          [1, 0],
          [0.5, 2],
          [1, 1],
          [-1, 3],
        ],
        { dtype },
      )
      const y = tensor([2, -1, 1, -5], { dtype })
      // y = 2 x_0 - x_1, exactly
      const loss = ({ w, b }: { w: Tensor; b: Tensor }) => sum(square(sub(matmul(x, w).add(b), y)))
      const start = { w: tensor([0, 0], { dtype }), b: tensor(0, { dtype }) }
      const { params, steepness, steps } = lbfgs(loss, start)
      expect(params.w.dtype).toBe(dtype)
      expect(params.w.data()[0]).toBeCloseTo(2, digits)
      expect(params.w.data()[1]).toBeCloseTo(-1, digits)
      expect(steepness).toBeLessThan(1e-3)
      expect(steps).toBeLessThan(30)
    }
  })

  test('makes no more steps than it may', () => {
    const far = (x: Tensor) => sum(square(square(x)))
    expect(lbfgs(far, tensor([9]), { maxSteps: 2 }).steps).toBe(2)
  })
})
