/** LogME: how well a linear model on the features could explain the targets, without training one. */
import type { Numbers } from '../rows.ts'
import { featureRows, indicators, type Masked } from './featureRows.ts'
import { type Spectrum, spectrumOf } from './spectrum.ts'

/** Options of `logMe`. */
export interface LogMeOptions extends Masked {
  /** How many classes the targets are numbers of; where absent, targets are real numbers to be predicted themselves. */
  readonly classes?: number | undefined
}

// As published: keeps a perfect fit, or one of no use, finite.
const least = 1e-5
const mostSteps = 100
const tolerance = 1e-8

/** Evidence of a prior precision `alpha` of the weights and a precision `beta` of the noise. */
interface Fit {
  readonly alpha: number
  readonly beta: number
  /** The squared length of the most likely weights. */
  readonly length: number
  /** The squared error they leave. */
  readonly error: number
}

const sumOver = (values: Float64Array, term: (value: number, i: number) => number): number =>
  values.reduce((sum, value, i) => sum + term(value, i), 0)

/** Weights and what they leave, for `ratio` = alpha / beta, and the precisions that follow from them. */
const fitAt = (
  ratio: number,
  { values }: Spectrum,
  along: Float64Array,
  rest: number,
  rows: number,
): Fit => {
  const effective = sumOver(values, (value) => value / (value + ratio))
  const length = sumOver(values, (value, i) => value * (along[i]! / (ratio + value)) ** 2)
  const error = rest + sumOver(values, (value, i) => ((ratio * along[i]!) / (ratio + value)) ** 2)
  const alpha = effective / (length + least)
  return { alpha, beta: (rows - effective) / (error + least), length, error }
}

/** The greatest log evidence per row of one column. */
const evidenceOf = (spectrum: Spectrum, column: Float64Array): number => {
  const rows = column.length
  const { values, project } = spectrum
  const along = project(column)
  const outside = sumOver(column, (y) => y ** 2) - sumOver(along, (x) => x ** 2)
  const rest = Math.max(0, outside)
  let ratio = 1
  let fit = fitAt(ratio, spectrum, along, rest, rows)
  for (let step = 1; step < mostSteps; step++) {
    const next = fit.alpha / fit.beta
    const change = Math.abs(next - ratio) / ratio
    ratio = next
    fit = fitAt(ratio, spectrum, along, rest, rows)
    // also leaves at a ratio of 0 or Infinity, where there is nothing to weigh
    if (!(change > tolerance && change < Infinity)) break
  }
  const { alpha, beta, length, error } = fit
  // directions without a singular value have alpha in both of the first two terms
  const volume = sumOver(values, (value) => Math.log(alpha) - Math.log(alpha + beta * value))
  const noise = rows * (Math.log(beta) - Math.log(2 * Math.PI))
  return (volume + noise - beta * error - alpha * length) / (2 * rows)
}

/**
 * LogME, the log evidence per row of a linear model with Gaussian weights on the features, at the best precisions of weights
 * (alpha) and noise (beta): ln p(y | F) / n with y = F w + noise. Features with a higher score predict the targets better, so
 * trunks or their stages can be ranked before anything is trained. Of classes it is the mean over those that occur, each
 * as a column of 0 and 1. `features` is row-major [rows, width]; it gets no constant column of its own. NaN when no row
 * counts. (You, Liu, Wang and Long, LogME: practical assessment of pre-trained models for transfer learning, 2021.)
 *
 * @example
 * ```ts
 * import { logMe } from '@rootstock/eval'
 * const targets = [0, 0, 0, 1, 1, 1]
 * const telling = [1, 0, 0.9, 0.1, 1.1, 0, 0, 1, 0.1, 0.9, 0, 1.1]
 * const vague = [0.2, 0.5, 0.9, 0.4, 0.1, 0.7, 0.3, 0.6, 0.8, 0.3, 0.2, 0.6]
 * console.log(logMe(targets, telling, { classes: 2 }) > logMe(targets, vague, { classes: 2 })) // true
 * ```
 */
export const logMe = (targets: Numbers, features: Numbers, options: LogMeOptions = {}): number => {
  const table = featureRows('logMe', targets, features, options)
  if (table.rows === 0 || table.width === 0) return Number.NaN
  const spectrum = spectrumOf(table.features, table.rows, table.width)
  const columns = options.classes === undefined ? [table.targets] : indicators(table.targets)
  return columns.reduce((sum, column) => sum + evidenceOf(spectrum, column), 0) / columns.length
}
