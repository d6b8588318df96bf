/** Optimisers: ten steps along given gradients or down a given function, and clipping. */
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  add,
  addDecayedWeights,
  applyUpdates,
  chain,
  clipByGlobalNorm,
  clipByValue,
  globalNorm,
  inverseTimeDecay,
  mul,
  nadam,
  type Rate,
  radam,
  rmsProp,
  sgd,
  sin,
  slice,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensors,
  type Transform,
  take,
  tensor,
  valueAndGrad,
} from '@rootstock/core'
import { type Adapter, type Adapters, type Arguments, Unsupported } from '../arguments.ts'

const steps = 10

const rateOf = (args: Arguments): Rate => {
  if (typeof args.raw('lr') === 'number') return args.number('lr')
  const rates = tensor(Float64Array.from(args.numbers('lr')))
  return (step) => take(rates, step)
}

type Optimizer = (args: Arguments) => Transform<unknown>

const moments = (args: Arguments) => ({
  learningRate: rateOf(args),
  beta1: args.number('beta1'),
  beta2: args.number('beta2'),
  epsilon: args.number('eps'),
})

/** An optimiser whose weight decay is a penalty: added to the gradient first. */
const penalized =
  <State>(optimizer: (args: Arguments) => Transform<State>): Optimizer =>
  (args) =>
    chain(
      addDecayedWeights({ rate: args.number('weight_decay') }),
      optimizer(args),
    ) as Transform<unknown>

const optimizers: Readonly<Record<string, Optimizer>> = {
  sgd: penalized((args) =>
    sgd({
      learningRate: rateOf(args),
      momentum: args.number('momentum'),
      dampening: args.number('dampening'),
      nesterov: args.flag('nesterov'),
    }),
  ),
  adam: penalized((args) => adam({ ...moments(args), amsgrad: args.flag('amsgrad') })),
  adamw: (args) =>
    adamW({
      ...moments(args),
      amsgrad: args.flag('amsgrad'),
      weightDecay: args.number('weight_decay'),
    }) as Transform<unknown>,
  nadam: penalized((args) =>
    nadam({ ...moments(args), momentumDecay: args.number('momentum_decay') }),
  ),
  radam: penalized((args) => radam(moments(args))),
  adamax: penalized((args) => adamax(moments(args))),
  adagrad: penalized((args) =>
    adagrad({
      learningRate: inverseTimeDecay({ rate: args.number('lr'), decay: args.number('lr_decay') }),
      initial: args.number('initial_accumulator'),
      epsilon: args.number('eps'),
    }),
  ),
  adadelta: penalized((args) =>
    adadelta({
      learningRate: rateOf(args),
      rho: args.number('rho'),
      epsilon: args.number('eps'),
    }),
  ),
  rmsprop: penalized((args) =>
    rmsProp({
      learningRate: rateOf(args),
      decay: args.number('alpha'),
      epsilon: args.number('eps'),
      momentum: args.number('momentum'),
      centered: args.flag('centered'),
    }),
  ),
}

/** The parameters after each step; `gradient` gives that of step t at x. */
const walk = (
  optimizer: Transform<unknown>,
  start: Tensor,
  gradient: (x: Tensor, t: number) => Tensor,
): Tensor[] => {
  let x = start
  let state = optimizer.init(x)
  return Array.from({ length: steps }, (_, t) => {
    const [updates, next] = optimizer.update(gradient(x, t), state, x)
    x = applyUpdates(x, updates as Tensors) as Tensor
    state = next
    return x
  })
}

const following =
  (name: string): Adapter =>
  (args) => {
    const gradients = args.tensor('g')
    const path = walk(optimizers[name]!(args), args.tensor('x0'), (_, t) => take(gradients, t))
    return { x: stack(path) }
  }

/** [(1 - x_i)^2 + 2 (x_{i+1} - x_i^2)^2] / 8 over the first n - 2 entries, and sin(2 x_i) / 2 over the first n - 1. */
const valley = (x: Tensor): Tensor => {
  const [here, next] = [slice(x, { stop: [-2] }), slice(x, { start: [1], stop: [-1] })]
  const curve = add(square(sub(1, here)), mul(2, square(sub(next, square(here)))))
  return add(mul(sum(curve), 1 / 8), mul(sum(sin(mul(slice(x, { stop: [-1] }), 2))), 0.5))
}

const valleyText =
  'f(x) = sum_{i=0}^{n-3} [(1-x_i)^2 + 2(x_{i+1}-x_i^2)^2]/8 + sum_{i=0}^{n-2} sin(2 x_i)/2 ; x_{n-1} is unused, its gradient is 0'

const minimize: Adapter = (args) => {
  const name = args.text('optimizer')
  if (!Object.hasOwn(optimizers, name)) throw new Unsupported(`minimize with ${name}`)
  if (args.text('function') !== valleyText) throw new Unsupported('minimize of another function')
  const start = args.tensor('x0')
  const path = walk(optimizers[name]!(args), start, (x) => valueAndGrad(valley)(x)[1])
  return { x: stack(path), f: stack([start, ...path].map(valley)) }
}

const entries = (clipped: readonly Tensor[]): Record<string, Tensor> =>
  Object.fromEntries(clipped.map((y, i) => [`y${i}`, y]))

const clipNorm: Adapter = (args) => {
  const given = args.raw('norm_type')
  const order = given === 'inf' ? Number.POSITIVE_INFINITY : args.number('norm_type')
  const gradients = args.tensors()
  const transform = clipByGlobalNorm(args.number('max_norm'), { order })
  const [clipped] = transform.update(gradients, transform.init(gradients), gradients)
  return { norm: globalNorm(gradients, { order }), ...entries(clipped) }
}

const clipValue: Adapter = (args) => {
  const gradients = args.tensors()
  const transform = clipByValue(args.number('value'))
  return entries(transform.update(gradients, transform.init(gradients), gradients)[0])
}

export const optimization: Adapters = {
  ...Object.fromEntries(Object.keys(optimizers).map((name) => [name, following(name)])),
  minimize,
  clip_grad_norm: clipNorm,
  clip_grad_value: clipValue,
}
