import { eigh, lanczos, tensor } from '@rootstock/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tridiagonalEigen } from '../../src/optim/tridiagonal.ts'

const times =
  (matrix: readonly (readonly number[])[]) =>
  (v: Float64Array): Float64Array =>
    Float64Array.from(matrix, (row) => row.reduce((sum, entry, i) => sum + entry * v[i]!, 0))

/** H D H with a reflection H, so that D holds the eigenvalues. */
const withEigenvalues = (values: readonly number[], along: readonly number[]) => {
  const square = along.reduce((sum, entry) => sum + entry * entry, 0)
  const h = values.map((_, i) =>
    values.map((__, j) => Number(i === j) - (2 * along[i]! * along[j]!) / square),
  )
  return values.map((_, i) =>
    values.map((__, j) => values.reduce((sum, d, k) => sum + h[i]![k]! * d * h[k]![j]!, 0)),
  )
}

const spectra = fc.integer({ min: 1, max: 12 }).chain((n) =>
  fc.record({
    // few different numbers, so that many eigenvalues are met more than once
    values: fc.array(fc.constantFrom(-3, -1e-3, 0, 0, 2, 2, 100), { minLength: n, maxLength: n }),
    along: fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: n, maxLength: n }),
  }),
)

describe('lanczos', () => {
  test('finds every eigenvalue as often as it is there, with its vector', () => {
    fc.assert(
      fc.property(spectra, fc.nat(1000), ({ values, along }, seed) => {
        const product = times(withEigenvalues(values, along))
        const found = lanczos(product, values.length, { seed })
        expect(found.isComplete).toBe(true)
        values
          .toSorted((a, b) => a - b)
          .forEach((value, i) => {
            expect(found.values[i]).toBeCloseTo(value, 7)
            const v = found.vector(i)
            product(v).forEach((entry, k) => {
              expect(entry).toBeCloseTo(value * v[k]!, 6)
            })
            expect(v.reduce((sum, entry) => sum + entry * entry, 0)).toBeCloseTo(1, 9)
          })
      }),
    )
  })

  test('comes as close with few steps as it says', () => {
    const n = 200
    const diagonal = Array.from({ length: n }, (_, i) => (i === 7 ? -4 : Math.sqrt(i)))
    const found = lanczos((v) => v.map((entry, i) => diagonal[i]! * entry), n, { steps: 40 })
    expect(found.isComplete).toBe(false)
    expect(found.values[0]).toBeCloseTo(-4, 9)
    expect(Math.abs(found.vector(0)[7]!)).toBeCloseTo(1, 6)
    found.values.forEach((value, i) => {
      const nearest = Math.min(...diagonal.map((entry) => Math.abs(entry - value)))
      expect(nearest).toBeLessThanOrEqual(found.residuals[i]! + 1e-9)
    })
  })

  test('tells zero from everything', () => {
    const { values } = lanczos((v) => v.map(() => 0), 4)
    expect([...values]).toEqual([0, 0, 0, 0])
  })

  test('does not go on with what is not a number', () => {
    expect(() => lanczos((v) => v.map(() => Number.NaN), 3)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in lanczos
        rule  every product must be finite]
    `)
    expect(() => lanczos((v) => v, 0)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in lanczos
        size   0
        steps  0
        rule   size and steps must be whole numbers of at least 1]
    `)
  })
})

describe('tridiagonalEigen', () => {
  const entries = fc.double({ min: -10, max: 10, noNaN: true })
  test('agrees with the dense decomposition', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(entries, entries), { minLength: 1, maxLength: 15 }), (rows) => {
        const n = rows.length
        const matrix = Array.from({ length: n }, (_, i) =>
          Array.from({ length: n }, (__, j) =>
            i === j ? rows[i]![0] : Math.abs(i - j) === 1 ? rows[Math.min(i, j)]![1] : 0,
          ),
        )
        const { values, vectors } = tridiagonalEigen(
          Float64Array.from(rows, ([d]) => d),
          Float64Array.from(rows.slice(1), (_, i) => rows[i]![1]),
        )
        const dense = eigh(tensor(matrix, { dtype: 'float64' })).values.data()
        vectors.forEach((v, i) => {
          expect(values[i]).toBeCloseTo(dense[i] as number, 8)
          times(matrix)(v).forEach((entry, k) => {
            expect(entry).toBeCloseTo(values[i]! * v[k]!, 8)
          })
        })
      }),
    )
  })
})
