/** One number for many classes: the four usual ways to put the ratios of classes together. */
import { type ClassCount, type Classes, type Counts, occurs, perClass } from './counts.ts'
import type { Weighted } from './rows.ts'

/**
 * How classes make one number.
 *
 * - `macro`: the mean over `classes`, or where that is not given over the classes that occur in targets or predictions
 * - `micro`: the ratio of the sums over classes
 * - `weighted`: the mean over classes, weighted by their share of the targets
 * - `binary`: that of the class `positive` alone
 */
export type Average = 'macro' | 'micro' | 'weighted' | 'binary'

/** How classes are averaged. */
export interface Averaging extends Classes {
  /** `macro` where absent. */
  readonly average?: Average | undefined
  /** The class that counts as found, for `binary`; 1 where absent. */
  readonly positive?: number | undefined
}

/** Options of metrics averaged over classes. */
export interface AverageOptions extends Weighted, Averaging {}

/** Sums over classes. */
export const total = (counts: readonly ClassCount[]): ClassCount =>
  counts.reduce(
    (sum, { right, targets, predictions }) => ({
      right: sum.right + right,
      targets: sum.targets + targets,
      predictions: sum.predictions + predictions,
    }),
    { right: 0, targets: 0, predictions: 0 },
  )

/** `numerator / denominator`, where 0/0 is 0. */
export const ratio = (numerator: number, denominator: number): number =>
  denominator === 0 ? 0 : numerator / denominator

/** The mean of `of` over classes, weighted by their share of the targets; 0 where no target has any of them. */
export const weightedByTargets = (
  counts: readonly ClassCount[],
  of: (count: ClassCount) => number,
): number =>
  ratio(
    counts.reduce((sum, count) => sum + count.targets * of(count), 0),
    total(counts).targets,
  )

/** What `of` says of classes as one number; NaN when no row counts. */
export const averageOf = (
  counts: Counts,
  { average = 'macro', classes, positive = 1 }: Averaging,
  of: (count: ClassCount) => number,
): number => {
  const table = perClass(counts)
  const present = table.filter(occurs)
  if (present.length === 0) return Number.NaN
  switch (average) {
    case 'macro':
      return present.reduce((sum, count) => sum + of(count), 0) / (classes ?? present.length)
    case 'micro':
      return of(total(present))
    case 'weighted':
      return weightedByTargets(present, of)
    case 'binary':
      return table[positive] === undefined ? 0 : of(table[positive])
  }
}
