/** Normalisation over the space of each channel of each example. */
import { add, expandDims, mul, ShapeError, type Tensor } from '@rootstock/core'
import type { Layer } from '../layer.ts'
import { type ChannelParams, identityScale } from './groupNorm.ts'
import { type Masked, maskedOf, maskPlaces } from './masked.ts'
import { standardize } from './standardize.ts'

/** Options of `instanceNorm`. */
export interface InstanceNormOptions {
  readonly channels: number
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
}

/**
 * x `[n, ...space, channels]` with mean 0 and variance 1 over the space of each example and channel, then scaled and shifted by channel;
 * with a mask over what of space is real, 0 elsewhere (Ulyanov, Vedaldi and Lempitsky, Instance Normalization, 2016).
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * import { evaluation, instanceNorm } from '@rootstock/heads'
 * const layer = instanceNorm({ channels: 3 })
 * const x = random.normal(random.key(1), [2, 8, 3])
 * console.log(layer.apply(layer.init(random.key(0)), x, evaluation).shape) // [2, 8, 3]
 * ```
 */
export const instanceNorm = ({
  channels,
  epsilon = 1e-5,
}: InstanceNormOptions): Layer<ChannelParams, Tensor | Masked> => ({
  init: () => identityScale(channels),
  apply: ({ scale, shift }, input) => {
    const { x, mask } = maskedOf(input)
    if (x.rank < 3) {
      throw new ShapeError({
        operation: 'instanceNorm',
        inputs: { x },
        rule: 'x must be [n, ...space, channels] with at least one axis of space',
      })
    }
    const axis = x.shape.map((_, i) => i).slice(1, -1)
    const real = mask && expandDims(mask, -1)
    const normal = standardize(x, { axis, epsilon, mask: real })
    return maskPlaces(add(mul(normal, scale), shift), mask)
  },
})
