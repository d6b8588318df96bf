/** Training steps large enough that threads share their kernels: what sixty of them leave must not depend on how many threads there are. */
import {
  adam,
  add,
  applyUpdates,
  convolution,
  jit,
  logSoftmax,
  matmul,
  mean,
  mul,
  random,
  relu,
  reshape,
  scan,
  sigmoid,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  takeAlongAxis,
  tanh,
  transpose,
  valueAndGrad,
  variance,
} from '../index.ts'

type Params = Readonly<Record<string, Tensor>>

/** Parameters, and a loss of them. */
export interface Training {
  readonly params: Params
  readonly loss: (params: Params) => Tensor
}

const normal = (seed: number, shape: readonly number[], scale = 1): Tensor =>
  mul(random.normal(random.key(seed), shape), scale)

const glorot = (seed: number, shape: readonly number[]): Tensor =>
  normal(seed, shape, (2 / (shape.at(-2)! + shape.at(-1)!)) ** 0.5)

const crossEntropy = (scores: Tensor, labels: Tensor): Tensor =>
  mean(takeAlongAxis(logSoftmax(scores), reshape(labels, [-1, 1]))).neg()

const labelsOf = (count: number, classes: number): Tensor =>
  random.integers(random.key(99), [count], { high: classes })

const perceptron = (): Training => {
  const [x, labels] = [normal(1, [130, 100]), labelsOf(130, 10)]
  return {
    params: { w: glorot(2, [100, 96]), b: normal(3, [96], 0.1), v: glorot(4, [96, 10]) },
    loss: ({ w, b, v }) => crossEntropy(matmul(relu(add(matmul(x, w!), b!)), v!), labels),
  }
}

/** A gated recurrent unit whose gates are update, reset and candidate. */
const recurrent = (): Training => {
  const [inputs, width, batch, length] = [24, 64, 48, 6]
  const [xs, wanted] = [normal(1, [length, batch, inputs]), normal(2, [batch, width])]
  const gate = (p: Params, name: string, x: Tensor, h: Tensor): Tensor =>
    add(matmul(x, p[`${name}.input`]!), matmul(h, p[`${name}.state`]!))
  const names = ['update', 'reset', 'candidate']
  return {
    params: Object.fromEntries(
      names.flatMap((name, i) => [
        [`${name}.input`, glorot(10 + i, [inputs, width])],
        [`${name}.state`, glorot(20 + i, [width, width])],
      ]),
    ),
    loss: (p) => {
      const step = (h: Tensor, x: Tensor) => {
        const [update, reset] = [sigmoid(gate(p, 'update', x, h)), sigmoid(gate(p, 'reset', x, h))]
        const candidate = tanh(gate(p, 'candidate', x, mul(reset, h)))
        const next = add(mul(update, h), mul(sub(1, update), candidate))
        return [next, sum(next)] as const
      }
      const [last] = scan(step, mul(wanted, 0), xs)
      return mean(square(sub(last, wanted)))
    },
  }
}

const normalize = (x: Tensor): Tensor => {
  const centred = sub(x, mean(x, { axis: -1, keepDims: true }))
  return centred.div(variance(x, { axis: -1, keepDims: true }).add(1e-5).sqrt())
}

/** A block of a transformer: attention of four heads and two dense layers, each on normalised input and added to it. */
const transformer = (): Training => {
  const [batch, length, width, heads] = [8, 24, 64, 4]
  const [x, wanted] = [normal(1, [batch, length, width]), normal(2, [batch, length, width])]
  const split = (y: Tensor): Tensor =>
    transpose(reshape(y, [batch, length, heads, width / heads]), [0, 2, 1, 3])
  const attend = ({ q, k, v, o }: Params, y: Tensor): Tensor => {
    const [queries, keys, values] = [q!, k!, v!].map((w) => split(matmul(y, w)))
    const shares = softmax(matmul(queries!, transpose(keys!, [0, 1, 3, 2])).mul(0.25))
    const joined = transpose(matmul(shares, values!), [0, 2, 1, 3])
    return matmul(reshape(joined, [batch, length, width]), o!)
  }
  const between = (seed: number) => glorot(seed, [width, width])
  return {
    params: {
      q: between(3),
      k: between(4),
      v: between(5),
      o: between(6),
      expand: glorot(7, [width, 128]),
      contract: glorot(8, [128, width]),
    },
    loss: (p) => {
      const y = add(x, attend(p, normalize(x)))
      const inner = relu(matmul(normalize(y), p.expand!))
      return mean(square(sub(add(y, matmul(inner, p.contract!)), wanted)))
    },
  }
}

const convolutional = (): Training => {
  const [x, labels] = [normal(1, [16, 14, 14, 3]), labelsOf(16, 10)]
  return {
    params: {
      first: normal(2, [3, 3, 3, 16], 0.2),
      second: normal(3, [3, 3, 16, 16], 0.1),
      out: glorot(4, [16, 10]),
    },
    loss: ({ first, second, out }) => {
      const deep = relu(convolution(relu(convolution(x, first!)), second!))
      return crossEntropy(matmul(mean(deep, { axis: [1, 2] }), out!), labels)
    },
  }
}

/** Trainings by name: a perceptron, a recurrent net, a transformer block and a convolutional net. */
export const trainings = { perceptron, recurrent, transformer, convolutional } as const

/**
 * Losses and parameters after `steps` steps of Adam, each one program whose state is donated.
 * @example
 * ```ts
 * import { trained, trainings } from '@rootstock/core/conformance'
 * console.log(trained(trainings.perceptron(), 2).length) // 5
 * ```
 */
export const trained = ({ params, loss }: Training, steps: number): readonly Tensor[] => {
  const optimizer = adam({ learningRate: 3e-3 })
  const step = jit(
    (now: { readonly params: Params; readonly state: ReturnType<typeof optimizer.init> }) => {
      const [value, gradients] = valueAndGrad(loss)(now.params)
      const [updates, state] = optimizer.update(gradients, now.state, now.params)
      return [{ params: applyUpdates(now.params, updates), state }, value] as const
    },
    { donate: [0] },
  )
  let now = { params, state: optimizer.init(params) }
  const losses: Tensor[] = []
  for (let i = 0; i < steps; i++) {
    const [next, value] = step(now)
    now = next
    losses.push(value)
  }
  return [...losses, ...Object.values(now.params)]
}
