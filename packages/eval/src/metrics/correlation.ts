/** Whether two columns go together: in value, or in order alone. */
import type { PredictionBatch } from './batch.ts'
import {
  correlationOf,
  type JointMoments,
  mergeMoments,
  momentsOf,
  noMoments,
} from './jointMoments.ts'
import { forEachTie, hasNaN, type KeptRows, keeping, type Rows, rising } from './keptRows.ts'
import { checkRows, type Numbers, type Weighted, weightOf } from './rows.ts'
import { once, type Stream, streamOf } from './stream.ts'

type Pairs = 'targets' | 'predictions'

const weightsOf = (
  operation: string,
  { targets, predictions, ...rest }: PredictionBatch,
): Numbers | undefined =>
  checkRows(operation, { targets, name: 'predictions', second: predictions }, rest)

/** `pearson` of batches. */
export const pearsonStream = (): Stream<PredictionBatch, JointMoments, number> =>
  streamOf(
    {
      empty: noMoments,
      measure: (batch) => {
        const weights = weightsOf('pearson', batch)
        return momentsOf(
          batch.targets.length,
          (row) => weightOf(weights, row),
          (row) => batch.targets[row]!,
          (row) => batch.predictions[row]!,
        )
      },
      merge: mergeMoments,
    },
    correlationOf,
  )

/**
 * Pearson's correlation in [-1, 1]: the covariance of two columns divided by the product of their deviations. NaN when a
 * column is constant or no row counts. (Pearson, Notes on regression and inheritance, 1895.)
 *
 * @example
 * ```ts
 * import { pearson } from '@rootstock/eval'
 * console.log(pearson([1, 2, 3], [2, 4, 7])) // 0.993...
 * ```
 */
export const pearson = (targets: Numbers, predictions: Numbers, options: Weighted = {}): number =>
  once(pearsonStream(), { ...options, targets, predictions })

/** A stream over the pairs that count; NaN where a column holds one. */
const ofPairs = (
  operation: string,
  metric: (x: Float64Array, y: Float64Array, weights: Float64Array) => number,
): Stream<PredictionBatch, KeptRows<Pairs>, number> =>
  keeping(
    ['targets', 'predictions'],
    (batch) => ({
      rows: batch.targets.length,
      weights: weightsOf(operation, batch),
      columns: { targets: batch.targets, predictions: batch.predictions },
    }),
    ({ weights, columns: { targets, predictions } }: Rows<Pairs>) =>
      hasNaN(targets) || hasNaN(predictions) ? Number.NaN : metric(targets, predictions, weights),
  )

/** Ranks by weight; rows of one value share the mean of theirs. */
const ranksOf = (values: Float64Array, weights: Float64Array): Float64Array => {
  const ranks = new Float64Array(values.length)
  const order = rising(values)
  let below = 0
  forEachTie(values, order, (start, end) => {
    const tied = order.subarray(start, end)
    const weight = tied.reduce((sum, row) => sum + weights[row]!, 0)
    for (const row of tied) ranks[row] = below + weight / 2
    below += weight
  })
  return ranks
}

/** `spearman` of batches; keeps the rows. */
export const spearmanStream = (): Stream<PredictionBatch, KeptRows<Pairs>, number> =>
  ofPairs('spearman', (x, y, weights) => {
    const [ofX, ofY] = [ranksOf(x, weights), ranksOf(y, weights)]
    return correlationOf(
      momentsOf(
        weights.length,
        (row) => weights[row]!,
        (row) => ofX[row]!,
        (row) => ofY[row]!,
      ),
    )
  })

/**
 * Spearman's rank correlation in [-1, 1]: Pearson's of the ranks, where equal values share the mean of their ranks. NaN when
 * a column is constant or holds NaN, or no row counts.
 * (Spearman, The proof and measurement of association between two things, 1904.)
 *
 * @example
 * ```ts
 * import { spearman } from '@rootstock/eval'
 * console.log(spearman([1, 2, 3], [1, 10, 100])) // 1
 * ```
 */
export const spearman = (targets: Numbers, predictions: Numbers, options: Weighted = {}): number =>
  once(spearmanStream(), { ...options, targets, predictions })

/** Sums over a growing set of ranks, each in log n steps (Fenwick, A new data structure for cumulative frequency tables, 1994). */
const prefixSums = (size: number) => {
  const tree = new Float64Array(size + 1)
  return {
    add: (rank: number, weight: number): void => {
      for (let i = rank + 1; i <= size; i += i & -i) tree[i]! += weight
    },
    /** The weight of ranks below `rank`. */
    below: (rank: number): number => {
      let sum = 0
      for (let i = rank; i > 0; i -= i & -i) sum += tree[i]!
      return sum
    },
  }
}

/** The number of each value among the distinct ones in rising order. */
const places = (values: Float64Array): Uint32Array => {
  const place = new Uint32Array(values.length)
  const order = rising(values)
  let next = 0
  forEachTie(values, order, (start, end) => {
    for (const row of order.subarray(start, end)) place[row] = next
    next++
  })
  return place
}

/** The weight of pairs of rows that differ in a column. */
const untied = (values: Float64Array, weights: Float64Array): number => {
  const order = rising(values)
  let below = 0
  let pairs = 0
  forEachTie(values, order, (start, end) => {
    const weight = order.subarray(start, end).reduce((sum, row) => sum + weights[row]!, 0)
    pairs += below * weight
    below += weight
  })
  return pairs
}

/** The weight of pairs in the same order in both columns, less that of pairs in opposite order. */
const concordance = (x: Float64Array, y: Float64Array, weights: Float64Array): number => {
  const place = places(y)
  const seen = prefixSums(x.length)
  const order = rising(x)
  let total = 0
  let sum = 0
  forEachTie(x, order, (start, end) => {
    const tied = order.subarray(start, end)
    for (const row of tied) {
      const above = total - seen.below(place[row]! + 1)
      sum += weights[row]! * (seen.below(place[row]!) - above)
    }
    for (const row of tied) {
      seen.add(place[row]!, weights[row]!)
      total += weights[row]!
    }
  })
  return sum
}

/** `kendall` of batches; keeps the rows. */
export const kendallStream = (): Stream<PredictionBatch, KeptRows<Pairs>, number> =>
  ofPairs('kendall', (x, y, weights) => {
    const scale = Math.sqrt(untied(x, weights) * untied(y, weights))
    return Math.max(-1, Math.min(1, concordance(x, y, weights) / scale))
  })

/**
 * Kendall's tau-b in [-1, 1]: pairs of rows in the same order less pairs in opposite order, divided by the root of the pairs
 * that differ in the one column times the pairs that differ in the other; n log n. NaN when a column is constant or holds
 * NaN, or no row counts. (Kendall, The treatment of ties in ranking problems, 1945.)
 *
 * @example
 * ```ts
 * import { kendall } from '@rootstock/eval'
 * console.log(kendall([1, 2, 3, 4], [1, 3, 2, 4])) // 0.666...
 * ```
 */
export const kendall = (targets: Numbers, predictions: Numbers, options: Weighted = {}): number =>
  once(kendallStream(), { ...options, targets, predictions })
