/** Whether a model is right as often as it says. */
import { ratio } from './average.ts'
import type { ProbabilityBatch } from './batch.ts'
import { mostLikely } from './mostLikely.ts'
import type { Probabilities } from './probability.ts'
import { checkClasses, checkRows, type Numbers, type Weighted, weightOf } from './rows.ts'
import { type Monoid, once, type Stream, streamOf } from './stream.ts'

/** In how many bins confidence is cut. */
export interface Bins {
  /** How many bins of equal width: (k/bins, (k+1)/bins], the first with 0. 15 where absent. */
  readonly bins?: number | undefined
}

/** Options of calibration errors. */
export interface CalibrationOptions extends Weighted, Probabilities, Bins {}

/** Sums over the rows of each bin. */
export interface CalibrationBins {
  readonly weights: Float64Array
  readonly right: Float64Array
  readonly confidence: Float64Array
}

const emptyBins = (bins: number): CalibrationBins => ({
  weights: new Float64Array(bins),
  right: new Float64Array(bins),
  confidence: new Float64Array(bins),
})

/** The bin of a confidence: k with k/bins < confidence <= (k+1)/bins, and the nearest for what lies outside. */
const binOf = (confidence: number, bins: number): number => {
  const guess = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))
  // the product may have been rounded over an edge
  if (guess > 0 && confidence <= guess / bins) return guess - 1
  if (guess < bins - 1 && confidence > (guess + 1) / bins) return guess + 1
  return guess
}

const binning = (
  operation: string,
  { classes, bins = 15 }: Probabilities & Bins,
): Monoid<ProbabilityBatch, CalibrationBins> => ({
  empty: emptyBins(bins),
  measure: ({ targets, probabilities, ...rest }) => {
    const columns = { targets, name: 'probabilities', second: probabilities, width: classes }
    const weights = checkRows(operation, columns, rest)
    checkClasses(operation, 'targets', targets, classes, weights)
    const sums = emptyBins(bins)
    for (let row = 0; row < targets.length; row++) {
      const weight = weightOf(weights, row)
      if (weight === 0) continue
      const predicted = mostLikely(probabilities, row, classes)
      const confidence = probabilities[row * classes + predicted]!
      // a NaN falls in no bin, and is put where it shows
      const bin = Number.isNaN(confidence) ? 0 : binOf(confidence, bins)
      sums.weights[bin]! += weight
      sums.confidence[bin]! += weight * confidence
      if (predicted === targets[row]) sums.right[bin]! += weight
    }
    return sums
  },
  merge: (left, right) => ({
    weights: left.weights.map((sum, k) => sum + right.weights[k]!),
    right: left.right.map((sum, k) => sum + right.right[k]!),
    confidence: left.confidence.map((sum, k) => sum + right.confidence[k]!),
  }),
})

/** |accuracy - mean confidence| of each bin; 0 for an empty one. */
const gapsOf = ({ weights, right, confidence }: CalibrationBins): Float64Array =>
  weights.map((weight, k) => Math.abs(ratio(right[k]! - confidence[k]!, weight)))

const rowsOf = ({ weights }: CalibrationBins): number =>
  weights.reduce((sum, weight) => sum + weight, 0)

/** `expectedCalibrationError` of batches. */
export const expectedCalibrationErrorStream = (
  options: Probabilities & Bins,
): Stream<ProbabilityBatch, CalibrationBins, number> =>
  streamOf(binning('expectedCalibrationError', options), (bins) => {
    const gaps = gapsOf(bins)
    return gaps.reduce((sum, gap, k) => sum + bins.weights[k]! * gap, 0) / rowsOf(bins)
  })

/**
 * Expected calibration error: rows are put in bins by the probability of their most likely class, and the gaps |accuracy -
 * mean confidence| of the bins are averaged by the rows in them. `probabilities` is row-major [rows, classes]; the first
 * among equals is predicted. NaN when no row counts.
 * (Naeini, Cooper and Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning, 2015.)
 *
 * @example
 * ```ts
 * import { expectedCalibrationError } from '@rootstock/eval'
 * const probabilities = [0.75, 0.25, 0.25, 0.75]
 * console.log(expectedCalibrationError([0, 0], probabilities, { classes: 2 })) // 0.25
 * ```
 */
export const expectedCalibrationError = (
  targets: Numbers,
  probabilities: Numbers,
  options: CalibrationOptions,
): number => once(expectedCalibrationErrorStream(options), { ...options, targets, probabilities })

/** `maximumCalibrationError` of batches. */
export const maximumCalibrationErrorStream = (
  options: Probabilities & Bins,
): Stream<ProbabilityBatch, CalibrationBins, number> =>
  streamOf(binning('maximumCalibrationError', options), (bins) =>
    rowsOf(bins) === 0 ? Number.NaN : Math.max(...gapsOf(bins)),
  )

/**
 * Maximum calibration error: the largest gap |accuracy - mean confidence| of a bin that has rows, with the bins of
 * `expectedCalibrationError`. NaN when no row counts.
 * (Naeini, Cooper and Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning, 2015.)
 *
 * @example
 * ```ts
 * import { maximumCalibrationError } from '@rootstock/eval'
 * const probabilities = [0.75, 0.25, 0, 1]
 * console.log(maximumCalibrationError([0, 1], probabilities, { classes: 2, bins: 2 })) // 0.125
 * ```
 */
export const maximumCalibrationError = (
  targets: Numbers,
  probabilities: Numbers,
  options: CalibrationOptions,
): number => once(maximumCalibrationErrorStream(options), { ...options, targets, probabilities })
