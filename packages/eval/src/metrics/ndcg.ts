/** How well scores order the items of a query, when the first places matter most. */
import { ArgumentError } from '@rootstock/core'
import { ratio } from './average.ts'
import type { ScoreBatch } from './batch.ts'
import { forEachTie, hasNaN, rising } from './keptRows.ts'
import { checkRows, countRows, type Numbers, type Weighted } from './rows.ts'
import { once, type Stream } from './stream.ts'
import { averaging, type WeightedSums } from './weightedMean.ts'

/** How many items a query has, and how many places count. */
export interface Items {
  /** How many items each query has. */
  readonly items: number
  /** How many of the first places count; all where absent. */
  readonly k?: number | undefined
}

/** Options of `ndcg`. */
export interface NdcgOptions extends Weighted, Items {}

/** The gain of items in falling order of `scores`, each divided by log2 of its place + 1; equal scores share their places. */
const discountedGain = (gains: Float64Array, scores: Float64Array, places: number): number => {
  const falling = scores.map((score) => -score)
  const order = rising(falling)
  let sum = 0
  forEachTie(falling, order, (start, end) => {
    let discounts = 0
    for (let place = start; place < Math.min(end, places); place++)
      discounts += 1 / Math.log2(place + 2)
    const gain = order.subarray(start, end).reduce((all, item) => all + gains[item]!, 0)
    sum += (gain / (end - start)) * discounts
  })
  return sum
}

const gainsOf = (targets: Numbers, query: number, items: number): Float64Array =>
  Float64Array.from({ length: items }, (_, item) => {
    const gain = targets[query * items + item]!
    if (gain >= 0) return gain
    throw new ArgumentError({
      operation: 'ndcg',
      inputs: { targets: `${targets.length} numbers`, items },
      rule: `targets must be relevances of at least 0, but item ${item} of query ${query} is ${gain}`,
    })
  })

/** `ndcg` of batches. */
export const ndcgStream = ({ items, k = items }: Items): Stream<ScoreBatch, WeightedSums, number> =>
  averaging(1, ({ targets, scores, ...rest }) => {
    const rows = countRows('ndcg', targets, items, 'item')
    const columns = { targets: { length: rows }, name: 'scores', second: scores, width: items }
    return {
      rows,
      weights: checkRows('ndcg', columns, rest),
      term: (query) => {
        const gains = gainsOf(targets, query, items)
        const own = Float64Array.from(gains, (_, item) => scores[query * items + item]!)
        if (hasNaN(own)) return Number.NaN
        return ratio(discountedGain(gains, own, k), discountedGain(gains, gains, k))
      },
    }
  })

/**
 * Normalised discounted cumulative gain, the mean over queries of DCG / (DCG of the best order), where DCG is the sum over
 * the first `k` places r = 1, 2, ... of relevance / log2(r + 1). `targets` are relevances of at least 0, row-major [queries,
 * items]; a weight belongs to a query. Items of one score share their places; a query without a relevant item is 0. NaN when
 * no query counts or a score is NaN. (Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002; ties:
 * McSherry and Najork, Computing information retrieval performance measures efficiently in the presence of tied scores, 2008.)
 *
 * @example
 * ```ts
 * import { ndcg } from '@rootstock/eval'
 * console.log(ndcg([3, 2, 0], [0.1, 0.5, 0.3], { items: 3 })) // 0.821...
 * ```
 */
export const ndcg = (targets: Numbers, scores: Numbers, options: NdcgOptions): number =>
  once(ndcgStream(options), { ...options, targets, scores })
