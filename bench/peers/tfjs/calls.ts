/** Workloads without training, written with TensorFlow.js. */
import * as tf from '@tensorflow/tfjs'
import type { Problem } from '../../src/problem.ts'
import type { Program } from '../../src/runner/program.ts'
import { comparedElements } from '../../src/runner/protocol.ts'
import type { SpecOf } from '../../src/spec.ts'
import { gelu, layers } from './nets.ts'
import { type Tensors, tensorsOf } from './training.ts'

/** Repeats a call on the tensors of the only batch. */
const calls = ({ batches: [batch] }: Problem, f: (inputs: Tensors) => tf.Tensor[]): Program => {
  const inputs = tensorsOf(batch!)
  let results: tf.Tensor[] = []
  const count = () => Math.floor(comparedElements / results.length)
  return {
    step: () => {
      tf.dispose(results)
      results = tf.tidy(() => f(inputs))
    },
    values: () => results.flatMap((x) => [...x.dataSync().subarray(0, count())]),
  }
}

export const dispatch = ({ batches: [batch] }: Problem, spec: SpecOf<'dispatch'>): Program => {
  const { x, y } = tensorsOf(batch!)
  return {
    step: () => {
      for (let i = 0; i < spec.operations; i++) tf.add(x!, y!).dispose()
    },
    values: () => tf.add(x!, y!).dataSync(),
  }
}

export const matmul = (problem: Problem): Program =>
  calls(problem, ({ a, b }) => [tf.matMul(a!, b!)])

const chainOf = (x: tf.Tensor, y: tf.Tensor, z: tf.Tensor) => gelu(x).mul(y).add(z)

export const chain = (problem: Problem): Program =>
  calls(problem, ({ x, y, z }) => [chainOf(x!, y!, z!)])

export const chainGradient = (problem: Problem): Program => {
  const gradient = tf.grads((x, y, z) => chainOf(x!, y!, z!).sum())
  return calls(problem, ({ x, y, z }) => gradient([x!, y!, z!]))
}

export const sum = (problem: Problem): Program => calls(problem, ({ x }) => [x!.sum()])

export const softmax = (problem: Problem): Program => calls(problem, ({ x }) => [tf.softmax(x!)])

export const layerNorm = (problem: Problem): Program =>
  calls(problem, ({ x, scale, shift }) => {
    const centred = x!.sub(x!.mean(-1, true))
    const variance = centred.square().mean(-1, true)
    return [centred.mul(variance.add(1e-5).rsqrt()).mul(scale!).add(shift!)]
  })

export const inference = ({ params, batches }: Problem, spec: SpecOf<'inference'>): Program => {
  const weights = tensorsOf(params)
  const answer = (i: number) =>
    tf.tidy(() => {
      const { x } = tensorsOf(batches[i % batches.length]!)
      return layers(weights, x!, spec.sizes.length - 1).dataSync()
    })
  return { step: (i) => void answer(i), values: () => answer(0) }
}
