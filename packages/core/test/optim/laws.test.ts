import * as core from '@rootstock/core'
import {
  applyUpdates,
  flatten,
  grad,
  jit,
  leaves,
  map,
  mul,
  square,
  sub,
  sum,
  Tensor,
  type Transform,
  tensor,
  zerosLike,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'

// biome-ignore lint/suspicious/noExplicitAny: the states of the optimisers under test differ
type AnyTransform = Transform<any>

type Exports = typeof core

/** Whether a function makes a T; not one that gives back whatever it is given. */
type Makes<F, T> = F extends (...options: never) => infer Made
  ? unknown extends Made
    ? false
    : Made extends T
      ? true
      : false
  : false

/** Names of the exported functions that make a transform. */
type TransformName = {
  [Name in keyof Exports]: Makes<Exports[Name], AnyTransform> extends true ? Name : never
}[keyof Exports]

/** Pieces of the optimisers below, which descend no hill alone. */
type Piece =
  | `scaleBy${string}`
  | 'addDecayedWeights'
  | 'chain'
  | 'descend'
  | 'orthogonalize'
  | 'scale'
  | 'stateless'
  | 'withMomentum'

// rates that fall to 0 for those whose steps do not
const fall = (rate: number) => core.cosineDecay({ rate, steps: 400 })

const clipped = (clip: AnyTransform) => core.chain(clip, core.sgd({ learningRate: 0.1 }))

/** Every optimiser by variant: a new one that is not here does not compile. */
const everyOptimizer: Readonly<
  Record<Exclude<TransformName, Piece>, Readonly<Record<string, AnyTransform>>>
> = {
  sgd: {
    '': core.sgd({ learningRate: 0.05 }),
    'with momentum': core.sgd({ learningRate: 0.01, momentum: 0.9, dampening: 0.1 }),
    nesterov: core.sgd({ learningRate: 0.01, momentum: 0.9, nesterov: true }),
  },
  adam: {
    '': core.adam({ learningRate: fall(0.1) }),
    amsgrad: core.adam({ learningRate: fall(0.1), amsgrad: true }),
  },
  adamW: { '': core.adamW({ learningRate: fall(0.1), weightDecay: 0 }) },
  nadam: { '': core.nadam({ learningRate: fall(0.1) }) },
  radam: { '': core.radam({ learningRate: fall(0.2) }) },
  adamax: { '': core.adamax({ learningRate: fall(0.2) }) },
  adagrad: { '': core.adagrad({ learningRate: 0.5 }) },
  adadelta: { '': core.adadelta({ learningRate: 10 }) },
  rmsProp: {
    '': core.rmsProp({ learningRate: fall(0.05) }),
    'centered, with momentum': core.rmsProp({
      learningRate: fall(0.005),
      momentum: 0.9,
      centered: true,
    }),
  },
  rprop: { '': core.rprop({ learningRate: 0.1 }) },
  asgd: { '': core.asgd({ learningRate: 0.05, decay: 0, from: 10 }) },
  lars: { '': core.lars({ learningRate: fall(10), trust: 0.01 }) },
  lion: { '': core.lion({ learningRate: fall(0.05) }) },
  lamb: { '': core.lamb({ learningRate: fall(0.1) }) },
  muon: { '': core.muon({ learningRate: fall(0.1), otherRate: fall(0.1) }) },
  choose: {
    '': core.choose(
      (path) => path === 'b',
      core.sgd({ learningRate: 0.05 }),
      core.adam({ learningRate: fall(0.1) }),
    ),
  },
  accumulate: { '': core.accumulate(2, core.sgd({ learningRate: 0.1 })) },
  withAverage: {
    '': core.withAverage(core.sgd({ learningRate: 0.05 })),
    'of every third': core.withAverage(core.sgd({ learningRate: 0.05 }), {
      decay: 'equal',
      from: 1,
      every: 3,
    }),
  },
  lookahead: { '': core.lookahead(core.sgd({ learningRate: 0.1 })) },
  clipByGlobalNorm: { '': clipped(core.clipByGlobalNorm(1)) },
  clipByNorm: { '': clipped(core.clipByNorm(1)) },
  clipByValue: { '': clipped(core.clipByValue(1)) },
  clipAdaptively: { '': clipped(core.clipAdaptively({ limit: 0.5 })) },
}

const optimizers = Object.entries(everyOptimizer).flatMap(([name, variants]) =>
  Object.entries(variants).map(([variant, one]) => [`${name} ${variant}`.trim(), one] as const),
)

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

describe.each(optimizers)('%s', (_, optimizer) => {
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
