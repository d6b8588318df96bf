/** Normalisation. The files keep channels second, the framework last. */
import { moveAxis, ones, random, type Tensor, zeros } from '@rootstock/core'
import {
  batchNorm,
  evaluation,
  groupNorm,
  instanceNorm,
  type Layer,
  l2Normalize,
  layerNorm,
  normedWeight,
  observe,
  rmsNorm,
  standardize,
} from '@rootstock/heads'
import type { Adapter, Adapters, Arguments } from '../arguments.ts'
import { channelsLast, channelsSecond } from './spatial.ts'

const training = { training: true, key: random.key(0) } as const

/** `weight` and `bias` of a case as scale and shift; 1 and 0 where it has none. */
const affineOf = (args: Arguments, shape: readonly number[]) => ({
  scale: args.optional('weight') ?? ones(shape, { dtype: args.precision }),
  shift: args.optional('bias') ?? zeros(shape, { dtype: args.precision }),
})

type Affine = ReturnType<typeof affineOf>

const byChannel =
  (make: (args: Arguments, channels: number) => Layer<Affine>): Adapter =>
  (args) => {
    const x = channelsLast(args.tensor('x'))
    const channels = x.shape.at(-1)!
    const layer = make(args, channels)
    return channelsSecond(layer.apply(affineOf(args, [channels]), x, evaluation))
  }

/** The layer of a case with its parameters, and x with channels last. */
const batchNormOf = (args: Arguments, momentum: number) => {
  const x = channelsLast(args.tensor('x'))
  const channels = x.shape.at(-1)!
  const statistics = { mean: args.tensor('running_mean'), variance: args.tensor('running_var') }
  return {
    x,
    layer: batchNorm({ channels, momentum, epsilon: args.number('eps') }),
    params: { ...affineOf(args, [channels]), statistics },
  }
}

const rows = (f: (x: Tensor) => Tensor, x: Tensor): Tensor => moveAxis(f(moveAxis(x, 0, -1)), -1, 0)

export const norms: Adapters = {
  layer_norm: (args) => {
    const x = args.tensor('x')
    const width = x.shape.slice(-args.number('dims'))
    const layer = layerNorm({ width, epsilon: args.number('eps') })
    return layer.apply(affineOf(args, width), x, evaluation)
  },
  group_norm: byChannel((args, channels) =>
    groupNorm({ channels, groups: args.number('groups'), epsilon: args.number('eps') }),
  ),
  instance_norm: byChannel((args, channels) =>
    instanceNorm({ channels, epsilon: args.number('eps') }),
  ),
  batch_norm_train: (args) => {
    const { x, layer, params } = batchNormOf(args, args.number('momentum'))
    const [y, { statistics }] = observe(layer, params, x, training)
    return { y: channelsSecond(y), new_mean: statistics.mean, new_var: statistics.variance }
  },
  batch_norm_eval: (args) => {
    const { x, layer, params } = batchNormOf(args, 0.1)
    return channelsSecond(layer.apply(params, x, evaluation))
  },
  rms_norm: (args) => {
    const x = args.tensor('x')
    const width = x.shape.at(-1)!
    const { scale } = affineOf(args, [width])
    return rmsNorm({ width, epsilon: args.number('eps') }).apply({ scale }, x, evaluation)
  },
  l2_normalize: (args) =>
    l2Normalize(args.tensor('x'), { axis: args.number('axis'), epsilon: args.number('eps') }),
  standardize: (args) =>
    standardize(args.tensor('x'), { axis: args.numbers('axes'), epsilon: args.number('eps') }),
  weight_norm: (args) => rows((v) => normedWeight(v, args.tensor('g')), args.tensor('v')),
}
