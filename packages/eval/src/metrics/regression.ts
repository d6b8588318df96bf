/** Metrics of predicted numbers: RMSE and MAE in the unit of the target, R2 without one. */
import { ShapeError } from '@rootstock/core'
import { checkRows, type Numbers, type Weighted, weightOf } from './rows.ts'

/** Options of regression metrics. */
export interface RegressionOptions extends Weighted {
  /** How many numbers are predicted for each row (row-major); 1 where absent. Metrics are averaged over them. */
  readonly outputs?: number | undefined
}

/** The weighted mean of `term` over the rows that count, for one output. */
const meanOver = (
  targets: Numbers,
  [output, outputs]: readonly [number, number],
  weights: Numbers | undefined,
  term: (index: number) => number,
): number => {
  const rows = targets.length / outputs
  let sum = 0
  let total = 0
  for (let i = 0; i < rows; i++) {
    const weight = weightOf(weights, i)
    if (weight === 0) continue
    sum += weight * term(i * outputs + output)
    total += weight
  }
  return sum / total
}

const overOutputs = (
  operation: string,
  targets: Numbers,
  predictions: Numbers,
  { outputs = 1, weights }: RegressionOptions,
  metric: (mean: (term: (index: number) => number) => number) => number,
): number => {
  if (targets.length % outputs !== 0)
    throw new ShapeError({
      operation,
      inputs: { targets: `${targets.length} numbers`, outputs },
      rule: 'targets must hold one number for each output of each row',
    })
  checkRows(
    operation,
    { length: targets.length / outputs },
    ['predictions', predictions, outputs],
    weights,
  )
  let sum = 0
  for (let k = 0; k < outputs; k++)
    sum += metric((term) => meanOver(targets, [k, outputs], weights, term))
  return sum / outputs
}

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
): number =>
  overOutputs('rmse', targets, predictions, options, (mean) =>
    Math.sqrt(mean((i) => (targets[i]! - predictions[i]!) ** 2)),
  )

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
): number =>
  overOutputs('mae', targets, predictions, options, (mean) =>
    mean((i) => Math.abs(targets[i]! - predictions[i]!)),
  )

/**
 * The coefficient of determination, 1 - (squared error of the predictions) / (squared error of the targets' mean): 1 is
 * exact, 0 is no better than the mean, and there is no lower limit. Constant targets give 1 when predicted exactly, else 0.
 * NaN when no row counts.
 *
 * @example
 * ```ts
 * import { r2 } from '@rootstock/eval'
 * console.log(r2([1, 2, 3], [2, 2, 2])) // 0
 * ```
 */
export const r2 = (
  targets: Numbers,
  predictions: Numbers,
  options: RegressionOptions = {},
): number =>
  overOutputs('r2', targets, predictions, options, (mean) => {
    const centre = mean((i) => targets[i]!)
    const residual = mean((i) => (targets[i]! - predictions[i]!) ** 2)
    const spread = mean((i) => (targets[i]! - centre) ** 2)
    if (spread === 0) return residual === 0 ? 1 : 0
    return 1 - residual / spread
  })
