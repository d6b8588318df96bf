/** Workloads without training, written with jax-js. */
import { blockUntilReady, grad, jit, nn, numpy as np, tree } from '@jax-js/jax'
import type { Problem } from '../../src/problem.ts'
import type { Program } from '../../src/runner/program.ts'
import { comparedElements } from '../../src/runner/protocol.ts'
import type { SpecOf } from '../../src/spec.ts'
import { layers } from './nets.ts'
import { type Arrays, arraysOf, square } from './training.ts'

/** Repeats a jitted call on the arrays of the only batch. */
const calls = ({ batches: [batch] }: Problem, f: (inputs: Arrays) => np.Array): Program => {
  const inputs = arraysOf(batch!)
  const compute = jit(f)
  let result: np.Array | null = null
  return {
    step: async () => {
      result?.dispose()
      result = compute(tree.ref(inputs))
      await blockUntilReady(result)
    },
    values: () => result!.ref.data() as Promise<Float32Array>,
  }
}

/** jax-js runs operations when they are asked for: each result is read. A jitted call is its fastest way. */
export const dispatch = ({ batches: [batch] }: Problem, spec: SpecOf<'dispatch'>): Program => {
  const { x, y } = arraysOf(batch!)
  const add = jit((a: np.Array, b: np.Array) => a.add(b))
  return {
    step: () => {
      for (let i = 0; i < spec.operations; i++) add(x!.ref, y!.ref).dataSync()
    },
    values: () => add(x!.ref, y!.ref).dataSync() as Float32Array,
  }
}

export const matmul = (problem: Problem): Program => calls(problem, ({ a, b }) => np.matmul(a!, b!))

const chainOf = (x: np.Array, y: np.Array, z: np.Array): np.Array =>
  nn.gelu(x, { approximate: true }).mul(y).add(z)

export const chain = (problem: Problem): Program =>
  calls(problem, ({ x, y, z }) => chainOf(x!, y!, z!))

export const chainGradient = ({ batches: [batch] }: Problem): Program => {
  const inputs = arraysOf(batch!)
  const compute = jit((given: Arrays) =>
    grad(({ x, y, z }: Arrays) => chainOf(x!, y!, z!).sum())(given),
  )
  let result: Arrays | null = null
  return {
    step: async () => {
      if (result !== null) tree.dispose(result)
      result = compute(tree.ref(inputs)) as Arrays
      await blockUntilReady(result)
    },
    values: async () => {
      const parts = ['x', 'y', 'z'].map((name) => result![name]!.ref.data())
      const count = comparedElements / 3
      return (await Promise.all(parts)).flatMap((part) => [...part.subarray(0, count)])
    },
  }
}

export const sum = (problem: Problem): Program => calls(problem, ({ x }) => x!.sum())

export const softmax = (problem: Problem): Program => calls(problem, ({ x }) => nn.softmax(x!, -1))

export const layerNorm = (problem: Problem): Program =>
  calls(problem, ({ x, scale, shift }) => {
    const centred = x!.ref.sub(np.mean(x!, -1, { keepdims: true }))
    const variance = np.mean(square(centred.ref), -1, { keepdims: true })
    return centred
      .div(np.sqrt(variance.add(1e-5)))
      .mul(scale!)
      .add(shift!)
  })

export const inference = ({ params, batches }: Problem, spec: SpecOf<'inference'>): Program => {
  const weights = arraysOf(params)
  const predict = jit((given: Arrays, x: np.Array) =>
    layers(given, x, spec.sizes.length - 1, nn.relu),
  )
  const answer = (i: number) => {
    const { x } = arraysOf(batches[i % batches.length]!)
    return predict(tree.ref(weights), x!).dataSync() as Float32Array
  }
  return { step: (i) => void answer(i), values: () => answer(0) }
}
