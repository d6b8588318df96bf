/** The normalisation of a trunk by its name. */
import type { Layer } from '../layer.ts'
import { batchNorm } from './batchNorm.ts'
import { type ChannelParams, groupNorm } from './groupNorm.ts'
import { layerNorm } from './layerNorm.ts'

/** Which normalisation: over the batch, over groups of 8 or more channels of each example, over the channels of each place, or none. */
export type NormKind = 'batch' | 'group' | 'layer' | 'none'

/** Parameters of any of them; `statistics` for `batch` only. */
export interface NormParams extends ChannelParams {
  readonly statistics?: {
    readonly mean: ChannelParams['scale']
    readonly variance: ChannelParams['scale']
  }
}

/** The largest divisor of channels that makes groups of at least 8 of them, or one group. */
const groupsOf = (channels: number): number => {
  for (let groups = Math.floor(channels / 8); groups > 1; groups--) {
    if (channels % groups === 0) return groups
  }
  return 1
}

/** The layer of a kind for so many channels; null for none. */
export const normalization = (kind: NormKind, channels: number): Layer<NormParams> | null => {
  if (kind === 'none') return null
  if (kind === 'layer') return layerNorm({ width: channels })
  if (kind === 'group') return groupNorm({ channels, groups: groupsOf(channels) })
  // what batchNorm initialises always has statistics
  return batchNorm({ channels }) as unknown as Layer<NormParams>
}
