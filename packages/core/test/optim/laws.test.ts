import {
  accumulate,
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  applyUpdates,
  asgd,
  chain,
  choose,
  clipAdaptively,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  cosineDecay,
  flatten,
  grad,
  jit,
  lamb,
  lars,
  leaves,
  lion,
  lookahead,
  map,
  mul,
  muon,
  nadam,
  radam,
  rmsProp,
  rprop,
  sgd,
  square,
  sub,
  sum,
  Tensor,
  type Transform,
  tensor,
  withAverage,
  zerosLike,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'

// biome-ignore lint/suspicious/noExplicitAny: the states of the optimisers under test differ
type AnyTransform = Transform<any>

/** Every optimiser, with a rate that falls to 0 for those whose steps do not. */
const fall = (rate: number) => cosineDecay({ rate, steps: 400 })
const optimizers: Readonly<Record<string, AnyTransform>> = {
  sgd: sgd({ learningRate: 0.05 }),
  momentum: sgd({ learningRate: 0.01, momentum: 0.9, dampening: 0.1 }),
  nesterov: sgd({ learningRate: 0.01, momentum: 0.9, nesterov: true }),
  adam: adam({ learningRate: fall(0.1) }),
  amsgrad: adam({ learningRate: fall(0.1), amsgrad: true }),
  adamW: adamW({ learningRate: fall(0.1), weightDecay: 0 }),
  nadam: nadam({ learningRate: fall(0.1) }),
  radam: radam({ learningRate: fall(0.2) }),
  adamax: adamax({ learningRate: fall(0.2) }),
  adagrad: adagrad({ learningRate: 0.5 }),
  adadelta: adadelta({ learningRate: 10 }),
  rmsProp: rmsProp({ learningRate: fall(0.05) }),
  'rmsProp, centered, with momentum': rmsProp({
    learningRate: fall(0.005),
    momentum: 0.9,
    centered: true,
  }),
  rprop: rprop({ learningRate: 0.1 }),
  asgd: asgd({ learningRate: 0.05, decay: 0, from: 10 }),
  lars: lars({ learningRate: fall(10), trust: 0.01 }),
  lion: lion({ learningRate: fall(0.05) }),
  lamb: lamb({ learningRate: fall(0.1) }),
  muon: muon({ learningRate: fall(0.1), otherRate: fall(0.1) }),
  choose: choose(
    (path) => path === 'b',
    sgd({ learningRate: 0.05 }),
    adam({ learningRate: fall(0.1) }),
  ),
  accumulate: accumulate(2, sgd({ learningRate: 0.1 })),
  withAverage: withAverage(sgd({ learningRate: 0.05 })),
  'withAverage of every third': withAverage(sgd({ learningRate: 0.05 }), {
    decay: 'equal',
    from: 1,
    every: 3,
  }),
  lookahead: lookahead(sgd({ learningRate: 0.1 })),
  clipByGlobalNorm: chain(clipByGlobalNorm(1), sgd({ learningRate: 0.1 })),
  clipByNorm: chain(clipByNorm(1), sgd({ learningRate: 0.1 })),
  clipByValue: chain(clipByValue(1), sgd({ learningRate: 0.1 })),
  clipAdaptively: chain(clipAdaptively({ limit: 0.5 }), sgd({ learningRate: 0.1 })),
}

interface Params {
  readonly w: Tensor
  readonly b: Tensor
}

const start = (dtype: 'float32' | 'float64' = 'float32'): Params => ({
  w: tensor(
    [
      [2, -1, 0.5],
      [1, 1, -2],
    ],
    { dtype },
  ),
  b: tensor([1, -1, 0.25], { dtype }),
})

const centre = tensor([
  [1, 1, 1],
  [-1, 2, 0.5],
])

/** A bowl whose axes differ, and a curved valley, whose minima are both 0. */
const bowl = ({ w, b }: Params): Tensor =>
  sum(mul(square(sub(w, centre)), tensor([1, 3, 5]))).add(mul(sum(square(sub(b, 2))), 2))
const valley = ({ w, b }: Params): Tensor =>
  sum(square(sub(1, w))).add(mul(sum(square(sub(sub(b, mul(square(w), 0.25)), 1))), 2))

const stepOf =
  (optimizer: AnyTransform, loss: (params: Params) => Tensor) =>
  (params: Params, state: unknown) => {
    const [updates, next] = optimizer.update(grad(loss)(params), state, params)
    return [applyUpdates(params, updates), next] as const
  }

const walk = (
  step: ReturnType<typeof stepOf>,
  optimizer: AnyTransform,
  { steps, from = start() }: { readonly steps: number; readonly from?: Params },
) => {
  let params = from
  let state: unknown = optimizer.init(params)
  for (let i = 0; i < steps; i++) [params, state] = step(params, state)
  return { params, state }
}

const numbers = (tree: unknown): number[][] =>
  leaves(tree).map((leaf) => [...(leaf as Tensor).data()].map(Number))

describe.each(Object.entries(optimizers))('%s', (_, optimizer) => {
  it.each([
    ['a bowl', bowl, 1e-6],
    ['a curved valley', valley, 0.01],
  ] as const)('minimises %s', (__, loss, share) => {
    const step = jit(stepOf(optimizer, loss), { donate: [0, 1] })
    const first = loss(start()).item()
    const { params } = walk(step, optimizer, { steps: 400 })
    expect(loss(params).item() / first).toBeLessThan(share)
  })

  it('has the same bits eager, compiled and donated', () => {
    const step = stepOf(optimizer, valley)
    const eager = walk(step, optimizer, { steps: 5 })
    for (const compiled of [jit(step), jit(step, { donate: [0, 1] })]) {
      const { params, state } = walk(compiled, optimizer, { steps: 5 })
      expect(numbers(params)).toEqual(numbers(eager.params))
      expect(numbers(state)).toEqual(numbers(eager.state))
    }
  })

  it('keeps a state that is a tree of tensors of one structure', () => {
    const before = optimizer.init(start())
    const { state } = walk(stepOf(optimizer, bowl), optimizer, { steps: 3 })
    expect(leaves(state).every((leaf) => leaf instanceof Tensor)).toBe(true)
    expect(flatten(state)[1].key).toBe(flatten(before)[1].key)
    const types = (tree: unknown) =>
      leaves(tree).map((leaf) => `${(leaf as Tensor).dtype}[${(leaf as Tensor).shape.join(', ')}]`)
    expect(types(state)).toEqual(types(before))
  })

  it('keeps the dtype of the parameters', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const { params } = walk(stepOf(optimizer, bowl), optimizer, { steps: 2, from: start(dtype) })
      expect(params.w.dtype).toBe(dtype)
      expect(params.b.dtype).toBe(dtype)
    }
  })

  it('stays where the gradient is 0', () => {
    let params = start()
    let state = optimizer.init(params)
    for (let i = 0; i < 3; i++) {
      const [updates, next] = optimizer.update(map(zerosLike, params), state, params)
      params = applyUpdates(params, updates as Params)
      state = next
    }
    expect(numbers(params)).toEqual(numbers(start()))
  })
})
