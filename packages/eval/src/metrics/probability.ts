/** Metrics of scores and probabilities: how well classes are ranked (ROC-AUC) and how well chances are told (log-loss). */
import { checkClasses, checkRows, type Numbers, type Weighted, weightOf } from './rows.ts'

const rowsByScore = (scores: Numbers): Uint32Array => {
  const rows = new Uint32Array(scores.length)
  for (let i = 0; i < rows.length; i++) rows[i] = i
  return rows.sort((a, b) => scores[a]! - scores[b]!)
}

/** ROC-AUC of `isPositive` against scores, from the sum of ranks; rows of one score share their rank. */
const areaOf = (
  isPositive: (row: number) => boolean,
  scores: Numbers,
  weights: Numbers | undefined,
): number => {
  const rows = rowsByScore(scores)
  if (rows.some((row) => Number.isNaN(scores[row]))) return Number.NaN
  let negativesBelow = 0
  let positives = 0
  let area = 0
  for (let start = 0; start < rows.length; ) {
    const score = scores[rows[start]!]!
    let tiedPositives = 0
    let tiedNegatives = 0
    let end = start
    for (; end < rows.length && scores[rows[end]!] === score; end++) {
      const row = rows[end]!
      const weight = weightOf(weights, row)
      if (isPositive(row)) tiedPositives += weight
      else tiedNegatives += weight
    }
    area += tiedPositives * (negativesBelow + tiedNegatives / 2)
    positives += tiedPositives
    negativesBelow += tiedNegatives
    start = end
  }
  return area / (positives * negativesBelow)
}

/** The rows that count, so that a NaN of a row that does not count cannot upset the sorting. */
const countedRows = (rows: number, weights: Numbers | undefined): readonly number[] => {
  const counted: number[] = []
  for (let i = 0; i < rows; i++) if (weightOf(weights, i) > 0) counted.push(i)
  return counted
}

const pick = (rows: readonly number[], value: (row: number) => number): Float64Array => {
  const picked = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) picked[i] = value(rows[i]!)
  return picked
}

/**
 * Area under the receiver operating characteristic: the chance that a row of class 1 has a higher score than a row of class
 * 0, where equal scores count one half (Hanley and McNeil, 1982). `targets` are 0 or 1. NaN when one of the
 * classes is absent or a score is NaN.
 *
 * @example
 * ```ts
 * import { rocAuc } from '@rootstock/eval'
 * console.log(rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8])) // 0.875
 * ```
 */
export const rocAuc = (targets: Numbers, scores: Numbers, { weights }: Weighted = {}): number => {
  checkRows('rocAuc', targets, ['scores', scores, 1], weights)
  checkClasses('rocAuc', 'targets', targets, 2, weights)
  const rows = countedRows(targets.length, weights)
  const ranked = pick(rows, (row) => scores[row]!)
  return areaOf(
    (i) => targets[rows[i]!] === 1,
    ranked,
    pick(rows, (row) => weightOf(weights, row)),
  )
}

/** Options of metrics over a row of class probabilities for each row. */
export interface ProbabilityOptions extends Weighted {
  /** How many probabilities each row has. */
  readonly classes: number
}

/**
 * ROC-AUC for many classes: the mean, over the classes that occur in the targets, of the area of that class's probability
 * against all others. `probabilities` is row-major [rows, classes]. NaN when fewer than two classes occur.
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
  { classes, weights }: ProbabilityOptions,
): number => {
  checkRows('rocAucMacro', targets, ['probabilities', probabilities, classes], weights)
  checkClasses('rocAucMacro', 'targets', targets, classes, weights)
  const rows = countedRows(targets.length, weights)
  const rowWeights = pick(rows, (row) => weightOf(weights, row))
  const present = [...new Set(rows.map((row) => targets[row]!))]
  if (present.length < 2) return Number.NaN
  const areas = present.map((k) => {
    const scores = pick(rows, (row) => probabilities[row * classes + k]!)
    return areaOf((i) => targets[rows[i]!] === k, scores, rowWeights)
  })
  return areas.reduce((sum, area) => sum + area, 0) / areas.length
}

/** Options of `logLoss`. */
export interface LogLossOptions extends ProbabilityOptions {
  /** Probabilities below this count as this much; 0, no floor, where absent. */
  readonly floor?: number
}

/**
 * The mean of -ln of the probability given to the true class, in nats. `probabilities` is row-major [rows, classes] and its
 * rows are taken as they are. A true class of probability 0 makes it Infinity unless there is a `floor`; NaN when no row
 * counts.
 *
 * @example
 * ```ts
 * import { logLoss } from '@rootstock/eval'
 * console.log(logLoss([0, 1], [0.5, 0.5, 0.5, 0.5], { classes: 2 })) // 0.693...
 * ```
 */
export const logLoss = (
  targets: Numbers,
  probabilities: Numbers,
  { classes, weights, floor = 0 }: LogLossOptions,
): number => {
  checkRows('logLoss', targets, ['probabilities', probabilities, classes], weights)
  checkClasses('logLoss', 'targets', targets, classes, weights)
  let sum = 0
  let total = 0
  for (let i = 0; i < targets.length; i++) {
    const weight = weightOf(weights, i)
    if (weight === 0) continue
    sum -= weight * Math.log(Math.max(floor, probabilities[i * classes + targets[i]!]!))
    total += weight
  }
  return sum / total
}
