/** Normalisation over groups of channels of each example. */
import {
  ArgumentError,
  add,
  expandDims,
  mul,
  ones,
  reshape,
  type Tensor,
  zeros,
} from '@rootstock/core'
import type { Layer } from '../layer.ts'
import { type Masked, maskedOf, maskPlaces } from './masked.ts'
import { standardize } from './standardize.ts'

/** Parameters of a normalisation: one scale and one shift for each channel. */
export interface ChannelParams {
  readonly scale: Tensor
  readonly shift: Tensor
}

/** Options of `groupNorm`. */
export interface GroupNormOptions {
  readonly channels: number
  /** Blocks of channels that share mean and variance. */
  readonly groups: number
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
}

/** Scale 1 and shift 0 for each channel. */
export const identityScale = (channels: number): ChannelParams => ({
  scale: ones([channels]),
  shift: zeros([channels]),
})

/**
 * x `[n, ...space, channels]` with mean 0 and variance 1 over each group of channels and all of space, then scaled and shifted by
 * channel; with a mask over what of space is real, 0 elsewhere (Wu and He, Group Normalization, 2018).
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * import { evaluation, groupNorm } from '@rootstock/heads'
 * const layer = groupNorm({ channels: 6, groups: 2 })
 * const x = random.normal(random.key(1), [2, 4, 4, 6])
 * console.log(layer.apply(layer.init(random.key(0)), x, evaluation).shape) // [2, 4, 4, 6]
 * ```
 */
export const groupNorm = ({
  channels,
  groups,
  epsilon = 1e-5,
}: GroupNormOptions): Layer<ChannelParams, Tensor | Masked> => {
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new ArgumentError({
      operation: 'groupNorm',
      inputs: { channels, groups },
      rule: 'groups must be a whole number of at least 1 that divides channels',
    })
  }
  return {
    init: () => identityScale(channels),
    apply: ({ scale, shift }, input) => {
      const { x, mask } = maskedOf(input)
      const apart = reshape(x, [...x.shape.slice(0, -1), groups, channels / groups])
      const last = apart.rank - 1
      const axis = apart.shape.map((_, i) => i).filter((i) => i !== 0 && i !== last - 1)
      const real = mask && expandDims(expandDims(mask, -1), -1)
      const normal = reshape(standardize(apart, { axis, epsilon, mask: real }), x.shape)
      return maskPlaces(add(mul(normal, scale), shift), mask)
    },
  }
}
