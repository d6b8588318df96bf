/** Metrics of rows that may carry several labels at once: row-major tables of 0 and 1, one column a label. */
import { ratio, total, weightedByTargets } from './average.ts'
import type { PredictionBatch } from './batch.ts'
import type { ClassCount } from './counts.ts'
import { fBetaOf } from './precisionRecall.ts'
import { checkClasses, checkRows, countRows, type Numbers, type Weighted } from './rows.ts'
import { once, type Stream, streamOf } from './stream.ts'
import { averaging, summing, type Terms, type WeightedSums } from './weightedMean.ts'

/** How many labels there are. */
export interface Labels {
  /** How many labels a row may have: the columns of targets and predictions. */
  readonly labels: number
}

/** Options of metrics over tables of labels. */
export interface LabelOptions extends Weighted, Labels {}

const checked = (
  operation: string,
  { targets, predictions, ...rest }: PredictionBatch,
  labels: number,
): Pick<Terms, 'rows' | 'weights'> => {
  const rows = countRows(operation, targets, labels, 'label')
  const columns = { targets: { length: rows }, name: 'predictions', second: predictions }
  const weights = checkRows(operation, { ...columns, width: labels }, rest)
  const ofEntries =
    weights === undefined
      ? undefined
      : Float64Array.from({ length: targets.length }, (_, i) => weights[Math.floor(i / labels)]!)
  checkClasses(operation, 'targets', targets, 2, ofEntries)
  checkClasses(operation, 'predictions', predictions, 2, ofEntries)
  return { rows, weights }
}

/** `subsetAccuracy` of batches. */
export const subsetAccuracyStream = ({
  labels,
}: Labels): Stream<PredictionBatch, WeightedSums, number> =>
  averaging(1, (batch) => ({
    ...checked('subsetAccuracy', batch, labels),
    term: (row) => {
      for (let i = row * labels; i < (row + 1) * labels; i++)
        if (batch.targets[i] !== batch.predictions[i]) return 0
      return 1
    },
  }))

/**
 * The share of rows of which every label is right. NaN when no row counts.
 *
 * @example
 * ```ts
 * import { subsetAccuracy } from '@rootstock/eval'
 * console.log(subsetAccuracy([1, 0, 1, 1], [1, 0, 1, 0], { labels: 2 })) // 0.5
 * ```
 */
export const subsetAccuracy = (
  targets: Numbers,
  predictions: Numbers,
  options: LabelOptions,
): number => once(subsetAccuracyStream(options), { ...options, targets, predictions })

/** `hammingLoss` of batches. */
export const hammingLossStream = ({
  labels,
}: Labels): Stream<PredictionBatch, WeightedSums, number> =>
  averaging(labels, (batch) => ({
    ...checked('hammingLoss', batch, labels),
    term: (row, label) =>
      batch.targets[row * labels + label] === batch.predictions[row * labels + label] ? 0 : 1,
  }))

/**
 * The share of labels, over all rows, that are wrong. NaN when no row counts.
 *
 * @example
 * ```ts
 * import { hammingLoss } from '@rootstock/eval'
 * console.log(hammingLoss([1, 0, 1, 1], [1, 0, 1, 0], { labels: 2 })) // 0.25
 * ```
 */
export const hammingLoss = (
  targets: Numbers,
  predictions: Numbers,
  options: LabelOptions,
): number => once(hammingLossStream(options), { ...options, targets, predictions })

/** How labels make one number. */
export interface LabelAveraging extends Labels {
  /** Over labels as `macro`, `micro` or `weighted`; `samples`: over rows, each with an F1 of its labels. `macro` where absent. */
  readonly average?: 'macro' | 'micro' | 'weighted' | 'samples' | undefined
}

/** Options of `multilabelF1`. */
export interface MultilabelF1Options extends Weighted, LabelAveraging {}

/** One term for each of right, targets and predictions of each label, and the F1 of the row at the end. */
const termOf =
  ({ targets, predictions }: PredictionBatch, labels: number): Terms['term'] =>
  (row, output) => {
    if (output < 3 * labels) {
      const at = row * labels + Math.floor(output / 3)
      const kind = output % 3
      return (kind === 2 ? 1 : targets[at]!) * (kind === 1 ? 1 : predictions[at]!)
    }
    const count = { right: 0, targets: 0, predictions: 0 }
    for (let at = row * labels; at < (row + 1) * labels; at++) {
      count.right += targets[at]! * predictions[at]!
      count.targets += targets[at]!
      count.predictions += predictions[at]!
    }
    return fBetaOf(count, 1)
  }

/** `multilabelF1` of batches. */
export const multilabelF1Stream = ({
  labels,
  average = 'macro',
}: LabelAveraging): Stream<PredictionBatch, WeightedSums, number> =>
  streamOf(
    summing(3 * labels + 1, (batch) => ({
      ...checked('multilabelF1', batch, labels),
      term: termOf(batch, labels),
    })),
    ({ weight, sums }) => {
      if (weight === 0) return Number.NaN
      const counts = Array.from({ length: labels }, (_, k): ClassCount => {
        const [right, targets, predictions] = sums.subarray(3 * k)
        return { right: right!, targets: targets!, predictions: predictions! }
      })
      const f1 = (count: ClassCount): number => fBetaOf(count, 1)
      if (average === 'samples') return sums[3 * labels]! / weight
      if (average === 'micro') return f1(total(counts))
      if (average === 'weighted') return weightedByTargets(counts, f1)
      return ratio(
        counts.reduce((sum, count) => sum + f1(count), 0),
        labels,
      )
    },
  )

/**
 * F1 of tables of labels, 2 right / (targets + predictions), where 0/0 is 0: over labels, or row by row with `samples`. NaN
 * when no row counts. (Tsoumakas, Katakis and Vlahavas, Mining multi-label data, 2010.)
 *
 * @example
 * ```ts
 * import { multilabelF1 } from '@rootstock/eval'
 * console.log(multilabelF1([1, 0, 1, 1], [1, 0, 1, 0], { labels: 2, average: 'micro' })) // 0.8
 * ```
 */
export const multilabelF1 = (
  targets: Numbers,
  predictions: Numbers,
  options: MultilabelF1Options,
): number => once(multilabelF1Stream(options), { ...options, targets, predictions })
