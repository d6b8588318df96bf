/** Training with jax-js: loss, gradient and optimiser in one jitted function, as its documentation recommends. */
import { blockUntilReady, jit, numpy as np, random, tree, valueAndGrad } from '@jax-js/jax'
import type { Named, Problem } from '../../src/problem.ts'
import type { Program } from '../../src/runner/program.ts'
import type { Training } from '../../src/spec.ts'

/** Arrays by name. jax-js counts references: using an array consumes it, `ref` keeps it. */
export type Arrays = Record<string, np.Array>

/** The loss of a batch; consumes what it is given. `key` is absent in evaluation. */
export type Loss = (params: Arrays, batch: Arrays, key?: np.Array) => np.Array

/** Named arrays on the device. */
export const arraysOf = (named: Named): Arrays =>
  Object.fromEntries(
    Object.entries(named).map(([name, { shape, data }]) => [
      name,
      np.array(data as Float32Array<ArrayBuffer>, { shape: [...shape] }),
    ]),
  )

/** x * x. */
export const square = (x: np.Array): np.Array => x.ref.mul(x)

const beta1 = 0.9
const beta2 = 0.999
const epsilon = 1e-8

// a type and not an interface: only such have the index signature of a tree
type State = { params: Arrays; mean: Arrays; square: Arrays }

/** One Adam update; `corrections` are 1 / (1 - beta^t) of both moments. */
const adamUpdate = (
  { params, mean, square: squares }: State,
  gradients: Arrays,
  corrections: np.Array,
  { learningRate, weightDecay = 0 }: Training,
): State => {
  const next: State = { params: {}, mean: {}, square: {} }
  const first = corrections.ref.slice(0)
  const second = corrections.slice(1)
  for (const [name, param] of Object.entries(params)) {
    const m = mean[name]!.mul(beta1).add(gradients[name]!.ref.mul(1 - beta1))
    const v = squares[name]!.mul(beta2).add(square(gradients[name]!).mul(1 - beta2))
    const root = np.sqrt(v.ref.mul(second.ref)).add(epsilon)
    const update = m.ref.mul(first.ref).div(root).mul(learningRate)
    const decayed = weightDecay === 0 ? param : param.mul(1 - learningRate * weightDecay)
    next.params[name] = decayed.sub(update)
    next.mean[name] = m
    next.square[name] = v
  }
  first.dispose()
  second.dispose()
  return next
}

/** Training as a program. */
export const train = ({ params, batches }: Problem, training: Training, loss: Loss): Program => {
  const isNoisy = loss.length > 2
  const zeros = () => tree.map((x: np.Array) => np.zeros(x.shape), state.params) as Arrays
  let state: State = { params: arraysOf(params), mean: {}, square: {} }
  let key = random.key(0)
  let last: np.Array | null = null
  let time = 0

  const descend = jit((weights: Arrays, batch: Arrays): [Arrays, np.Array] => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(weights), batch) as [np.Array, Arrays]
    const next: Arrays = {}
    for (const [name, weight] of Object.entries(weights)) {
      next[name] = weight.sub(gradients[name]!.mul(training.learningRate))
    }
    return [next, value]
  })
  const adapt = jit(
    (before: State, batch: Arrays, corrections: np.Array, draw: np.Array): [State, np.Array] => {
      const objective = isNoisy
        ? (weights: Arrays) => loss(weights, batch, draw)
        : (weights: Arrays) => loss(weights, batch)
      const [value, gradients] = valueAndGrad(objective)(tree.ref(before.params)) as [
        np.Array,
        Arrays,
      ]
      return [adamUpdate(before, gradients, corrections, training), value]
    },
  )

  const drawKey = (): np.Array => {
    if (!isNoisy) return np.array([0, 0])
    const keys = random.split(key, 2)
    key = keys.ref.slice(0)
    return keys.slice(1)
  }

  const adam = (batch: Arrays): np.Array => {
    if (time === 0) Object.assign(state, { mean: zeros(), square: zeros() })
    time++
    const corrections = np.array([1 / (1 - beta1 ** time), 1 / (1 - beta2 ** time)])
    const [next, value] = adapt(state as never, batch, corrections, drawKey())
    state = next
    return value
  }

  const sgd = (batch: Arrays): np.Array => {
    const [next, value] = descend(state.params, batch)
    state.params = next
    return value
  }

  return {
    step: async (i) => {
      const batch = arraysOf(batches[i % batches.length]!)
      const value = training.optimizer === 'sgd' ? sgd(batch) : adam(batch)
      last?.dispose()
      last = value
      await blockUntilReady(state.params)
    },
    loss: async () => {
      const value = loss(tree.ref(state.params), arraysOf(batches[0]!))
      return (await value.data())[0]!
    },
  }
}
