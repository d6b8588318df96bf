/** Areas under the curve of precision against recall, for classes of which one is rare. */
import type { ScoreBatch } from './batch.ts'
import { forEachTie, hasNaN, type KeptRows, keeping, type Rows, rising } from './keptRows.ts'
import { checkClasses, checkRows, type Numbers, type Weighted } from './rows.ts'
import { once, type Stream } from './stream.ts'

type Scored = 'targets' | 'scores'

/** The area of steps from one threshold to the next, from the highest score down; `step` has precision and recall of both. */
const areaUnder = (
  { weights, columns: { targets, scores } }: Rows<Scored>,
  step: (
    recall: readonly [before: number, now: number],
    precision: readonly [before: number, now: number],
  ) => number,
): number => {
  if (hasNaN(scores)) return Number.NaN
  const falling = scores.map((score) => -score)
  const order = rising(falling)
  const positives = weights.reduce((sum, weight, row) => sum + weight * targets[row]!, 0)
  let right = 0
  let called = 0
  let area = 0
  let [recall, precision] = [0, 1]
  forEachTie(falling, order, (start, end) => {
    for (const row of order.subarray(start, end)) {
      called += weights[row]!
      right += weights[row]! * targets[row]!
    }
    const [nextRecall, nextPrecision] = [right / positives, right / called]
    area += step([recall, nextRecall], [precision, nextPrecision])
    recall = nextRecall
    precision = nextPrecision
  })
  return positives === 0 ? Number.NaN : area
}

const curveStream = (
  operation: string,
  step: Parameters<typeof areaUnder>[1],
): Stream<ScoreBatch, KeptRows<Scored>, number> =>
  keeping(
    ['targets', 'scores'],
    ({ targets, scores, ...rest }) => {
      const weights = checkRows(operation, { targets, name: 'scores', second: scores }, rest)
      checkClasses(operation, 'targets', targets, 2, weights)
      return { rows: targets.length, weights, columns: { targets, scores } }
    },
    (rows) => areaUnder(rows, step),
  )

/** `averagePrecision` of batches; keeps the rows. */
export const averagePrecisionStream = (): Stream<ScoreBatch, KeptRows<Scored>, number> =>
  curveStream('averagePrecision', ([before, now], [, precision]) => (now - before) * precision)

/**
 * Average precision: the sum over falling thresholds of (R_k - R_(k-1)) P_k of recall R and precision P, without
 * interpolation; equal scores are one threshold. `targets` are 0 or 1. NaN when no row is of class 1 or a score is NaN.
 * (Buckley and Voorhees, Evaluating evaluation measure stability, 2000.)
 *
 * @example
 * ```ts
 * import { averagePrecision } from '@rootstock/eval'
 * console.log(averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])) // 0.833...
 * ```
 */
export const averagePrecision = (
  targets: Numbers,
  scores: Numbers,
  options: Weighted = {},
): number => once(averagePrecisionStream(), { ...options, targets, scores })

/** `prAuc` of batches; keeps the rows. */
export const prAucStream = (): Stream<ScoreBatch, KeptRows<Scored>, number> =>
  curveStream(
    'prAuc',
    ([before, now], [last, precision]) => ((now - before) * (last + precision)) / 2,
  )

/**
 * The area under precision against recall by trapezoids, from recall 0 and precision 1. Straight lines between points of
 * this curve promise too much, so `averagePrecision` is the better choice (Davis and Goadrich, The relationship between
 * precision-recall and ROC curves, 2006). NaN when no row is of class 1 or a score is NaN.
 *
 * @example
 * ```ts
 * import { prAuc } from '@rootstock/eval'
 * console.log(prAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])) // 0.791...
 * ```
 */
export const prAuc = (targets: Numbers, scores: Numbers, options: Weighted = {}): number =>
  once(prAucStream(), { ...options, targets, scores })
