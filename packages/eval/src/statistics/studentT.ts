/** Quantiles of Student's t for whole degrees of freedom, from the finite sums of Abramowitz and Stegun (1964), 26.7.3-4. */

/** The probability that |t| < tan(angle) sqrt(degrees). */
const centralProbability = (angle: number, degrees: number): number => {
  const cosine = Math.cos(angle)
  const odd = degrees % 2 === 1
  let term = odd ? cosine : 1
  let sum = degrees === 1 ? 0 : term
  for (let k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= ((k - 1) / k) * cosine ** 2
    sum += term
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
}

/**
 * The number that |t| stays below with probability `confidence`, for `degrees` (1, 2, ...) degrees of freedom.
 *
 * @example
 * ```ts
 * import { studentT } from '@rootstock/eval'
 * console.log(studentT(0.95, 9)) // 2.262...
 * ```
 */
export const studentT = (confidence: number, degrees: number): number => {
  let low = 0
  let high = Math.PI / 2
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (centralProbability(middle, degrees) < confidence) low = middle
    else high = middle
  }
  return Math.tan(low) * Math.sqrt(degrees)
}
