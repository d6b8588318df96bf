/** Normalisation over the features of each row: no statistics of the batch, so training and evaluation agree. */
import { add, mul, ones, type Tensor, zeros } from '@rootstock/core'
import type { Layer } from '../layer.ts'
import { standardize } from './standardize.ts'

/** Parameters of `layerNorm`: one scale and one shift for each feature. */
export interface LayerNormParams {
  readonly scale: Tensor
  readonly shift: Tensor
}

/** Options of `layerNorm`. */
export interface LayerNormOptions {
  /** Columns of the input; several numbers normalise over as many last axes together. */
  readonly width: number | readonly number[]
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
}

/**
 * `(x - mean) / sqrt(variance + epsilon) * scale + shift` over the last axis or axes, with the biased variance
 * (Ba, Kiros and Hinton, Layer Normalization, 2016).
 * @example
 * ```ts
 * import { random, tensor } from '@rootstock/core'
 * import { evaluation, layerNorm } from '@rootstock/heads'
 * const layer = layerNorm({ width: 2 })
 * const y = layer.apply(layer.init(random.key(0)), tensor([[1, 3]]), evaluation)
 * console.log(y.toArray()) // [ [ -0.99999..., 0.99999... ] ]
 * ```
 */
export const layerNorm = ({ width, epsilon = 1e-5 }: LayerNormOptions): Layer<LayerNormParams> => {
  const shape = typeof width === 'number' ? [width] : width
  const axis = shape.map((_, i) => i - shape.length)
  return {
    init: () => ({ scale: ones(shape), shift: zeros(shape) }),
    apply: ({ scale, shift }, x) => add(mul(standardize(x, { axis, epsilon }), scale), shift),
  }
}
