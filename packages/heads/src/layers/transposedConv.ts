/** Convolution that makes space larger, for decoders. */
import {
  add,
  fanInUniform,
  type Initializer,
  random,
  swapAxes,
  type TransposedConvolution,
  transposedConvolution,
} from '@rootstock/core'
import type { Layer } from '../layer.ts'
import { type ConvParams, drawBias } from './conv.ts'

/** Options of `transposedConv`. */
export interface TransposedConvOptions extends TransposedConvolution {
  readonly in: number
  readonly out: number
  /** Entries of the kernel, one number for each axis of space. */
  readonly window: readonly number[]
  readonly bias?: boolean
  /** Draws `[...window, out / groups, in]`, the weight of the convolution whose adjoint this is, as in PyTorch. Default `fanInUniform`. */
  readonly init?: Initializer
}

/**
 * The adjoint of a convolution with a bias, x `[n, ...space, in]` to `[n, ...larger, out]`. Formula and source at `transposedConvolution` of
 * `@rootstock/core`.
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { evaluation, transposedConv } from '@rootstock/heads'
 * const layer = transposedConv({ in: 16, out: 8, window: [2, 2], stride: 2 })
 * const params = layer.init(random.key(0))
 * console.log(layer.apply(params, ones([8, 7, 7, 16]), evaluation).shape) // [8, 14, 14, 8]
 * ```
 */
export const transposedConv = ({
  in: channels,
  out,
  window,
  bias = true,
  init = fanInUniform,
  ...options
}: TransposedConvOptions): Layer<ConvParams> => {
  const each = out / (options.groups ?? 1)
  const entries = window.reduce((a, b) => a * b, 1)
  return {
    init: (key) => ({
      // drawn as the weight of the convolution whose adjoint this is
      weight: swapAxes(init(random.fold(key, 0), [...window, each, channels]), -1, -2),
      ...(bias ? { bias: drawBias(random.fold(key, 1), out, each * entries) } : {}),
    }),
    apply: (params, x) => {
      const y = transposedConvolution(x, params.weight, options)
      return params.bias === undefined ? y : add(y, params.bias)
    },
  }
}
