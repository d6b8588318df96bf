/** The nets of the training workloads, written with jax-js. Functions consume their arguments. */
import { lax, nn, numpy as np, random } from '@jax-js/jax'
import type { Problem } from '../../src/problem.ts'
import type { Program } from '../../src/runner/program.ts'
import type { SpecOf } from '../../src/spec.ts'
import { withRows } from '../oneHot.ts'
import { type Arrays, square, train } from './training.ts'

const dense = (x: np.Array, weight: np.Array, bias: np.Array): np.Array =>
  np.dot(x, weight).add(bias)

/** Dense layers `weight<i>`, `bias<i>` with an activation between them. */
export const layers = (
  params: Arrays,
  input: np.Array,
  count: number,
  activation: (x: np.Array) => np.Array,
): np.Array => {
  let x = input
  for (let i = 0; i < count; i++) {
    x = dense(x, params[`weight${i}`]!, params[`bias${i}`]!)
    if (i + 1 < count) x = activation(x)
  }
  return x
}

const crossEntropy = (logits: np.Array, rows: np.Array): np.Array => {
  const count = rows.shape[0]!
  return nn
    .logSoftmax(logits)
    .mul(rows)
    .sum()
    .mul(-1 / count)
}

const meanSquare = (output: np.Array, target: np.Array): np.Array =>
  square(output.sub(target)).mean()

const relabel = (problem: Problem, names: readonly string[], classes: number): Problem => ({
  ...problem,
  batches: problem.batches.map((batch) => withRows(batch, names, classes)),
})

export const mlp = (problem: Problem, spec: SpecOf<'mlp'>): Program => {
  const { sizes } = spec
  return train(
    relabel(problem, ['labels'], sizes.at(-1)!),
    spec,
    (params: Arrays, { x, labels }: Arrays) =>
      crossEntropy(layers(params, x!, sizes.length - 1, nn.relu), labels!),
  )
}

export const tiny = (problem: Problem, spec: SpecOf<'tiny'>): Program =>
  train(problem, spec, (params: Arrays, { x, y }: Arrays) =>
    meanSquare(layers(params, x!, 2, np.tanh), y!),
  )

export const autoencoder = (problem: Problem, spec: SpecOf<'autoencoder'>): Program =>
  train(problem, spec, (params: Arrays, { x }: Arrays, key?: np.Array) => {
    const input =
      key === undefined
        ? x!.ref
        : x!.ref.mul(random.bernoulli(key, 1 - spec.noise, x!.shape).astype(np.float32))
    return meanSquare(layers(params, input, spec.sizes.length - 1, nn.relu), x!)
  })

const pool = (x: np.Array): np.Array => lax.reduceWindow(x, np.max, [2, 2], [2, 2])

/** jax-js wants channels before pixels; the arrays come with channels last. */
export const convolution = (problem: Problem, spec: SpecOf<'convolution'>): Program => {
  const convolve = (x: np.Array, kernel: np.Array, bias: np.Array) =>
    lax
      .convGeneralDilated(x, np.transpose(kernel, [3, 2, 0, 1]), [1, 1], 'SAME')
      .add(bias.reshape([bias.shape[0]!, 1, 1]))
  return train(relabel(problem, ['labels'], 10), spec, (params: Arrays, { x, labels }: Arrays) => {
    const pixels = np.transpose(x!, [0, 3, 1, 2])
    const first = pool(nn.relu(convolve(pixels, params.kernel0!, params.bias0!)))
    const second = pool(nn.relu(convolve(first, params.kernel1!, params.bias1!)))
    const flat = np.transpose(second, [0, 2, 3, 1]).reshape([spec.batch, -1])
    const hidden = nn.relu(dense(flat, params.weight2!, params.bias2!))
    return crossEntropy(dense(hidden, params.weight3!, params.bias3!), labels!)
  })
}

const normalise = (x: np.Array, scale: np.Array, shift: np.Array): np.Array => {
  const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }))
  const variance = np.mean(square(centred.ref), -1, { keepdims: true })
  return centred
    .div(np.sqrt(variance.add(1e-5)))
    .mul(scale)
    .add(shift)
}

