/**
 * Agreement of two partitions of the rows, where the names of the parts mean nothing: clusters against classes. The
 * contingency table of p parts has p^2 entries.
 */
import type { PredictionBatch } from './batch.ts'
import { type ClassCount, type Counts, counting, perClass } from './counts.ts'
import type { Numbers, Weighted } from './rows.ts'
import { once, type Stream } from './stream.ts'

type Counted = Stream<PredictionBatch, Counts, number>

const rowsOf = (parts: readonly ClassCount[]): number =>
  parts.reduce((sum, { targets }) => sum + targets, 0)

const informationOf = ({ classes, table }: Counts, parts: readonly ClassCount[]): number => {
  const rows = rowsOf(parts)
  let sum = 0
  for (let t = 0; t < classes; t++)
    for (let y = 0; y < classes; y++) {
      const both = table[t * classes + y]!
      if (both === 0) continue
      sum += both * Math.log((both * rows) / (parts[t]!.targets * parts[y]!.predictions))
    }
  // rounding may take the information of independent parts a little below 0; NaN stays
  return Math.max(0, sum / rows)
}

const entropyOf = (weights: readonly number[]): number => {
  const rows = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.reduce(
    (sum, weight) => (weight === 0 ? sum : sum - (weight / rows) * Math.log(weight / rows)),
    0,
  )
}

/** `mutualInformation` of batches. */
export const mutualInformationStream = (): Counted =>
  counting('mutualInformation', {}, (counts) => informationOf(counts, perClass(counts)))

/**
 * Mutual information of two partitions in nats: the sum over pairs of parts of p(t, y) ln(p(t, y) / (p(t) p(y))). NaN when
 * no row counts. (Shannon, A mathematical theory of communication, 1948.)
 *
 * @example
 * ```ts
 * import { mutualInformation } from '@rootstock/eval'
 * console.log(mutualInformation([0, 0, 1, 1], [1, 1, 0, 0])) // 0.693...
 * ```
 */
export const mutualInformation = (
  targets: Numbers,
  predictions: Numbers,
  options: Weighted = {},
): number => once(mutualInformationStream(), { ...options, targets, predictions })

/** `normalizedMutualInformation` of batches. */
export const normalizedMutualInformationStream = (): Counted =>
  counting('normalizedMutualInformation', {}, (counts) => {
    const parts = perClass(counts)
    const information = informationOf(counts, parts)
    const entropies =
      entropyOf(parts.map(({ targets }) => targets)) +
      entropyOf(parts.map(({ predictions }) => predictions))
    // both are a single part, so they are the same partition
    if (entropies === 0 && information === 0) return 1
    return (2 * information) / entropies
  })

/**
 * Mutual information divided by the mean of the two entropies, in [0, 1]; 1 when both are a single part. NaN when no row
 * counts. (Vinh, Epps and Bailey, Information theoretic measures for clusterings comparison, 2010.)
 *
 * @example
 * ```ts
 * import { normalizedMutualInformation } from '@rootstock/eval'
 * console.log(normalizedMutualInformation([0, 0, 1, 1], [1, 1, 0, 0])) // 1
 * ```
 */
export const normalizedMutualInformation = (
  targets: Numbers,
  predictions: Numbers,
  options: Weighted = {},
): number => once(normalizedMutualInformationStream(), { ...options, targets, predictions })

/** Pairs of rows among so many, twice. */
const pairs = (rows: number): number => rows * (rows - 1)

/** `adjustedRand` of batches. */
export const adjustedRandStream = (): Counted =>
  counting('adjustedRand', {}, (counts) => {
    const parts = perClass(counts)
    const together = counts.table.reduce((sum, both) => sum + pairs(both), 0)
    const ofTargets = parts.reduce((sum, { targets }) => sum + pairs(targets), 0)
    const ofPredictions = parts.reduce((sum, { predictions }) => sum + pairs(predictions), 0)
    const all = rowsOf(parts)
    if (all === 0) return Number.NaN
    if (together === ofTargets && together === ofPredictions) return 1
    const byChance = (ofTargets * ofPredictions) / pairs(all)
    return (together - byChance) / ((ofTargets + ofPredictions) / 2 - byChance)
  })

/**
 * The share of pairs of rows on which two partitions agree, adjusted for chance: (S - E) / (M - E), where S counts the pairs
 * that both put together, M is the mean of the pairs each puts together and E their product divided by all pairs. 1 for
 * equal partitions, 0 on average for random ones. A weight says how often a row is there, so weights below 1 have no meaning.
 * NaN when no row counts. (Hubert and Arabie, Comparing partitions, 1985.)
 *
 * @example
 * ```ts
 * import { adjustedRand } from '@rootstock/eval'
 * console.log(adjustedRand([0, 0, 1, 1], [0, 0, 1, 2])) // 0.571...
 * ```
 */
export const adjustedRand = (
  targets: Numbers,
  predictions: Numbers,
  options: Weighted = {},
): number => once(adjustedRandStream(), { ...options, targets, predictions })
