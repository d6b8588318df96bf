/** Functions that between them use every kind of step and statement a program has. */
import {
  adam,
  add,
  applyUpdates,
  cond,
  cumSum,
  erf,
  grad,
  logSoftmax,
  matmul,
  mean,
  mul,
  oneHot,
  pow,
  random,
  relu,
  scan,
  sigmoid,
  sin,
  sort,
  square,
  sub,
  sum,
  type Tensor,
  take,
  tanh,
  tensor,
  valueAndGrad,
} from '@rootstock/core'

const normal = (seed: number, shape: readonly number[]) => random.normal(random.key(seed), shape)

interface Dense {
  readonly w: Tensor
  readonly b: Tensor
}

const net = (layers: readonly Dense[], x: Tensor): Tensor =>
  layers.reduce((h, { w, b }, i) => {
    const y = add(matmul(h, w), b)
    return i + 1 < layers.length ? relu(y) : y
  }, x)

/** Parameters after three Adam steps of a classifier. */
const training = (): readonly Tensor[] => {
  const sizes = [40, 64, 33, 7]
  let params: readonly Dense[] = sizes.slice(1).map((size, i) => ({
    w: mul(normal(i, [sizes[i]!, size]), 0.2),
    b: normal(10 + i, [size]),
  }))
  const optimizer = adam({ learningRate: 1e-2 })
  let state = optimizer.init(params)
  const x = normal(20, [50, 40])
  const labels = random.integers(random.key(21), [50], { high: 7 })
  const loss = (p: readonly Dense[]) =>
    mean(sum(mul(logSoftmax(net(p, x)), oneHot(labels, { classes: 7 })), { axis: -1 })).neg()
  for (let step = 0; step < 3; step++) {
    const [, gradients] = valueAndGrad(loss)(params)
    const [updates, next] = optimizer.update(gradients, state, params)
    params = applyUpdates(params, updates)
    state = next
  }
  return params.flatMap(({ w, b }) => [w, b])
}

/** Gradients of a gated recurrence. */
const recurrence = (): readonly Tensor[] => {
  const [w, u] = [mul(normal(1, [9, 9]), 0.3), mul(normal(2, [5, 9]), 0.3)]
  const xs = normal(3, [12, 4, 5])
  const last = (w_: Tensor, u_: Tensor): Tensor => {
    const [h] = scan(
      (h_: Tensor, x: Tensor) => {
        const z = add(matmul(h_, w_), matmul(x, u_))
        const next = add(mul(sigmoid(z), h_), mul(sub(1, sigmoid(z)), tanh(z)))
        return [next, sum(next)] as const
      },
      normal(4, [4, 9]),
      xs,
    )
    return sum(square(h))
  }
  return [grad(last)(w, u), grad(last, { argument: 1 })(w, u)]
}

const scattered = (): readonly Tensor[] => {
  const table = normal(5, [30, 6])
  const rows = random.integers(random.key(6), [100], { high: 30 })
  const loss = (x: Tensor) => sum(mul(take(x, rows), normal(7, [100, 6])))
  return [grad(loss)(table), sort(table), cumSum(table, { axis: 0 })]
}

const transcendental = (): readonly Tensor[] => {
  const x = normal(8, [1000])
  return [erf(x), sin(mul(x, 100)), pow(square(x), 0.3), tanh(x), sum(x), mean(square(x))]
}

const branches = (): readonly Tensor[] =>
  [1, -1].map((sign) =>
    cond(
      tensor(sign > 0),
      (x: Tensor) => tanh(x),
      (x: Tensor) => square(x),
      normal(9, [77]),
    ),
  )

/** Functions without arguments, by name; each is compiled as a whole. */
export const models = { training, recurrence, scattered, transcendental, branches } as const
