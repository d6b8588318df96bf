/** Residual convolutional trunks. */
import { ArgumentError, add, heNormal, type Key, random, relu, type Tensor } from '@rootstock/core'
import { type Layer, type Mode, observe, observing } from '../layer.ts'
import { type ConvParams, conv } from '../layers/conv.ts'
import { type NormKind, type NormParams, normalization } from '../layers/normalization.ts'
import { expectImage, images } from './convnet.ts'
import { type Stage, stagedTrunk, type Trunk, type TrunkParams } from './trunk.ts'

/** A convolution without bias and the normalisation behind it. */
export interface NormedConvParams extends ConvParams {
  readonly normalise?: NormParams
}

/** Parameters of a residual block; `shortcut` where the block changes channels or space. */
export interface ResidualBlockParams {
  readonly first: NormedConvParams
  readonly second: NormedConvParams
  readonly shortcut?: NormedConvParams
}

/** Parameters of a stage: its blocks, and in the first stage the convolution that opens the trunk. */
export interface ResnetStageParams {
  readonly stem?: NormedConvParams
  readonly blocks: readonly ResidualBlockParams[]
}

/** Parameters of a `resnet`. */
export type ResnetParams = TrunkParams<ResnetStageParams>

/** Options of `resnet`. */
export interface ResnetOptions {
  /** Sizes of space and channels of an input: `[32, 32, 3]`. Rows hold them in this order. */
  readonly in: readonly number[]
  /** Channels of each stage; every stage but the first halves space. Default `[16, 32, 64]`. */
  readonly channels?: readonly number[]
  /** Residual blocks of each stage. Default 1. */
  readonly blocks?: number
  /** Default `batch`. */
  readonly normalise?: NormKind
}

interface NormedConvOptions {
  readonly in: number
  readonly out: number
  readonly window: readonly number[]
  readonly stride?: number
  readonly normalise: NormKind
}

/** Half of a window of 3 on each side, so that stride 2 halves space. */
const normedConv = (options: NormedConvOptions): Layer<NormedConvParams> => {
  const { normalise, ...rest } = options
  const padding = options.window.map((size) => (size - 1) / 2)
  const linear = conv({ ...rest, padding, bias: normalise === 'none', init: heNormal })
  const norm = normalization(normalise, options.out)
  return observing<NormedConvParams>(
    (key) => ({ ...linear.init(key), ...(norm === null ? {} : { normalise: norm.init(key) }) }),
    (params, x, mode) => {
      const y = linear.apply(params, x, mode)
      if (norm === null || params.normalise === undefined) return [y, params]
      const [normal, after] = observe(norm, params.normalise, y, mode)
      return [normal, { ...params, normalise: after }]
    },
  )
}

interface BlockOptions extends Omit<NormedConvOptions, 'window'> {
  readonly space: number
}

/** relu(x + f(x)), with a projection of x where its shape changes. */
const residualBlock = ({ space, ...options }: BlockOptions): Layer<ResidualBlockParams> => {
  const three = Array.from({ length: space }, () => 3)
  const first = normedConv({ ...options, window: three })
  const second = normedConv({ ...options, in: options.out, stride: 1, window: three })
  const changes = options.in !== options.out || (options.stride ?? 1) !== 1
  const shortcut = changes ? normedConv({ ...options, window: three.map(() => 1) }) : null
  return observing<ResidualBlockParams>(
    (key: Key) => ({
      first: first.init(random.fold(key, 0)),
      second: second.init(random.fold(key, 1)),
      ...(shortcut === null ? {} : { shortcut: shortcut.init(random.fold(key, 2)) }),
    }),
    (params, x, mode) => {
      const [a, firstAfter] = observe(first, params.first, x, mode)
      const [b, secondAfter] = observe(second, params.second, relu(a), mode)
      const after = { ...params, first: firstAfter, second: secondAfter }
      if (shortcut === null || params.shortcut === undefined) return [relu(add(x, b)), after]
      const [c, shortcutAfter] = observe(shortcut, params.shortcut, x, mode)
      return [relu(add(c, b)), { ...after, shortcut: shortcutAfter }]
    },
  )
}

/** Layers one after another. */
const through = <Params>(
  layers: readonly Layer<Params>[],
  params: readonly Params[],
  x: Tensor,
  mode: Mode,
): readonly [Tensor, readonly Params[]] => {
  let value = x
  const after = layers.map((layer, i) => {
    const [y, learned] = observe(layer, params[i]!, value, mode)
    value = y
    return learned
  })
  return [value, after]
}

const stageOf = (
  stem: Layer<NormedConvParams> | null,
  blocks: readonly Layer<ResidualBlockParams>[],
  out: number,
): Stage<ResnetStageParams> => ({
  ...observing<ResnetStageParams>(
    (key) => ({
      ...(stem === null ? {} : { stem: stem.init(random.fold(key, 0)) }),
      blocks: blocks.map((block, i) => block.init(random.fold(key, i + 1))),
    }),
    (params, x, mode) => {
      if (stem === null || params.stem === undefined) {
        const [y, after] = through(blocks, params.blocks, x, mode)
        return [y, { ...params, blocks: after }]
      }
      const [opened, stemAfter] = observe(stem, params.stem, x, mode)
      const [y, after] = through(blocks, params.blocks, relu(opened), mode)
      return [y, { stem: stemAfter, blocks: after }]
    },
  ),
  out,
})

/**
 * A residual trunk from rows `[n, product of in]` to means over space `[n, last channels]`: a convolution, then stages of blocks of two convolutions each
 * (He et al., Deep Residual Learning for Image Recognition, 2016).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { evaluation, resnet } from '@rootstock/heads'
 * const trunk = resnet({ in: [8, 8, 3] })
 * const params = trunk.init(random.key(0))
 * console.log(trunk.apply(params, ones([2, 192]), evaluation).shape) // [2, 64]
 * ```
 */
export const resnet = ({
  in: sizes,
  channels = [16, 32, 64],
  blocks = 1,
  normalise = 'batch',
}: ResnetOptions): Trunk<ResnetParams> => {
  expectImage('resnet', sizes)
  if (channels.length === 0 || !Number.isInteger(blocks) || blocks < 1) {
    throw new ArgumentError({
      operation: 'resnet',
      inputs: { channels, blocks },
      rule: 'there must be at least one stage of at least one block',
    })
  }
  const space = sizes.length - 1
  const window = Array.from({ length: space }, () => 3)
  const stem = normedConv({ in: sizes.at(-1)!, out: channels[0]!, window, normalise })
  const layers = channels.map((out, i) => {
    const before = channels[Math.max(0, i - 1)]!
    const own = Array.from({ length: blocks }, (_, at) =>
      residualBlock({
        in: at === 0 ? before : out,
        out,
        stride: at === 0 && i > 0 ? 2 : 1,
        normalise,
        space,
      }),
    )
    return stageOf(i === 0 ? stem : null, own, out)
  })
  return stagedTrunk({ ...images(sizes), layers })
}
