/**
 * Coefficient tables and Horner's scheme: every transcendental function ends in one, so it is written once. Tables are
 * minimax fits (Remez exchange in 60 digits) unless a comment says otherwise.
 */
import type { Scalar } from '../loop.ts'
import { add, like, mul } from '../scalar.ts'

/** Coefficients for each float dtype, lowest power first. */
export interface Coefficients {
  readonly float32: readonly number[]
  readonly float64: readonly number[]
}

/** The value of a per-dtype table that belongs to the dtype of `x`. */
export const pick = <T>(x: Scalar, table: { readonly float32: T; readonly float64: T }): T => {
  if (x.dtype !== 'float32' && x.dtype !== 'float64') {
    throw new Error(`loop IR: transcendental function of ${x.dtype}`)
  }
  return table[x.dtype]
}

/** c[0] + x c[1] + x^2 c[2] + ... by Horner's scheme. */
export const horner = (x: Scalar, coefficients: readonly number[]): Scalar => {
  let sum = like(x, coefficients.at(-1) ?? 0)
  for (let i = coefficients.length - 2; i >= 0; i--) {
    sum = add(mul(sum, x), like(x, coefficients[i]!))
  }
  return sum
}

/**
 * The same by Estrin's scheme, which does not wait for one product after the other ("Organization of computer systems: the
 * fixed plus variable structure computer", 1960): neighbours are paired, then the pairs by x^2, and so on.
 */
export const estrin = (x: Scalar, square: Scalar, coefficients: readonly number[]): Scalar => {
  let [terms, power] = [coefficients.map((c) => like(x, c)), x]
  while (terms.length > 1) {
    const pairs: Scalar[] = []
    for (let i = 0; i < terms.length; i += 2) {
      const [low, high] = [terms[i]!, terms[i + 1]]
      pairs.push(high === undefined ? low : add(low, mul(high, power)))
    }
    terms = pairs
    power = power === x ? square : mul(power, power)
  }
  return terms[0] ?? like(x, 0)
}

/** Horner's scheme with the table of the dtype of `x`. */
export const polynomial = (x: Scalar, coefficients: Coefficients): Scalar =>
  horner(x, pick(x, coefficients))
