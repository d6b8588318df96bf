/** The nets of the training workloads, written with TensorFlow.js. */
import * as tf from '@tensorflow/tfjs'
import type { Problem } from '../../src/problem.ts'
import type { Program } from '../../src/runner/program.ts'
import type { SpecOf } from '../../src/spec.ts'
import { withRows } from '../oneHot.ts'
import { type Tensors, train } from './training.ts'

type Activation = 'linear' | 'relu'

const dense = (
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  activation: Activation = 'linear',
): tf.Tensor => tf.fused.matMul({ a: x as tf.Tensor2D, b: weight as tf.Tensor2D, bias, activation })

/** Dense layers `weight<i>`, `bias<i>`; relu between them, and after the last if asked for. */
export const layers = (
  params: Tensors,
  input: tf.Tensor,
  count: number,
  last: Activation = 'linear',
): tf.Tensor => {
  let x = input
  for (let i = 0; i < count; i++) {
    x = dense(x, params[`weight${i}`]!, params[`bias${i}`]!, i + 1 < count ? 'relu' : last)
  }
  return x
}

const crossEntropy = (logits: tf.Tensor, rows: tf.Tensor): tf.Scalar =>
  tf.losses.softmaxCrossEntropy(rows, logits)

const meanSquare = (output: tf.Tensor, target: tf.Tensor): tf.Scalar =>
  tf.losses.meanSquaredError(target, output)

const relabel = (problem: Problem, names: readonly string[], classes: number): Problem => ({
  ...problem,
  batches: problem.batches.map((batch) => withRows(batch, names, classes)),
})

export const mlp = (problem: Problem, spec: SpecOf<'mlp'>): Program => {
  const { sizes } = spec
  const relabelled = relabel(problem, ['labels'], sizes.at(-1)!)
  return train(relabelled, spec, (params, { x, labels }) =>
    crossEntropy(layers(params, x!, sizes.length - 1), labels!),
  )
}

export const tiny = (problem: Problem, spec: SpecOf<'tiny'>): Program =>
  train(problem, spec, (params, { x, y }) => {
    const hidden = tf.tanh(dense(x!, params.weight0!, params.bias0!))
    return meanSquare(dense(hidden, params.weight1!, params.bias1!), y!)
  })

export const autoencoder = (problem: Problem, spec: SpecOf<'autoencoder'>): Program =>
  train(problem, spec, (params, { x }, isTraining) => {
    const keep = () => tf.randomUniform(x!.shape).greater(spec.noise).cast('float32')
    const input = isTraining ? x!.mul(keep()) : x!
    return meanSquare(layers(params, input, spec.sizes.length - 1), x!)
  })

export const convolution = (problem: Problem, spec: SpecOf<'convolution'>): Program => {
  const stage = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor => {
    const convolved = tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same')
    return tf.maxPool(tf.relu(tf.add<tf.Tensor4D>(convolved, bias)), 2, 2, 'same')
  }
  return train(relabel(problem, ['labels'], 10), spec, (params, { x, labels }) => {
    const first = stage(x!, params.kernel0!, params.bias0!)
    const second = stage(first, params.kernel1!, params.bias1!)
    const flat = second.reshape([spec.batch, -1])
    const hidden = dense(flat, params.weight2!, params.bias2!, 'relu')
    return crossEntropy(dense(hidden, params.weight3!, params.bias3!), labels!)
  })
}

const normalise = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor => {
  const centred = x.sub(x.mean(-1, true))
  const variance = centred.square().mean(-1, true)
  return centred.mul(variance.add(1e-5).rsqrt()).mul(scale).add(shift)
}

/** x/2 (1 + tanh(sqrt(2/pi)(x + 0.044715 x^3))). */
export const gelu = (x: tf.Tensor): tf.Tensor => {
  const inner = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI))
  return x.mul(0.5).mul(inner.tanh().add(1))
}

export const transformer = (problem: Problem, spec: SpecOf<'transformer'>): Program => {
  const { batch, length, width, heads, layers: blocks } = spec
  const part = width / heads
  const forward = (params: Tensors, input: tf.Tensor): tf.Tensor => {
    const linear = (name: string, x: tf.Tensor) =>
      dense(x, params[`${name}.weight`]!, params[`${name}.bias`]!)
    const norm = (name: string, x: tf.Tensor) =>
      normalise(x, params[`${name}.scale`]!, params[`${name}.shift`]!)
    let x = input
    for (let i = 0; i < blocks; i++) {
      const block = `block${i}`
      const all = linear(`${block}.qkv`, norm(`${block}.norm1`, x))
      const [queries, keys, values] = tf
        .split(all, 3, 1)
        .map((one) => one.reshape([batch, length, heads, part]).transpose([0, 2, 1, 3]))
      const shares = tf.softmax(tf.matMul(queries!, keys!, false, true).mul(part ** -0.5))
      const joined = tf.matMul(shares, values!).transpose([0, 2, 1, 3])
      x = x.add(linear(`${block}.out`, joined.reshape([batch * length, width])))
      const open = linear(`${block}.expand`, norm(`${block}.norm2`, x))
      x = x.add(linear(`${block}.contract`, gelu(open)))
    }
    return norm('norm', x)
  }
  return train(problem, spec, (params, { x, y }) => meanSquare(forward(params, x!), y!))
}

export const lstm = (problem: Problem, spec: SpecOf<'lstm'>): Program => {
  const { batch, length, width, hidden } = spec
  const forward = (params: Tensors, x: tf.Tensor): tf.Tensor => {
    const rows = x.transpose([1, 0, 2]).reshape([length * batch, width])
    const driven = dense(rows, params.input!, params.bias!)
    let h: tf.Tensor = tf.zeros([batch, hidden])
    let c: tf.Tensor = tf.zeros([batch, hidden])
    for (const drive of tf.unstack(driven.reshape([length, batch, 4 * hidden]))) {
      const gates = drive.add(tf.matMul(h, params.recurrent!))
      const [enter, forget, candidate, leave] = tf.split(gates, 4, 1)
      c = forget!.sigmoid().mul(c).add(enter!.sigmoid().mul(candidate!.tanh()))
      h = leave!.sigmoid().mul(c.tanh())
    }
    return dense(h, params.weight!, params.bias1!)
  }
  return train(problem, spec, (params, { x, y }) => meanSquare(forward(params, x!), y!))
}

export const multitask = (problem: Problem, spec: SpecOf<'multitask'>): Program => {
  const { trunk, batch, regressions, classifications, classes } = spec
  const names = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${prefix}${i}`)
  const numbers = names('regression', regressions)
  const codes = names('classification', classifications)
  return train(relabel(problem, codes, classes), spec, (params, given) => {
    const features = layers(params, given.x!, trunk.length - 1, 'relu')
    const head = (name: string) =>
      dense(features, params[`${name}.weight`]!, params[`${name}.bias`]!)
    const losses = [
      ...numbers.map((name) => meanSquare(head(name), given[name]!.reshape([batch, 1]))),
      ...codes.map((name) => crossEntropy(head(name), given[name]!)),
    ]
    return tf.addN(losses).div(losses.length) as tf.Scalar
  })
}
