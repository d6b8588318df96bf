/** Mean, spread and quantiles of a few numbers. */

/**
 * The arithmetic mean; NaN of nothing.
 *
 * @example
 * ```ts
 * import { mean } from '@rootstock/eval'
 * console.log(mean([1, 2, 6])) // 3
 * ```
 */
export const mean = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}

/**
 * The standard error of the mean, sqrt(sum (x - mean)^2 / (n - 1) / n); NaN of fewer than two values.
 *
 * @example
 * ```ts
 * import { standardError } from '@rootstock/eval'
 * console.log(standardError([1, 3])) // 1
 * ```
 */
export const standardError = (values: ArrayLike<number>): number => {
  const n = values.length
  if (n < 2) return Number.NaN
  const centre = mean(values)
  let squares = 0
  for (let i = 0; i < n; i++) squares += (values[i]! - centre) ** 2
  return Math.sqrt(squares / (n - 1) / n)
}

/** The quantile of sorted values by linear interpolation (type 7 of Hyndman and Fan, 1996). */
export const quantile = (sorted: ArrayLike<number>, share: number): number => {
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (position - below) * (high - low)
}
