/** Convolution as a layer, for signals, images and volumes alike. */
import {
  add,
  type Convolution,
  convolution,
  fanInUniform,
  type Initializer,
  type Key,
  random,
  type Tensor,
} from '@rootstock/core'
import type { Layer } from '../layer.ts'

/** Parameters of a convolution: weight `[...window, in / groups, out]` and, unless switched off, bias `[out]`. */
export interface ConvParams {
  readonly weight: Tensor
  readonly bias?: Tensor
}

/** Options of `conv`. */
export interface ConvOptions extends Convolution {
  /** Channels of the input. */
  readonly in: number
  /** Channels of the output. */
  readonly out: number
  /** Entries of the kernel, one number for each axis of space: `[3, 3]` for images. */
  readonly window: readonly number[]
  /** Add a learned constant to each output channel. Default true. */
  readonly bias?: boolean
  /** Draws the weight. Default `fanInUniform`. */
  readonly init?: Initializer
}

/** A bias `[out]`, uniform on +-1 / sqrt(entries that an output sums), as PyTorch draws it. */
export const drawBias = (key: Key, out: number, fanIn: number): Tensor => {
  const limit = 1 / Math.sqrt(Math.max(1, fanIn))
  return random.uniform(key, [out], { low: -limit, high: limit })
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1)

/**
 * Convolution with a bias, x `[n, ...space, in]` to `[n, ...places, out]`; `groups: in` is depthwise. Formula and sources at `convolution` of
 * `@rootstock/core`.
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { conv, evaluation } from '@rootstock/heads'
 * const layer = conv({ in: 3, out: 16, window: [3, 3], padding: 'same' })
 * const params = layer.init(random.key(0))
 * console.log(layer.apply(params, ones([8, 32, 32, 3]), evaluation).shape) // [8, 32, 32, 16]
 * ```
 */
export const conv = ({
  in: channels,
  out,
  window,
  bias = true,
  init = fanInUniform,
  ...options
}: ConvOptions): Layer<ConvParams> => {
  const inside = channels / (options.groups ?? 1)
  return {
    init: (key) => ({
      weight: init(random.fold(key, 0), [...window, inside, out]),
      ...(bias ? { bias: drawBias(random.fold(key, 1), out, inside * product(window)) } : {}),
    }),
    apply: (params, x) => {
      const y = convolution(x, params.weight, options)
      return params.bias === undefined ? y : add(y, params.bias)
    },
  }
}