export const transformer = (problem: Problem, spec: SpecOf<'transformer'>): Program => {
  const { batch, length, width, heads, layers: blocks } = spec
  const part = width / heads
  const forward = (params: Arrays, input: np.Array): np.Array => {
    const linear = (name: string, x: np.Array) =>
      dense(x, params[`${name}.weight`]!, params[`${name}.bias`]!)
    const norm = (name: string, x: np.Array) =>
      normalise(x, params[`${name}.scale`]!, params[`${name}.shift`]!)
    let x = input
    for (let i = 0; i < blocks; i++) {
      const block = `block${i}`
      const all = linear(`${block}.qkv`, norm(`${block}.norm1`, x.ref)).reshape([
        batch,
        length,
        3,
        heads,
        part,
      ])
      const queries = np.transpose(all.ref.slice([], [], 0), [0, 2, 1, 3])
      const keys = np.transpose(all.ref.slice([], [], 1), [0, 2, 3, 1])
      const values = np.transpose(all.slice([], [], 2), [0, 2, 1, 3])
      const shares = nn.softmax(np.matmul(queries, keys).mul(part ** -0.5), -1)
      const joined = np.transpose(np.matmul(shares, values), [0, 2, 1, 3])
      x = x.add(linear(`${block}.out`, joined.reshape([batch * length, width])))
      const open = linear(`${block}.expand`, norm(`${block}.norm2`, x.ref))
      x = x.add(linear(`${block}.contract`, nn.gelu(open, { approximate: true })))
    }
    return norm('norm', x)
  }
  return train(problem, spec, (params: Arrays, { x, y }: Arrays) =>
    meanSquare(forward(params, x!), y!),
  )
}

/** jax-js has no scan: all steps are unrolled into the trace. */
export const lstm = (problem: Problem, spec: SpecOf<'lstm'>): Program => {
  const { batch, length, width, hidden } = spec
  const forward = (params: Arrays, x: np.Array): np.Array => {
    const rows = np.transpose(x, [1, 0, 2]).reshape([length * batch, width])
    const driven = dense(rows, params.input!, params.bias!).reshape([length, batch, 4, hidden])
    let h = np.zeros([batch, hidden])
    let c = np.zeros([batch, hidden])
    for (let t = 0; t < length; t++) {
      const recurrent = np.dot(h, params.recurrent!.ref).reshape([batch, 4, hidden])
      const gates = driven.ref.slice(t).add(recurrent)
      const gate = (i: number) => gates.ref.slice([], i)
      c = nn
        .sigmoid(gate(1))
        .mul(c)
        .add(nn.sigmoid(gate(0)).mul(np.tanh(gate(2))))
      h = nn.sigmoid(gate(3)).mul(np.tanh(c.ref))
      gates.dispose()
    }
    driven.dispose()
    c.dispose()
    params.recurrent!.dispose()
    return dense(h, params.weight!, params.bias1!)
  }
  return train(problem, spec, (params: Arrays, { x, y }: Arrays) =>
    meanSquare(forward(params, x!), y!),
  )
}

export const multitask = (problem: Problem, spec: SpecOf<'multitask'>): Program => {
  const { trunk, batch, regressions, classifications, classes } = spec
  const names = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${prefix}${i}`)
  const numbers = names('regression', regressions)
  const codes = names('classification', classifications)
  return train(relabel(problem, codes, classes), spec, (params: Arrays, given: Arrays) => {
    const features = nn.relu(layers(params, given.x!, trunk.length - 1, nn.relu))
    const head = (name: string) =>
      dense(features.ref, params[`${name}.weight`]!, params[`${name}.bias`]!)
    const losses = [
      ...numbers.map((name) => meanSquare(head(name), given[name]!.reshape([batch, 1]))),
      ...codes.map((name) => crossEntropy(head(name), given[name]!)),
    ]
    features.dispose()
    return losses.reduce((sum, loss) => sum.add(loss)).mul(1 / losses.length)
  })
}
