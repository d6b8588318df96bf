/** The sign bit, which comparisons do not see in zeros. */
import type { Scalar } from '../loop.ts'
import { div, eq, like, lt, select } from '../scalar.ts'

/** True for negative x and -0, false for NaN. */
export const isNegative = (x: Scalar): Scalar => {
  const zero = like(x, 0)
  return lt(select(eq(x, zero), div(like(x, 1), x), x), zero)
}
