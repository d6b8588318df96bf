/** How much of the spread of the targets predictions explain. */
import type { PredictionBatch } from './batch.ts'
import { type JointMoments, mergeMoments, momentsOf, noMoments } from './jointMoments.ts'
import { checkPredictions, type Outputs, type RegressionOptions } from './regression.ts'
import { type Numbers, weightOf } from './rows.ts'
import { once, type Stream, streamOf } from './stream.ts'

/** Of one output: moments of targets and errors. */
type Explained = Stream<PredictionBatch, readonly JointMoments[], number>

/** 1 - left / spread, where constant targets give 1 when nothing is left, else 0. */
const shareOf = (left: number, spread: number): number => {
  if (spread === 0) return left === 0 ? 1 : 0
  return 1 - left / spread
}

/** The mean over outputs of a share read off the moments of targets (x) and errors (y). */
const explaining = (
  operation: string,
  { outputs = 1 }: Outputs,
  left: (moments: JointMoments) => number,
): Explained =>
  streamOf<PredictionBatch, readonly JointMoments[], number>(
    {
      empty: Array.from({ length: outputs }, () => noMoments),
      measure: (batch) => {
        const { targets, predictions } = batch
        const { rows, weights } = checkPredictions(operation, batch, outputs)
        return Array.from({ length: outputs }, (_, k) => {
          const target = (row: number): number => targets[row * outputs + k]!
          const error = (row: number): number => target(row) - predictions[row * outputs + k]!
          return momentsOf(rows, (row) => weightOf(weights, row), target, error)
        })
      },
      merge: (some, others) => some.map((moments, k) => mergeMoments(moments, others[k]!)),
    },
    (moments) => {
      if (moments.some(({ weight }) => weight === 0)) return Number.NaN
      return moments.reduce((sum, m) => sum + shareOf(left(m), m.squaresX), 0) / outputs
    },
  )

/** `r2` of batches. */
export const r2Stream = (options: Outputs = {}): Explained =>
  explaining('r2', options, ({ weight, meanY, squaresY }) => squaresY + weight * meanY ** 2)

/**
 * The coefficient of determination, 1 - (squared error of the predictions) / (squared error of the targets' mean): 1 is
 * exact, 0 is no better than the mean, and there is no lower limit. Constant targets give 1 when predicted exactly, else 0;
 * of many outputs it is the mean of each one's. NaN when no row counts. (Wright, Correlation and causation, 1921.)
 *
 * @example
 * ```ts
 * import { r2 } from '@rootstock/eval'
 * console.log(r2([1, 2, 3], [2, 2, 2])) // 0
 * ```
 */
export const r2 = (
  targets: Numbers,
  predictions: Numbers,
  options: RegressionOptions = {},
): number => once(r2Stream(options), { ...options, targets, predictions })

/** `explainedVariance` of batches. */
export const explainedVarianceStream = (options: Outputs = {}): Explained =>
  explaining('explainedVariance', options, ({ squaresY }) => squaresY)

/**
 * 1 - (variance of the errors) / (variance of the targets): `r2` that forgives a constant offset. Constant targets give 1
 * when the error is constant, else 0. NaN when no row counts.
 *
 * @example
 * ```ts
 * import { explainedVariance } from '@rootstock/eval'
 * console.log(explainedVariance([1, 2, 3], [2, 3, 4])) // 1
 * ```
 */
export const explainedVariance = (
  targets: Numbers,
  predictions: Numbers,
  options: RegressionOptions = {},
): number => once(explainedVarianceStream(options), { ...options, targets, predictions })
