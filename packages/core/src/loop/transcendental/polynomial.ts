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
 * The same with Horner's scheme of second order (Knuth, "The art of computer programming" 2, 4.6.4): by x^2 over pairs of
 * neighbours, so that half as many products wait for each other.
 */
export const paired = (x: Scalar, square: Scalar, coefficients: readonly number[]): Scalar => {
  const pairs = coefficients.flatMap((c, i) => {
    if (i % 2 > 0) return []
    const next = coefficients[i + 1]
    return [next === undefined ? like(x, c) : add(like(x, c), mul(like(x, next), x))]
  })
  return pairs.reduceRight((sum, pair) => add(pair, mul(sum, square)))
}

/** Horner's scheme with the table of the dtype of `x`. */
export const polynomial = (x: Scalar, coefficients: Coefficients): Scalar =>
  horner(x, pick(x, coefficients))
