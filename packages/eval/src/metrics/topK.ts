/** Accuracy that forgives: the true class only has to be among the best few. */
import type { ScoreBatch } from './batch.ts'
import { checkClasses, checkRows, type Numbers, type Weighted } from './rows.ts'
import { once, type Stream } from './stream.ts'
import { averaging, type WeightedSums } from './weightedMean.ts'

/** How many scores a row has, and how many of the best count. */
export interface TopK {
  /** How many scores each row has. */
  readonly classes: number
  /** Among how many of the highest scores the true class must be. */
  readonly k: number
}

/** Options of `topKAccuracy`. */
export interface TopKOptions extends Weighted, TopK {}

/** 1 if fewer than `k` classes come before the true one, else 0. */
const isFound = (scores: Numbers, at: number, target: number, { classes, k }: TopK): number => {
  const own = scores[at + target]!
  let before = 0
  for (let j = 0; j < classes; j++) {
    const score = scores[at + j]!
    if (Number.isNaN(score)) return Number.NaN
    if (score > own || (score === own && j < target)) before++
  }
  return before < k ? 1 : 0
}

/** `topKAccuracy` of batches. */
export const topKAccuracyStream = (options: TopK): Stream<ScoreBatch, WeightedSums, number> =>
  averaging(1, ({ targets, scores, ...rest }) => {
    const { classes } = options
    const columns = { targets, name: 'scores', second: scores, width: classes }
    const weights = checkRows('topKAccuracy', columns, rest)
    checkClasses('topKAccuracy', 'targets', targets, classes, weights)
    return {
      rows: targets.length,
      weights,
      term: (row) => isFound(scores, row * classes, targets[row]!, options),
    }
  })

/**
 * The share of rows whose true class is among the `k` highest scores; of equal scores the lower class comes first, so that
 * `k` = 1 is the accuracy of the most likely class. `scores` is row-major [rows, classes]. NaN when no row counts or a
 * score is NaN. (Russakovsky et al., ImageNet large scale visual recognition challenge, 2015.)
 *
 * @example
 * ```ts
 * import { topKAccuracy } from '@rootstock/eval'
 * const scores = [0.5, 0.3, 0.2, 0.1, 0.2, 0.7]
 * console.log(topKAccuracy([1, 0], scores, { classes: 3, k: 2 })) // 0.5
 * ```
 */
export const topKAccuracy = (targets: Numbers, scores: Numbers, options: TopKOptions): number =>
  once(topKAccuracyStream(options), { ...options, targets, scores })
