/** How well chances are told: log-loss and Brier scores, both lowest on average for the true chances. */
import type { ProbabilityBatch } from './batch.ts'
import { checkClasses, checkRows, type Numbers, type Weighted } from './rows.ts'
import { once, type Stream } from './stream.ts'
import { averaging, type Terms, type WeightedSums } from './weightedMean.ts'

/** How many classes probabilities are given for. */
export interface Probabilities {
  /** How many probabilities each row has. */
  readonly classes: number
}

/** Options of metrics over a row of class probabilities for each row. */
export interface ProbabilityOptions extends Weighted, Probabilities {}

/** The least that a probability counts as. */
export interface Floor {
  /** Probabilities below this count as this much; 0, no floor, where absent. */
  readonly floor?: number | undefined
}

/** Options of `logLoss`. */
export interface LogLossOptions extends ProbabilityOptions, Floor {}

type Averaged = Stream<ProbabilityBatch, WeightedSums, number>

const checked = (
  operation: string,
  { targets, probabilities, ...rest }: ProbabilityBatch,
  width: number,
  classes = width,
): Pick<Terms, 'rows' | 'weights'> => {
  const columns = { targets, name: 'probabilities', second: probabilities, width }
  const weights = checkRows(operation, columns, rest)
  checkClasses(operation, 'targets', targets, classes, weights)
  return { rows: targets.length, weights }
}

/** `logLoss` of batches. */
export const logLossStream = ({ classes, floor = 0 }: Probabilities & Floor): Averaged =>
  averaging(1, (batch) => ({
    ...checked('logLoss', batch, classes),
    term: (row) =>
      -Math.log(Math.max(floor, batch.probabilities[row * classes + batch.targets[row]!]!)),
  }))

/**
 * The mean of -ln of the probability given to the true class, in nats. `probabilities` is row-major [rows, classes] and its
 * rows are taken as they are. A true class of probability 0 makes it Infinity unless there is a `floor`; NaN when no row
 * counts. (Good, Rational decisions, 1952.)
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
  options: LogLossOptions,
): number => once(logLossStream(options), { ...options, targets, probabilities })

/** `brier` of batches. */
export const brierStream = (): Averaged =>
  averaging(1, (batch) => ({
    ...checked('brier', batch, 1, 2),
    term: (row) => (batch.probabilities[row]! - batch.targets[row]!) ** 2,
  }))

/**
 * Brier's score of the chance of class 1: the mean of (p - t)^2 over rows, with t 0 or 1; half of `brierMulticlass` of the
 * same two classes. NaN when no row counts. (Brier, Verification of forecasts expressed in terms of probability, 1950.)
 *
 * @example
 * ```ts
 * import { brier } from '@rootstock/eval'
 * console.log(brier([0, 1], [0.5, 1])) // 0.125
 * ```
 */
export const brier = (targets: Numbers, probabilities: Numbers, options: Weighted = {}): number =>
  once(brierStream(), { ...options, targets, probabilities })

/** `brierMulticlass` of batches. */
export const brierMulticlassStream = ({ classes }: Probabilities): Averaged =>
  averaging(1, (batch) => ({
    ...checked('brierMulticlass', batch, classes),
    term: (row) => {
      let sum = 0
      for (let k = 0; k < classes; k++) {
        const truth = batch.targets[row] === k ? 1 : 0
        sum += (batch.probabilities[row * classes + k]! - truth) ** 2
      }
      return sum
    },
  }))

/**
 * Brier's score of all classes: the mean over rows of the sum over classes of (p_k - 1 if k is true else 0)^2, in [0, 2].
 * `probabilities` is row-major [rows, classes]. NaN when no row counts.
 * (Brier, Verification of forecasts expressed in terms of probability, 1950.)
 *
 * @example
 * ```ts
 * import { brierMulticlass } from '@rootstock/eval'
 * console.log(brierMulticlass([0, 1], [0.5, 0.5, 0, 1], { classes: 2 })) // 0.25
 * ```
 */
export const brierMulticlass = (
  targets: Numbers,
  probabilities: Numbers,
  options: ProbabilityOptions,
): number => once(brierMulticlassStream(options), { ...options, targets, probabilities })
