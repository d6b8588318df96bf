/** Small models that stand for what users compile: each a function and the placeholders it is traced with. */
import {
  adam,
  add,
  applyUpdates,
  checkpoint,
  concatenate,
  cond,
  cumSum,
  grad,
  less,
  logSoftmax,
  matmul,
  mean,
  mul,
  neg,
  placeholder,
  random,
  relu,
  scan,
  sigmoid,
  slice,
  softmax,
  sort,
  square,
  sub,
  sum,
  type Tensor,
  type Trace,
  take,
  takeAlongAxis,
  tanh,
  trace,
  transpose,
  valueAndGrad,
  variance,
  vmap,
} from '../src/index.ts'

const normalize = (x: Tensor, gain: Tensor): Tensor => {
  const centred = sub(x, mean(x, { axis: -1, keepDims: true }))
  return mul(gain, centred.div(variance(x, { axis: -1, keepDims: true }).add(1e-5).sqrt()))
}

const attention = (q: Tensor, k: Tensor, v: Tensor): Tensor =>
  matmul(softmax(matmul(q, transpose(k, [0, 2, 1])).mul(0.5)), v)

interface Gates {
  readonly input: Tensor
  readonly state: Tensor
}

/** A gated recurrent unit: gates update, reset and candidate side by side. */
const unit = (gates: Gates, h: Tensor, x: Tensor): Tensor => {
  const width = h.shape.at(-1)!
  const gate = (y: Tensor, at: number) =>
    slice(y, { start: [at * width], stop: [(at + 1) * width] })
  const [fromInput, fromState] = [matmul(x, gates.input), matmul(h, gates.state)]
  const update = sigmoid(add(gate(fromInput, 0), gate(fromState, 0)))
  const reset = sigmoid(add(gate(fromInput, 1), gate(fromState, 1)))
  const candidate = tanh(add(gate(fromInput, 2), mul(reset, gate(fromState, 2))))
  return add(mul(update, h), mul(sub(1, update), candidate))
}

const recurrent = (gates: Gates, start: Tensor, xs: Tensor): Tensor =>
  scan(
    (h: Tensor, x: Tensor) => {
      const next = unit(gates, h, x)
      return [next, next]
    },
    start,
    xs,
  )[1]

/** Two dense layers. */
export interface Mlp {
  readonly first: { readonly weight: Tensor; readonly bias: Tensor }
  readonly second: { readonly weight: Tensor; readonly bias: Tensor }
}

/** Class scores of a two-layer perceptron. */
const scores = ({ first, second }: Mlp, x: Tensor): Tensor =>
  add(matmul(relu(add(matmul(x, first.weight), first.bias)), second.weight), second.bias)

/** Mean cross entropy. */
const crossEntropy = (params: Mlp, x: Tensor, labels: Tensor): Tensor => {
  const chosen = takeAlongAxis(logSoftmax(scores(params, x)), labels.reshape([-1, 1]))
  return neg(mean(chosen))
}

/** Parameters of the perceptron as placeholders. */
export const mlpOf = (inputs: number, hidden: number, outputs: number): Mlp => ({
  first: { weight: placeholder([inputs, hidden]), bias: placeholder([hidden]) },
  second: { weight: placeholder([hidden, outputs]), bias: placeholder([outputs]) },
})

/** Labels as placeholders. */
export const labelsOf = (count: number): Tensor => placeholder([count], { dtype: 'int32' })

const optimizer = adam({ learningRate: 1e-3 })

/** The state of a training step. */
export interface Training {
  readonly params: Mlp
  readonly optimizer: ReturnType<typeof optimizer.init>
}

/** One step of Adam on the cross entropy. */
export const trainingStep = (
  state: Training,
  x: Tensor,
  labels: Tensor,
): readonly [Training, Tensor] => {
  const [loss, gradients] = valueAndGrad(crossEntropy)(state.params, x, labels)
  const [updates, next] = optimizer.update(gradients, state.optimizer, state.params)
  return [{ params: applyUpdates(state.params, updates), optimizer: next }, loss]
}

/** The first state for given parameters. */
export const trainingOf = (params: Mlp): Training => ({ params, optimizer: optimizer.init(params) })

const gates: Gates = { input: placeholder([3, 12]), state: placeholder([4, 12]) }

