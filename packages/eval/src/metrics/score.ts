/** All metrics of one task at once, keyed by name: what a comparison records for each trained model. */
import { accuracy, balancedAccuracy, f1 } from './classification.ts'
import { logLoss, type ProbabilityOptions, rocAuc, rocAucMacro } from './probability.ts'
import { mae, type RegressionOptions, r2, rmse } from './regression.ts'
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

// A float32 softmax can round a small probability to 0; one such row must not make the mean over all rows infinite.
const smallestProbability = 1e-15

/** The class of the highest probability in each row; the first among equals. */
const mostLikely = (rows: number, probabilities: Numbers, classes: number): Int32Array => {
  const predictions = new Int32Array(rows)
  for (let i = 0; i < rows; i++) {
    let best = 0
    for (let k = 1; k < classes; k++)
      if (probabilities[i * classes + k]! > probabilities[i * classes + best]!) best = k
    predictions[i] = best
  }
  return predictions
}

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
  { classes, weights }: ProbabilityOptions,
): ClassificationScores => {
  checkRows('scoreClassification', targets, ['probabilities', probabilities, classes], weights)
  const predictions = mostLikely(targets.length, probabilities, classes)
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
