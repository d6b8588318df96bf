/** One block of a transformer encoder. */
import { add, random, relu, type Tensor } from '@rootstock/core'
import type { Activation } from '../compose.ts'
import { type Layer, type Mode, modeOf } from '../layer.ts'
import { type DenseParams, dense } from './dense.ts'
import { dropout } from './dropout.ts'
import { type LayerNormParams, layerNorm } from './layerNorm.ts'
import { type Looking, type MultiHeadParams, multiHead } from './multiHead.ts'

/** Parameters of `encoderBlock`. */
export interface EncoderBlockParams {
  readonly attention: MultiHeadParams
  readonly inner: DenseParams
  readonly outer: DenseParams
  readonly attentionNorm: LayerNormParams
  readonly denseNorm: LayerNormParams
}

/** Options of `encoderBlock`. */
export interface EncoderBlockOptions {
  readonly width: number
  readonly heads: number
  /** Columns between the two dense layers. Default 4 width. */
  readonly hidden?: number
  /** Normalise what a branch reads (`pre`), which trains stably at any depth, or what it was added to (`post`). Default `pre`. */
  readonly norm?: 'pre' | 'post'
  /** Default `relu`. */
  readonly activation?: Activation
  /** Probability of dropping, behind attention and both dense layers. Default 0.1. */
  readonly dropout?: number
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
  /** Turn queries and keys by their positions. Default false. */
  readonly rotary?: boolean
}

/** Steps, and which of them may be looked at: what the others hold has no influence on those, as long as it is finite; they are given something too, as in PyTorch. */
export interface Steps extends Pick<Looking, 'keyMask' | 'mask' | 'causal' | 'bias'> {
  /** `[n, steps, width]`. */
  readonly x: Tensor
}

/**
 * Attention of steps `[n, steps, width]` to each other, then two dense layers, each added to what it read: pre-norm x + f(norm x), post-norm
 * norm(x + f x) (Vaswani et al., Attention Is All You Need, 2017; Xiong et al., On Layer Normalization in the Transformer Architecture, 2020).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { encoderBlock, evaluation } from '@rootstock/heads'
 * const layer = encoderBlock({ width: 8, heads: 2 })
 * const params = layer.init(random.key(0))
 * console.log(layer.apply(params, { x: ones([3, 5, 8]), causal: true }, evaluation).shape) // [3, 5, 8]
 * ```
 */
export const encoderBlock = (options: EncoderBlockOptions): Layer<EncoderBlockParams, Steps> => {
  const { width, heads, hidden = 4 * width, norm = 'pre', activation = relu } = options
  const attention = multiHead({ width, heads, rotary: options.rotary ?? false })
  const inner = dense({ in: width, out: hidden })
  const outer = dense({ in: hidden, out: width })
  const normalize = layerNorm({ width, epsilon: options.epsilon ?? 1e-5 })
  const drop = dropout({ probability: options.dropout ?? 0.1 })
  const branch = (x: Tensor, params: LayerNormParams, mode: Mode, f: (y: Tensor) => Tensor) =>
    norm === 'pre'
      ? add(x, f(normalize.apply(params, x, mode)))
      : normalize.apply(params, add(x, f(x)), mode)
  return {
    init: (key) => ({
      attention: attention.init(random.fold(key, 0)),
      inner: inner.init(random.fold(key, 1)),
      outer: outer.init(random.fold(key, 2)),
      attentionNorm: normalize.init(key),
      denseNorm: normalize.init(key),
    }),
    apply: (params, { x, ...looking }, mode) => {
      const looked = branch(x, params.attentionNorm, mode, (y) =>
        drop.apply(
          {},
          attention.apply(params.attention, { query: y, ...looking }, mode),
          modeOf(mode, 0),
        ),
      )
      return branch(looked, params.denseNorm, mode, (y) => {
        const between = activation(inner.apply(params.inner, y, mode))
        const z = outer.apply(params.outer, drop.apply({}, between, modeOf(mode, 1)), mode)
        return drop.apply({}, z, modeOf(mode, 2))
      })
    },
  }
}