/** Traces by name. */
export const models: Readonly<Record<string, () => Trace>> = {
  'a dense layer': () =>
    trace((x: Tensor, w: Tensor, b: Tensor) => relu(add(matmul(x, w), b)))(
      placeholder([5, 3]),
      placeholder([3, 4]),
      placeholder([4]),
    ),
  'its gradient': () =>
    trace(grad((w: Tensor, x: Tensor) => mean(square(sub(tanh(matmul(x, w)), 1)))))(
      placeholder([3, 4]),
      placeholder([5, 3]),
    ),
  softmax: () => trace((x: Tensor) => softmax(x))(placeholder([8, 10])),
  'layer norm': () => trace(normalize)(placeholder([6, 16]), placeholder([16])),
  'the gradient of layer norm': () =>
    trace(grad((x: Tensor, g: Tensor) => sum(square(normalize(x, g))), { argument: [0, 1] }))(
      placeholder([6, 16]),
      placeholder([16]),
    ),
  'sums of rows and columns': () =>
    trace((x: Tensor) => [sum(x, { axis: 0 }), sum(x, { axis: 1 }), sum(x)])(placeholder([20, 10])),
  'an Adam update': () => {
    const params = { w: placeholder([3, 4]), b: placeholder([4]) }
    return trace((g: typeof params, p: typeof params) => {
      const [updates, state] = optimizer.update(g, optimizer.init(p), p)
      return [applyUpdates(p, updates), state]
    })(params, params)
  },
  'a training step of a perceptron': () => {
    const params = mlpOf(20, 16, 10)
    const state = { params, optimizer: optimizer.init(params) }
    return trace(trainingStep)(state, placeholder([32, 20]), labelsOf(32))
  },
  'attention over a batch': () =>
    trace(attention)(placeholder([2, 5, 4]), placeholder([2, 6, 4]), placeholder([2, 6, 3])),
  'its gradient with respect to everything': () =>
    trace(
      grad((q: Tensor, k: Tensor, v: Tensor) => sum(square(attention(q, k, v))), {
        argument: [0, 1, 2],
      }),
    )(placeholder([2, 5, 4]), placeholder([2, 6, 4]), placeholder([2, 6, 3])),
  'a recurrent unit over a sequence': () =>
    trace(recurrent)(gates, placeholder([4]), placeholder([7, 3])),
  'its gradient through time': () =>
    trace(grad((g: Gates, h: Tensor, xs: Tensor) => sum(square(recurrent(g, h, xs)))))(
      gates,
      placeholder([4]),
      placeholder([7, 3]),
    ),
  'a choice': () =>
    trace((x: Tensor) => cond(less(sum(x), 0), neg, (y: Tensor) => mul(y, 2), x))(placeholder([5])),
  'the gradient of a choice': () =>
    trace(grad((x: Tensor) => cond(less(sum(x), 0), (y: Tensor) => sum(square(y)), sum, x)))(
      placeholder([5]),
    ),
  'an embedding and its gradient': () =>
    trace(grad((table: Tensor, rows: Tensor) => sum(square(take(table, rows)))))(
      placeholder([20, 5]),
      labelsOf(7),
    ),
  'random numbers': () =>
    trace((key: Tensor) => random.normal(key, [4, 3]))(placeholder([2], { dtype: 'int32' })),
  'order and running sums': () =>
    trace((x: Tensor) => [sort(x), cumSum(x, { axis: 0 })])(placeholder([3, 6])),
  'parts put together': () =>
    trace((x: Tensor, y: Tensor) => square(concatenate([mul(x, 2), y], { axis: 1 })))(
      placeholder([3, 2]),
      placeholder([3, 4]),
    ),
  'gradients of single examples': () =>
    trace(
      vmap(
        grad((w: Tensor, x: Tensor) => sum(tanh(matmul(x, w)))),
        { in: [null, 0] },
      ),
    )(placeholder([3, 4]), placeholder([5, 3])),
  'a block computed again for its gradient': () =>
    trace(grad((w: Tensor, x: Tensor) => sum(checkpoint((y: Tensor) => tanh(matmul(y, w)))(x))))(
      placeholder([4, 4]),
      placeholder([3, 4]),
    ),
}
