/** Laws of two columns, and what they compare with. */
import fc from 'fast-check'
import { expect } from 'vitest'

/** Rows of two columns of small numbers. */
export type Pairs = readonly (readonly [number, number])[]

/** Rows with numbers up to `first` and `second`. */
export const pairs = (first: number, second: number, minLength = 1): fc.Arbitrary<Pairs> =>
  fc.array(fc.tuple(fc.nat(first), fc.nat(second)), { minLength, maxLength: 30 })

/** The two columns of rows. */
export const columns = (rows: Pairs): [number[], number[]] => [
  rows.map(([a]) => a),
  rows.map(([, b]) => b),
]

/** Runs a law on the columns of random rows. */
export const expectLaw = (
  rows: fc.Arbitrary<Pairs>,
  law: (a: number[], b: number[]) => void,
): void => {
  fc.assert(
    fc.property(rows, (given) => law(...columns(given))),
    { seed: 1, numRuns: 100 },
  )
}

/** Equal up to rounding, or both NaN. */
export const expectSame = (found: number, expected: number): void => {
  if (Number.isNaN(expected)) expect(found).toBeNaN()
  else expect(found).toBeCloseTo(expected, 10)
}
