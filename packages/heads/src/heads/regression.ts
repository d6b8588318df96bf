/** The head for a number. */
import { ArgumentError, add, mul, reshape, type Tensor } from '@rootstock/core'
import { squaredError } from '../losses/regression.ts'
import type { Head } from './head.ts'
import { type LinearHeadOptions, type LinearHeadParams, linearHead } from './linearHead.ts'

/** A head that predicts a number for each row, `[rows]`, in the units labels had before they were standardised. */
export interface Regression extends Head<'regression', LinearHeadParams, Tensor> {
  readonly mean: number
  readonly deviation: number
}

/** Options of `regression`. */
export interface RegressionOptions extends LinearHeadOptions {
  /** What a label of 0 stands for: the mean that labels were standardised by. Default 0. */
  readonly mean?: number
  /** What a label of 1 adds to it: the deviation that labels were standardised by. Default 1. */
  readonly deviation?: number
}

/**
 * A linear regression on the trunk's features. Labels come standardised, so that tasks in different units weigh alike. Loss: the
 * mean over labelled rows of `(output - label)^2`; the prediction is `mean + deviation * output`, in the original units.
 * @example
 * ```ts
 * import { ones, random, tensor } from '@rootstock/core'
 * import { evaluation, regression } from '@rootstock/heads'
 * const head = regression({ mean: 200, deviation: 50 })
 * const outputs = head.outputs(head.init(random.key(0), 4), ones([2, 4]), evaluation)
 * console.log(head.predict(outputs).shape) // [2]
 * const target = { values: tensor([-0.4, 0]), mask: tensor([true, false]) }
 * console.log(head.loss(outputs, target).shape) // []
 * ```
 */
export const regression = (options: RegressionOptions = {}): Regression => {
  const { mean = 0, deviation = 1 } = options
  if (!(Number.isFinite(mean) && Number.isFinite(deviation) && deviation > 0)) {
    throw new ArgumentError({
      operation: 'regression',
      inputs: { mean, deviation },
      rule: 'mean must be finite and deviation finite and greater than 0',
    })
  }
  const linear = linearHead(1, options)
  return {
    kind: 'regression',
    mean,
    deviation,
    init: linear.init,
    outputs: (params, features, mode) => reshape(linear.outputs(params, features, mode), [-1]),
    predict: (outputs) => add(mul(outputs, deviation), mean),
    loss: (outputs, { values, mask }) => squaredError(outputs, values, { mask }),
  }
}
