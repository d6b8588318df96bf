/** How well scores rank classes: the area under the receiver operating characteristic. */
import type { ProbabilityBatch, ScoreBatch } from './batch.ts'
import { forEachTie, hasNaN, type KeptRows, keeping, type Rows, rising } from './keptRows.ts'
import { checkClasses, checkRows, type Numbers, type Weighted } from './rows.ts'
import { once, type Stream } from './stream.ts'

/** ROC-AUC of `isPositive` against scores, from the sum of ranks; rows of one score share their rank. */
const areaOf = (
  isPositive: (row: number) => boolean,
  scores: Float64Array,
  weights: Float64Array,
): number => {
  if (hasNaN(scores)) return Number.NaN
  const order = rising(scores)
  let negativesBelow = 0
  let positives = 0
  let area = 0
  forEachTie(scores, order, (start, end) => {
    let tiedPositives = 0
    let tiedNegatives = 0
    for (let i = start; i < end; i++) {
      const row = order[i]!
      if (isPositive(row)) tiedPositives += weights[row]!
      else tiedNegatives += weights[row]!
    }
    area += tiedPositives * (negativesBelow + tiedNegatives / 2)
    positives += tiedPositives
    negativesBelow += tiedNegatives
  })
  return area / (positives * negativesBelow)
}

/** `rocAuc` of batches; keeps the rows. */
export const rocAucStream = (): Stream<ScoreBatch, KeptRows<'targets' | 'scores'>, number> =>
  keeping(
    ['targets', 'scores'],
    ({ targets, scores, ...rest }) => {
      const weights = checkRows('rocAuc', { targets, name: 'scores', second: scores }, rest)
      checkClasses('rocAuc', 'targets', targets, 2, weights)
      return { rows: targets.length, weights, columns: { targets, scores } }
    },
    ({ weights, columns: { targets, scores } }) =>
      areaOf((row) => targets[row] === 1, scores, weights),
  )

/**
 * Area under the receiver operating characteristic: the chance that a row of class 1 has a higher score than a row of class
 * 0, where equal scores count one half. `targets` are 0 or 1. NaN when one of the classes is absent or a score is NaN.
 * (Hanley and McNeil, The meaning and use of the area under a ROC curve, 1982.)
 *
 * @example
 * ```ts
 * import { rocAuc } from '@rootstock/eval'
 * console.log(rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8])) // 0.875
 * ```
 */
export const rocAuc = (targets: Numbers, scores: Numbers, options: Weighted = {}): number =>
  once(rocAucStream(), { ...options, targets, scores })

/** How areas of many classes are taken and put together. */
export interface AreaAveraging {
  /** How many probabilities each row has. */
  readonly classes: number
  /** `rest`: each class against all others (default); `each`: each pair of classes, both ways, on the rows of the two. */
  readonly against?: 'rest' | 'each' | undefined
  /** `macro`: the plain mean (default); `weighted`: by the share of the rows of the class, or of the pair. */
  readonly average?: 'macro' | 'weighted' | undefined
}

/** Options of `rocAucMulticlass`. */
export interface RocAucOptions extends Weighted, AreaAveraging {}

type Forecasts = Rows<'targets' | 'probabilities'>

/** The rows of two classes, with the probability of the first. */
const duel = (
  { weights, columns: { targets, probabilities } }: Forecasts,
  classes: number,
  [own, other]: readonly [number, number],
): number => {
  const rows: number[] = []
  targets.forEach((target, row) => {
    if (target === own || target === other) rows.push(row)
  })
  return areaOf(
    (i) => targets[rows[i]!] === own,
    Float64Array.from(rows, (row) => probabilities[row * classes + own]!),
    Float64Array.from(rows, (row) => weights[row]!),
  )
}

const againstRest = (
  { weights, columns: { targets, probabilities } }: Forecasts,
  classes: number,
  own: number,
): number =>
  areaOf(
    (row) => targets[row] === own,
    Float64Array.from({ length: targets.length }, (_, row) => probabilities[row * classes + own]!),
    weights,
  )

