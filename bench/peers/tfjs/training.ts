/** Training with TensorFlow.js: variables, `minimize` of an optimiser, everything inside `tidy`. */
import * as tf from '@tensorflow/tfjs'
import type { Named, Problem } from '../../src/problem.ts'
import type { Program } from '../../src/runner/program.ts'
import type { Training } from '../../src/spec.ts'

/** Tensors by name. */
export type Tensors = Record<string, tf.Tensor>

/** The loss of a batch; noise only in training. */
export type Loss = (params: Tensors, batch: Tensors, isTraining: boolean) => tf.Scalar

/** Named arrays as tensors. */
export const tensorsOf = (named: Named): Tensors =>
  Object.fromEntries(
    Object.entries(named).map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  )

const optimizerOf = ({ optimizer, learningRate }: Training): tf.Optimizer =>
  optimizer === 'sgd' ? tf.train.sgd(learningRate) : tf.train.adam(learningRate, 0.9, 0.999, 1e-8)

/** Training as a program. */
export const train = ({ params, batches }: Problem, training: Training, loss: Loss): Program => {
  const variables = Object.entries(tensorsOf(params)).map(
    ([name, x]) => [name, tf.variable(x)] as const,
  )
  const weights = Object.fromEntries(variables)
  const list = variables.map(([, variable]) => variable)
  const optimizer = optimizerOf(training)
  const decay = training.learningRate * (training.weightDecay ?? 0)
  const batchOf = (i: number) => tensorsOf(batches[i % batches.length]!)
  return {
    step: (i) => {
      tf.tidy(() => {
        const batch = batchOf(i)
        const { grads } = tf.variableGrads(() => loss(weights, batch, true), list)
        if (decay > 0) for (const variable of list) variable.assign(variable.mul(1 - decay))
        optimizer.applyGradients(grads)
      })
    },
    fence: () => {
      list.at(-1)!.dataSync()
    },
    loss: () => tf.tidy(() => loss(weights, batchOf(0), false).dataSync()[0]!),
  }
}
