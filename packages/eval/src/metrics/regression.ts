/** Metrics of predicted numbers that are means of one term a row: in the unit of the target, its square, or none. */
import type { PredictionBatch } from './batch.ts'
import { checkRows, countRows, type Numbers, type Weighted } from './rows.ts'
import { once, type Stream } from './stream.ts'
import { averaging, type Terms, type WeightedSums } from './weightedMean.ts'

/** How many numbers are predicted for each row. */
export interface Outputs {
  /** How many numbers are predicted for each row (row-major); 1 where absent. Metrics are averaged over them. */
  readonly outputs?: number | undefined
}

/** Options of regression metrics. */
export interface RegressionOptions extends Weighted, Outputs {}

/** The rows of a batch of predictions, after its checks. */
export const checkPredictions = (
  operation: string,
  { targets, predictions, ...rest }: PredictionBatch,
  outputs: number,
): Pick<Terms, 'rows' | 'weights'> => {
  const rows = countRows(operation, targets, outputs, 'output')
  const columns = { targets: { length: rows }, name: 'predictions', second: predictions }
  return { rows, weights: checkRows(operation, { ...columns, width: outputs }, rest) }
}

type Averaged = Stream<PredictionBatch, WeightedSums, number>

/** The mean of a term of target and prediction. */
const meanOf = (
  operation: string,
  { outputs = 1 }: Outputs,
  term: (target: number, prediction: number) => number,
  finish?: (mean: number) => number,
): Averaged =>
  averaging(
    outputs,
    (batch) => ({
      ...checkPredictions(operation, batch, outputs),
      term: (row, output) => {
        const at = row * outputs + output
        return term(batch.targets[at]!, batch.predictions[at]!)
      },
    }),
    finish,
  )

const squaredError = (target: number, prediction: number): number => (target - prediction) ** 2

/** `mse` of batches. */
export const mseStream = (options: Outputs = {}): Averaged => meanOf('mse', options, squaredError)

/**
 * Mean squared error, in the squared unit of the target; of many outputs, the mean of each one's. NaN when no row counts.
 *
 * @example
 * ```ts
 * import { mse } from '@rootstock/eval'
 * console.log(mse([1, 2, 3], [1, 2, 6])) // 3
 * ```
 */
export const mse = (
  targets: Numbers,
  predictions: Numbers,
  options: RegressionOptions = {},
): number => once(mseStream(options), { ...options, targets, predictions })

/** `rmse` of batches. */
export const rmseStream = (options: Outputs = {}): Averaged =>
  meanOf('rmse', options, squaredError, Math.sqrt)

/**
 * Root mean squared error, in the unit of the target; of many outputs, the mean of each one's. NaN when no row counts.
 *
 * @example
 * ```ts
 * import { rmse } from '@rootstock/eval'
 * console.log(rmse([1, 2, 3], [1, 2, 6])) // 1.732...
 * ```
 */
export const rmse = (
  targets: Numbers,
  predictions: Numbers,
  options: RegressionOptions = {},
): number => once(rmseStream(options), { ...options, targets, predictions })

/** `mae` of batches. */
export const maeStream = (options: Outputs = {}): Averaged =>
  meanOf('mae', options, (target, prediction) => Math.abs(target - prediction))

/**
 * Mean absolute error, in the unit of the target; of many outputs, the mean of each one's. NaN when no row counts.
 *
 * @example
 * ```ts
 * import { mae } from '@rootstock/eval'
 * console.log(mae([1, 2, 3], [1, 2, 6])) // 1
 * ```
 */
export const mae = (
  targets: Numbers,
  predictions: Numbers,
  options: RegressionOptions = {},
): number => once(maeStream(options), { ...options, targets, predictions })

/** `mape` of batches. */
export const mapeStream = (options: Outputs = {}): Averaged =>
  meanOf(
    'mape',
    options,
    (target, prediction) =>
      Math.abs(target - prediction) / Math.max(Math.abs(target), Number.EPSILON),
  )

/**
 * Mean absolute error relative to the target, |t - y| / max(|t|, 2^-52): a share, not per cent, and huge where a target is 0.
 * Of many outputs, the mean of each one's. NaN when no row counts.
 *
 * @example
 * ```ts
 * import { mape } from '@rootstock/eval'
 * console.log(mape([1, 2, 4], [1, 3, 3])) // 0.25
 * ```
 */
export const mape = (
  targets: Numbers,
  predictions: Numbers,
  options: RegressionOptions = {},
): number => once(mapeStream(options), { ...options, targets, predictions })
