/** Agreement of predicted and true classes beyond what chance gives. */
import type { PredictionBatch } from './batch.ts'
import {
  type ClassCount,
  type Classes,
  type ClassOptions,
  type Counts,
  counting,
  perClass,
} from './counts.ts'
import type { Numbers } from './rows.ts'
import { once, type Stream } from './stream.ts'

/** Sum over classes. */
const sumOver = (counts: readonly ClassCount[], term: (count: ClassCount) => number): number =>
  counts.reduce((sum, count) => sum + term(count), 0)

/** `mcc` of batches. */
export const mccStream = (options: Classes = {}): Stream<PredictionBatch, Counts, number> =>
  counting('mcc', options, (counts) => {
    const table = perClass(counts)
    const rows = sumOver(table, ({ targets }) => targets)
    if (rows === 0) return Number.NaN
    const covariance =
      rows * sumOver(table, ({ right }) => right) -
      sumOver(table, ({ targets, predictions }) => targets * predictions)
    const ofTargets = rows ** 2 - sumOver(table, ({ targets }) => targets ** 2)
    const ofPredictions = rows ** 2 - sumOver(table, ({ predictions }) => predictions ** 2)
    const isConstant =
      counts.classes < 2 || table.some((c) => c.targets === rows || c.predictions === rows)
    return isConstant ? 0 : covariance / Math.sqrt(ofTargets * ofPredictions)
  })

/**
 * Matthews' correlation of true and predicted classes, in [-1, 1]: with c right of s rows, t_k rows of class k and p_k
 * called so, (c s - sum t_k p_k) / sqrt((s^2 - sum t_k^2) (s^2 - sum p_k^2)). It is 0 when the targets or the predictions
 * are all one class, NaN when no row counts. (Matthews, 1975; many classes: Gorodkin, Comparing two K-category assignments by
 * a K-category correlation coefficient, 2004.)
 *
 * @example
 * ```ts
 * import { mcc } from '@rootstock/eval'
 * console.log(mcc([0, 0, 1, 1], [0, 1, 1, 1])) // 0.577...
 * ```
 */
export const mcc = (targets: Numbers, predictions: Numbers, options: ClassOptions = {}): number =>
  once(mccStream(options), { ...options, targets, predictions })

/** How much a mistake costs by the distance of the two class numbers. */
export interface Penalty {
  /** `equal`: every mistake is the same (default); `linear`, `quadratic`: by distance, for classes in an order. */
  readonly penalty?: 'equal' | 'linear' | 'quadratic' | undefined
}

/** Options of `cohenKappa`. */
export interface KappaOptions extends ClassOptions, Penalty {}

const penalties = {
  equal: (distance: number) => (distance === 0 ? 0 : 1),
  linear: (distance: number) => distance,
  quadratic: (distance: number) => distance ** 2,
}

/** `cohenKappa` of batches. */
export const cohenKappaStream = (
  options: Classes & Penalty = {},
): Stream<PredictionBatch, Counts, number> =>
  counting('cohenKappa', options, (counts) => {
    const cost = penalties[options.penalty ?? 'equal']
    const table = perClass(counts)
    let observed = 0
    let byChance = 0
    for (let t = 0; t < counts.classes; t++)
      for (let y = 0; y < counts.classes; y++) {
        const penalty = cost(Math.abs(t - y))
        observed += penalty * counts.table[t * counts.classes + y]!
        byChance += penalty * table[t]!.targets * table[y]!.predictions
      }
    return 1 - (observed * sumOver(table, ({ targets }) => targets)) / byChance
  })

/**
 * Cohen's kappa: 1 - (cost of the mistakes) / (their cost if predictions were dealt out by chance). 1 is perfect, 0 what
 * chance gives. NaN when targets and predictions are all the same one class, or no row counts.
 * (Cohen, A coefficient of agreement for nominal scales, 1960; with penalties: Cohen, 1968.)
 *
 * @example
 * ```ts
 * import { cohenKappa } from '@rootstock/eval'
 * console.log(cohenKappa([0, 1, 2, 2], [0, 2, 2, 2], { penalty: 'quadratic' })) // 0.833...
 * ```
 */
export const cohenKappa = (
  targets: Numbers,
  predictions: Numbers,
  options: KappaOptions = {},
): number => once(cohenKappaStream(options), { ...options, targets, predictions })
