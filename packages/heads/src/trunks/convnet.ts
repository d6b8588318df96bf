/** Convolutional trunks after LeNet: convolution, normalisation, activation, pooling, then dense stages. */
import {
  ArgumentError,
  glorotUniform,
  heNormal,
  maxPool,
  relu,
  reshape,
  type Tensor,
} from '@rootstock/core'
import type { Activation } from '../compose.ts'
import { type Layer, modeOf, observe, observing } from '../layer.ts'
import { type ConvParams, conv } from '../layers/conv.ts'
import { dense } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { globalAveragePool } from '../layers/globalAveragePool.ts'
import { type NormKind, type NormParams, normalization } from '../layers/normalization.ts'
import { type Stage, stagedTrunk, type Trunk, type TrunkParams } from './trunk.ts'

/** Parameters of one stage: a convolution's weight has an axis for each axis of space, a dense one's none. */
export interface ConvnetStageParams extends ConvParams {
  readonly normalise?: NormParams
}

/** Parameters of a `convnet`. */
export type ConvnetParams = TrunkParams<ConvnetStageParams>

/** Options of `convnet`. */
export interface ConvnetOptions {
  /** Sizes of space and channels of an input: `[28, 28, 1]` for grey images, `[96, 7]` for signals. Rows hold them in this order. */
  readonly in: readonly number[]
  /** Channels of each convolutional stage. Default `[32, 64]`. */
  readonly channels?: readonly number[]
  /** Entries of each kernel along every axis. Default 3. */
  readonly window?: number
  /** Entries that pooling takes together along every axis after each stage; 1 for none. Default 2. */
  readonly pool?: number
  /** Widths of dense stages on the flattened last image. Default none: the features are means over space. */
  readonly hidden?: readonly number[]
  /** Default `batch`. */
  readonly normalise?: NormKind
  /** Default `relu`. */
  readonly activation?: Activation
  /** Probability of dropping a unit of a dense stage's input. Default 0. */
  readonly dropout?: number
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1)

/** Throws unless the sizes are those of an input with space. */
export const expectImage = (operation: string, sizes: readonly number[]): void => {
  if (sizes.length >= 2 && sizes.every((size) => Number.isInteger(size) && size >= 1)) return
  throw new ArgumentError({
    operation,
    inputs: { in: sizes },
    rule: 'in must be [...space, channels], whole numbers of at least 1, with at least one axis of space',
  })
}

/** Rows as images, and what a tap shows of an image: means over space. */
export const images = (sizes: readonly number[]) => ({
  in: product(sizes),
  enter: (x: Tensor): Tensor => reshape(x, [x.shape[0]!, ...sizes]),
  read: (x: Tensor): Tensor => (x.rank > 2 ? globalAveragePool(x) : x),
})

interface StageOptions {
  readonly linear: Layer<ConvParams>
  readonly out: number
  readonly normalise: NormKind
  readonly before: (x: Tensor) => Tensor
  readonly activation: Activation
  readonly after: (x: Tensor) => Tensor
  readonly dropout: number
}

/** A linear layer, normalisation and activation. */
const stageOf = (options: StageOptions): Stage<ConvnetStageParams> => {
  const { linear, out, activation } = options
  const norm = normalization(options.normalise, out)
  const drop = dropout({ probability: options.dropout })
  const layer = observing<ConvnetStageParams>(
    (key) => ({ ...linear.init(key), ...(norm === null ? {} : { normalise: norm.init(key) }) }),
    (params, x, mode) => {
      const given = drop.apply({}, options.before(x), modeOf(mode, 0))
      const y = linear.apply(params, given, mode)
      if (norm === null || params.normalise === undefined) {
        return [options.after(activation(y)), params]
      }
      const [normal, normalise] = observe(norm, params.normalise, y, mode)
      return [options.after(activation(normal)), { ...params, normalise }]
    },
  )
  return { ...layer, out }
}

const same = (x: Tensor): Tensor => x

/**
 * A convolutional trunk from rows `[n, product of in]`: stages of convolution (same padding), normalisation, activation and max pooling, then dense
 * stages if `hidden` asks for them (LeCun et al., Gradient-based learning applied to document recognition, 1998).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { convnet, evaluation } from '@rootstock/heads'
 * const trunk = convnet({ in: [28, 28, 1] })
 * const params = trunk.init(random.key(0))
 * console.log(trunk.apply(params, ones([2, 784]), evaluation).shape) // [2, 64]
 * console.log(convnet({ in: [28, 28, 1], channels: [6, 16], window: 5, hidden: [120, 84] }).out) // 84
 * ```
 */
export const convnet = ({
  in: sizes,
  channels = [32, 64],
  window = 3,
  pool = 2,
  hidden = [],
  normalise = 'batch',
  activation = relu,
  dropout: probability = 0,
}: ConvnetOptions): Trunk<ConvnetParams> => {
  expectImage('convnet', sizes)
  const space = sizes.slice(0, -1)
  const init = activation === relu ? heNormal : glorotUniform
  const bias = normalise === 'none'
  const pooled = space.map((size) => channels.reduce((left) => Math.floor(left / pool), size))
  if (channels.length === 0 || Math.min(...pooled) < 1) {
    throw new ArgumentError({
      operation: 'convnet',
      inputs: { in: sizes, channels, pool },
      rule: 'there must be a stage, and pooling must leave something of space',
    })
  }
  const ins = [sizes.at(-1)!, ...channels]
  const convolutional = channels.map((out, i) =>
    stageOf({
      linear: conv({
        in: ins[i]!,
        out,
        window: space.map(() => window),
        padding: 'same',
        bias,
        init,
      }),
      out,
      normalise,
      before: same,
      activation,
      after: pool === 1 ? same : (x) => maxPool(x, { size: pool }),
      dropout: 0,
    }),
  )
  const widths = [product(pooled) * channels.at(-1)!, ...hidden]
  const flat = hidden.map((out, i) =>
    stageOf({
      linear: dense({ in: widths[i]!, out, init }),
      out,
      normalise: 'none',
      before: (x) => reshape(x, [x.shape[0]!, widths[i]!]),
      activation,
      after: same,
      dropout: probability,
    }),
  )
  return stagedTrunk({ ...images(sizes), layers: [...convolutional, ...flat] })
}
