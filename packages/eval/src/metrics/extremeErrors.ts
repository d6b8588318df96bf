/** The middle and the largest of the absolute errors. */
import type { PredictionBatch } from './batch.ts'
import { forEachTie, hasNaN, type KeptRows, keeping, rising } from './keptRows.ts'
import { checkPredictions, type Outputs, type RegressionOptions } from './regression.ts'
import { type Numbers, weightOf } from './rows.ts'
import { once, type Stream, streamOf } from './stream.ts'

const errorsOf = ({ targets, predictions }: PredictionBatch): Float64Array =>
  Float64Array.from({ length: targets.length }, (_, i) => Math.abs(targets[i]! - predictions[i]!))

/** The median, between the two middle values where half of the weight lies on each side. */
const medianOf = (values: Float64Array, weights: Float64Array): number => {
  if (values.length === 0 || hasNaN(values)) return Number.NaN
  const order = rising(values)
  const half = weights.reduce((sum, weight) => sum + weight, 0) / 2
  let [lower, upper] = [Number.NaN, Number.NaN]
  let below = 0
  forEachTie(values, order, (start, end) => {
    for (const row of order.subarray(start, end)) below += weights[row]!
    const value = values[order[start]!]!
    if (Number.isNaN(lower) && below >= half) lower = value
    if (Number.isNaN(upper) && below > half) upper = value
  })
  return lower === upper ? lower : (lower + upper) / 2
}

/** `medianAbsoluteError` of batches; keeps the errors. */
export const medianAbsoluteErrorStream = ({
  outputs = 1,
}: Outputs = {}): Stream<PredictionBatch, KeptRows<'errors'>, number> =>
  keeping(
    ['errors'],
    (batch) => ({
      ...checkPredictions('medianAbsoluteError', batch, outputs),
      columns: { errors: errorsOf(batch) },
    }),
    ({ weights, columns: { errors } }) => {
      let sum = 0
      for (let k = 0; k < outputs; k++)
        sum += medianOf(
          weights.map((_, row) => errors[row * outputs + k]!),
          weights,
        )
      return sum / outputs
    },
  )

/**
 * The median of |t - y|, in the unit of the target, which a few wild errors cannot move; of an even count the mean of the
 * middle two, of many outputs the mean of each one's. NaN when no row counts.
 *
 * @example
 * ```ts
 * import { medianAbsoluteError } from '@rootstock/eval'
 * console.log(medianAbsoluteError([1, 2, 3], [1, 3, 99])) // 1
 * ```
 */
export const medianAbsoluteError = (
  targets: Numbers,
  predictions: Numbers,
  options: RegressionOptions = {},
): number => once(medianAbsoluteErrorStream(options), { ...options, targets, predictions })

/** `maxError` of batches. */
export const maxErrorStream = ({
  outputs = 1,
}: Outputs = {}): Stream<PredictionBatch, Float64Array, number> =>
  streamOf<PredictionBatch, Float64Array, number>(
    {
      empty: new Float64Array(outputs).fill(-Infinity),
      measure: (batch) => {
        const { rows, weights } = checkPredictions('maxError', batch, outputs)
        const errors = errorsOf(batch)
        const largest = new Float64Array(outputs).fill(-Infinity)
        for (let row = 0; row < rows; row++) {
          if (weightOf(weights, row) === 0) continue
          for (let k = 0; k < outputs; k++)
            largest[k] = Math.max(largest[k]!, errors[row * outputs + k]!)
        }
        return largest
      },
      merge: (left, right) => left.map((error, k) => Math.max(error, right[k]!)),
    },
    (largest) =>
      largest.includes(-Infinity)
        ? Number.NaN
        : largest.reduce((sum, error) => sum + error, 0) / outputs,
  )

/**
 * The largest |t - y| of a row that counts, in the unit of the target; of many outputs the mean of each one's. NaN when no
 * row counts.
 *
 * @example
 * ```ts
 * import { maxError } from '@rootstock/eval'
 * console.log(maxError([1, 2, 3], [1, 3, 9])) // 6
 * ```
 */
export const maxError = (
  targets: Numbers,
  predictions: Numbers,
  options: RegressionOptions = {},
): number => once(maxErrorStream(options), { ...options, targets, predictions })