/** Areas with the weight of the rows they stand for. */
const areasOf = (
  rows: Forecasts,
  { classes, against = 'rest' }: AreaAveraging,
): readonly (readonly [area: number, weight: number])[] => {
  const weightOf = new Float64Array(classes)
  rows.columns.targets.forEach((target, row) => {
    weightOf[target]! += rows.weights[row]!
  })
  const present = [...weightOf.keys()].filter((k) => weightOf[k]! > 0)
  if (present.length < 2) return []
  if (against === 'rest') return present.map((k) => [againstRest(rows, classes, k), weightOf[k]!])
  return present.flatMap((a, i) =>
    present.slice(i + 1).map((b): readonly [number, number] => {
      const area = (duel(rows, classes, [a, b]) + duel(rows, classes, [b, a])) / 2
      return [area, weightOf[a]! + weightOf[b]!]
    }),
  )
}

const multiclassStream = (
  operation: string,
  options: AreaAveraging,
): Stream<ProbabilityBatch, KeptRows<'targets' | 'probabilities'>, number> =>
  keeping(
    ['targets', 'probabilities'],
    ({ targets, probabilities, ...rest }) => {
      const { classes } = options
      const columns = { targets, name: 'probabilities', second: probabilities, width: classes }
      const weights = checkRows(operation, columns, rest)
      checkClasses(operation, 'targets', targets, classes, weights)
      return { rows: targets.length, weights, columns: { targets, probabilities } }
    },
    (rows) => {
      const areas = areasOf(rows, options)
      const share = (weight: number): number => (options.average === 'weighted' ? weight : 1)
      const sum = areas.reduce((all, [area, weight]) => all + share(weight) * area, 0)
      return sum / areas.reduce((all, [, weight]) => all + share(weight), 0)
    },
  )

/** `rocAucMulticlass` of batches; keeps the rows. */
export const rocAucMulticlassStream = (
  options: AreaAveraging,
): Stream<ProbabilityBatch, KeptRows<'targets' | 'probabilities'>, number> =>
  multiclassStream('rocAucMulticlass', options)

/**
 * ROC-AUC for many classes, over the classes that occur in the targets: of each class's probability against all others, or
 * of each pair of classes, the mean of the area by the probability of the one and of the other (Hand and Till, A simple
 * generalisation of the area under the ROC curve for multiple class classification problems, 2001). `probabilities` is
 * row-major [rows, classes]. NaN when fewer than two classes occur.
 *
 * @example
 * ```ts
 * import { rocAucMulticlass } from '@rootstock/eval'
 * const probabilities = [0.8, 0.1, 0.1, 0.2, 0.7, 0.1, 0.1, 0.3, 0.6]
 * console.log(rocAucMulticlass([0, 1, 2], probabilities, { classes: 3, against: 'each' })) // 1
 * ```
 */
export const rocAucMulticlass = (
  targets: Numbers,
  probabilities: Numbers,
  options: RocAucOptions,
): number => once(rocAucMulticlassStream(options), { ...options, targets, probabilities })

/**
 * ROC-AUC for many classes: the mean, over the classes that occur in the targets, of the area of that class's probability
 * against all others; `rocAucMulticlass` without options. NaN when fewer than two classes occur.
 *
 * @example
 * ```ts
 * import { rocAucMacro } from '@rootstock/eval'
 * const probabilities = [0.8, 0.1, 0.1, 0.2, 0.7, 0.1, 0.1, 0.3, 0.6]
 * console.log(rocAucMacro([0, 1, 2], probabilities, { classes: 3 })) // 1
 * ```
 */
export const rocAucMacro = (
  targets: Numbers,
  probabilities: Numbers,
  { classes, weights, mask }: Weighted & { readonly classes: number },
): number =>
  once(multiclassStream('rocAucMacro', { classes }), { targets, probabilities, weights, mask })
