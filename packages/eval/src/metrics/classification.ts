/** How often predicted classes are right. */
import type { PredictionBatch } from './batch.ts'
import { type Classes, type ClassOptions, type Counts, counting, perClass } from './counts.ts'
import { checkRows, type Numbers, type Weighted } from './rows.ts'
import { once, type Stream } from './stream.ts'
import { averaging, type WeightedSums } from './weightedMean.ts'

/** `confusionMatrix` of batches. */
export const confusionMatrixStream = (
  options: Classes = {},
): Stream<PredictionBatch, Counts, number[][]> =>
  counting('confusionMatrix', options, ({ classes, table }) =>
    Array.from({ length: classes }, (_, t) => [...table.subarray(t * classes, (t + 1) * classes)]),
  )

/**
 * The confusion matrix: entry [t][p] is the (weighted) number of rows of class t that were called p.
 *
 * @example
 * ```ts
 * import { confusionMatrix } from '@rootstock/eval'
 * console.log(confusionMatrix([0, 0, 1], [0, 1, 1])) // [[1, 1], [0, 1]]
 * ```
 */
export const confusionMatrix = (
  targets: Numbers,
  predictions: Numbers,
  options: ClassOptions = {},
): number[][] => once(confusionMatrixStream(options), { ...options, targets, predictions })

/** `accuracy` of batches. */
export const accuracyStream = (): Stream<PredictionBatch, WeightedSums, number> =>
  averaging(1, ({ targets, predictions, ...rest }) => ({
    rows: targets.length,
    weights: checkRows('accuracy', { targets, name: 'predictions', second: predictions }, rest),
    term: (row) => (targets[row] === predictions[row] ? 1 : 0),
  }))

/**
 * The (weighted) share of rows whose predicted class is the true one. NaN when no row counts.
 *
 * @example
 * ```ts
 * import { accuracy } from '@rootstock/eval'
 * console.log(accuracy([0, 1, 1, 0], [0, 1, 0, 0])) // 0.75
 * ```
 */
export const accuracy = (targets: Numbers, predictions: Numbers, options: Weighted = {}): number =>
  once(accuracyStream(), { ...options, targets, predictions })

/** `balancedAccuracy` of batches. */
export const balancedAccuracyStream = (
  options: Classes = {},
): Stream<PredictionBatch, Counts, number> =>
  counting('balancedAccuracy', options, (counts) => {
    const present = perClass(counts).filter(({ targets }) => targets > 0)
    return present.reduce((sum, { right, targets }) => sum + right / targets, 0) / present.length
  })

/**
 * The mean, over the classes that occur in the targets, of the share of that class that was found (its recall). A constant
 * guess scores one divided by the number of classes, however unequal they are. NaN when no row counts.
 * (Brodersen, Ong, Stephan and Buhmann, The balanced accuracy and its posterior distribution, 2010.)
 *
 * @example
 * ```ts
 * import { balancedAccuracy } from '@rootstock/eval'
 * console.log(balancedAccuracy([0, 0, 0, 1], [0, 0, 0, 0])) // 0.5
 * ```
 */
export const balancedAccuracy = (
  targets: Numbers,
  predictions: Numbers,
  options: ClassOptions = {},
): number => once(balancedAccuracyStream(options), { ...options, targets, predictions })
