/** Convolutional trunks after the transformer: depthwise windows, then dense layers at each place. */
import { ArgumentError, full, gelu, mul, random, type Tensor } from '@rootstock/core'
import { type Layer, type Mode, modeOf } from '../layer.ts'
import { type ConvParams, conv } from '../layers/conv.ts'
import { type DenseParams, dense } from '../layers/dense.ts'
import { type LayerNormParams, layerNorm } from '../layers/layerNorm.ts'
import { stochasticDepth } from '../layers/stochasticDepth.ts'
import { expectImage, images } from './convnet.ts'
import { type Stage, stagedTrunk, type Trunk, type TrunkParams } from './trunk.ts'

/** Parameters of a block; `scale` `[channels]` weighs its branch. */
export interface ConvnextBlockParams {
  readonly spread: ConvParams
  readonly normalise: LayerNormParams
  readonly inner: DenseParams
  readonly outer: DenseParams
  readonly scale: Tensor
}

/** Parameters of a stage: what makes its channels (`enter`, normalised in front in all stages but the first), and its blocks. */
export interface ConvnextStageParams {
  readonly normalise: LayerNormParams
  readonly enter: ConvParams
  readonly blocks: readonly ConvnextBlockParams[]
}

/** Parameters of a `convnext`. */
export type ConvnextParams = TrunkParams<ConvnextStageParams>

/** Options of `convnext`. */
export interface ConvnextOptions {
  /** Sizes of space and channels of an input: `[32, 32, 3]`. Rows hold them in this order. */
  readonly in: readonly number[]
  /** Channels of each stage; every stage but the first halves space. Default `[32, 64]`. */
  readonly channels?: readonly number[]
  /** Blocks of each stage. Default 2. */
  readonly blocks?: number
  /** Entries along every axis that the first stage takes together. Default 2. */
  readonly patch?: number
  /** Entries of each depthwise kernel along every axis. Default 7. */
  readonly window?: number
  /** Probability of leaving out the branch of a block. Default 0. */
  readonly dropout?: number
}

/** x + scale * outer(gelu(inner(norm(depthwise(x))))). */
const blockOf = (
  channels: number,
  window: readonly number[],
  probability: number,
): Layer<ConvnextBlockParams> => {
  const spread = conv({ in: channels, out: channels, window, padding: 'same', groups: channels })
  const norm = layerNorm({ width: channels })
  const inner = dense({ in: channels, out: 4 * channels })
  const outer = dense({ in: 4 * channels, out: channels })
  const branch: Layer<ConvnextBlockParams> = {
    init: (key) => ({
      spread: spread.init(random.fold(key, 0)),
      normalise: norm.init(key),
      inner: inner.init(random.fold(key, 1)),
      outer: outer.init(random.fold(key, 2)),
      // deep nets start near the identity
      scale: full([channels], 1e-6),
    }),
    apply: (params, x, mode) => {
      const y = norm.apply(params.normalise, spread.apply(params.spread, x, mode), mode)
      const wide = gelu(inner.apply(params.inner, y, mode))
      return mul(outer.apply(params.outer, wide, mode), params.scale)
    },
  }
  return stochasticDepth(branch, { probability })
}

const stageOf = (
  enter: Layer<ConvParams>,
  norm: Layer<LayerNormParams>,
  isFirst: boolean,
  blocks: readonly Layer<ConvnextBlockParams>[],
  out: number,
): Stage<ConvnextStageParams> => ({
  out,
  init: (key) => ({
    enter: enter.init(random.fold(key, 0)),
    normalise: norm.init(key),
    blocks: blocks.map((block, i) => block.init(random.fold(key, i + 1))),
  }),
  apply: (params, x, mode: Mode) => {
    const normal = (y: Tensor): Tensor => norm.apply(params.normalise, y, mode)
    const entered = isFirst
      ? normal(enter.apply(params.enter, x, mode))
      : enter.apply(params.enter, normal(x), mode)
    return blocks.reduce(
      (y, block, i) => block.apply(params.blocks[i]!, y, modeOf(mode, i)),
      entered,
    )
  },
})

/**
 * A ConvNeXt trunk from rows `[n, product of in]` to means over space `[n, last channels]`: patches enter, then blocks of a depthwise convolution and two dense
 * layers (Liu et al., A ConvNet for the 2020s, 2022).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { convnext, evaluation } from '@rootstock/heads'
 * const trunk = convnext({ in: [16, 16, 3], channels: [8, 16], blocks: 1 })
 * console.log(trunk.apply(trunk.init(random.key(0)), ones([2, 768]), evaluation).shape) // [2, 16]
 * ```
 */
export const convnext = ({
  in: sizes,
  channels = [32, 64],
  blocks = 2,
  patch = 2,
  window = 7,
  dropout = 0,
}: ConvnextOptions): Trunk<ConvnextParams> => {
  expectImage('convnext', sizes)
  const space = sizes.slice(0, -1)
  const smallest = Math.min(...space) / (patch * 2 ** (channels.length - 1))
  if (channels.length === 0 || !Number.isInteger(blocks) || blocks < 1 || smallest < 1) {
    throw new ArgumentError({
      operation: 'convnext',
      inputs: { in: sizes, channels, blocks, patch },
      rule: 'there must be a stage and a block in each, and halving must leave something of space',
    })
  }
  const each = (size: number): number[] => space.map(() => size)
  const layers = channels.map((out, i) => {
    const before = i === 0 ? sizes.at(-1)! : channels[i - 1]!
    const step = i === 0 ? patch : 2
    const enter = conv({ in: before, out, window: each(step), stride: step })
    const norm = layerNorm({ width: i === 0 ? out : before })
    const own = Array.from({ length: blocks }, () => blockOf(out, each(window), dropout))
    return stageOf(enter, norm, i === 0, own, out)
  })
  return stagedTrunk({ ...images(sizes), layers })
}
