/** Channels weighed by what the whole image shows. */
import { mul, random, relu, reshape, sigmoid, type Tensor } from '@rootstock/core'
import type { Layer } from '../layer.ts'
import { type DenseParams, dense } from './dense.ts'
import { globalAveragePool } from './globalAveragePool.ts'
import { type Masked, maskedOf, maskPlaces } from './masked.ts'

/** Parameters of `squeezeExcite`. */
export interface SqueezeExciteParams {
  readonly inner: DenseParams
  readonly outer: DenseParams
}

/**
 * x times sigmoid(relu(m inner) outer) by channel, where m is the mean over space, over what of it is real with a mask: x `[n, ...space, channels]` keeps its shape
 * (Hu, Shen and Sun, Squeeze-and-Excitation Networks, 2018).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { evaluation, squeezeExcite } from '@rootstock/heads'
 * const layer = squeezeExcite({ channels: 16, reduction: 4 })
 * console.log(layer.apply(layer.init(random.key(0)), ones([2, 5, 5, 16]), evaluation).shape) // [2, 5, 5, 16]
 * ```
 */
export const squeezeExcite = ({
  channels,
  reduction = 16,
}: {
  readonly channels: number
  /** Channels for each column between the dense layers. Default 16. */
  readonly reduction?: number
}): Layer<SqueezeExciteParams, Tensor | Masked> => {
  const columns = Math.max(1, Math.floor(channels / reduction))
  const inner = dense({ in: channels, out: columns })
  const outer = dense({ in: columns, out: channels })
  return {
    init: (key) => ({
      inner: inner.init(random.fold(key, 0)),
      outer: outer.init(random.fold(key, 1)),
    }),
    apply: (params, input, mode) => {
      const { x, mask } = maskedOf(input)
      const means = globalAveragePool(x, mask)
      const hidden = relu(inner.apply(params.inner, means, mode))
      const weights = sigmoid(outer.apply(params.outer, hidden, mode))
      const each = [x.shape[0]!, ...x.shape.slice(1, -1).map(() => 1), channels]
      return mul(maskPlaces(x, mask), reshape(weights, each))
    },
  }
}
