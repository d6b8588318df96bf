/** All metrics of one task at once, keyed by name: what a comparison records for each trained model. */
import { accuracy, balancedAccuracy } from './classification.ts'
import { r2 } from './explained.ts'
import { mostLikely } from './mostLikely.ts'
import { f1 } from './precisionRecall.ts'
import { logLoss, type ProbabilityOptions } from './probability.ts'
import { mae, type RegressionOptions, rmse } from './regression.ts'
import { rocAuc, rocAucMacro } from './rocAuc.ts'
import { checkRows, type Numbers } from './rows.ts'

/** The metrics of a classification task. `f1Binary` is there for two classes only. */
export interface ClassificationScores {
  readonly accuracy: number
  readonly balancedAccuracy: number
  readonly f1: number
  readonly f1Binary?: number
  readonly rocAuc: number
  readonly logLoss: number
}

/** The metrics of a regression task. */
export interface RegressionScores {
  readonly rmse: number
  readonly mae: number
  readonly r2: number
}

/** The metrics of a task of boxes. */
export interface BoxesScores {
  /** Mean intersection over union. */
  readonly iou: number
}

// A float32 softmax can round a small probability to 0; one such row must not make the mean over all rows infinite.
const smallestProbability = 1e-15

/**
 * All classification metrics from row-major probabilities [rows, classes]. The predicted class is the most likely, the first
 * among equals; F1 averages over the classes that occur; log-loss counts probabilities below 1e-15 as 1e-15.
 *
 * @example
 * ```ts
 * import { scoreClassification } from '@rootstock/eval'
 * const scores = scoreClassification([0, 1], [0.9, 0.1, 0.4, 0.6], { classes: 2 })
 * console.log(scores.accuracy, scores.rocAuc) // 1 1
 * ```
 */
export const scoreClassification = (
  targets: Numbers,
  probabilities: Numbers,
  { classes, ...rest }: ProbabilityOptions,
): ClassificationScores => {
  const columns = { targets, name: 'probabilities', second: probabilities, width: classes }
  const weights = checkRows('scoreClassification', columns, rest)
  const predictions = Int32Array.from({ length: targets.length }, (_, row) =>
    mostLikely(probabilities, row, classes),
  )
  const options = { classes, weights }
  const shared = {
    accuracy: accuracy(targets, predictions, options),
    balancedAccuracy: balancedAccuracy(targets, predictions, options),
    f1: f1(targets, predictions, { weights }),
    logLoss: logLoss(targets, probabilities, { ...options, floor: smallestProbability }),
  }
  if (classes !== 2) return { ...shared, rocAuc: rocAucMacro(targets, probabilities, options) }
  const ofClass1 = Float64Array.from(
    { length: targets.length },
    (_, i) => probabilities[2 * i + 1]!,
  )
  return {
    ...shared,
    f1Binary: f1(targets, predictions, { ...options, average: 'binary' }),
    rocAuc: rocAuc(targets, ofClass1, options),
  }
}

/**
 * All regression metrics of a column of predictions.
 *
 * @example
 * ```ts
 * import { scoreRegression } from '@rootstock/eval'
 * console.log(scoreRegression([1, 2, 3], [1, 2, 4]).mae) // 0.333...
 * ```
 */
export const scoreRegression = (
  targets: Numbers,
  predictions: Numbers,
  options: RegressionOptions = {},
): RegressionScores => ({
  rmse: rmse(targets, predictions, options),
  mae: mae(targets, predictions, options),
  r2: r2(targets, predictions, options),
})
