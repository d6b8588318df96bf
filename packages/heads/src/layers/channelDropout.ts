/** Dropout of whole channels. */
import { div, random, where } from '@rootstock/core'
import type { Layer } from '../layer.ts'
import { dropout, type NoParams } from './dropout.ts'

/**
 * Like `dropout`, but whole channels of x `[n, ...space, channels]` at once: neighbours in space say much the same, so that dropping single entries would change
 * little (Tompson et al., Efficient Object Localization Using Convolutional Networks, 2015).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { channelDropout } from '@rootstock/heads'
 * const layer = channelDropout({ probability: 0.5 })
 * const y = layer.apply({}, ones([1, 5, 5, 1]), { training: true, key: random.key(1) })
 * console.log(new Set(y.data()).size) // 1
 * ```
 */
export const channelDropout = (options: { readonly probability: number }): Layer<NoParams> => {
  const keep = 1 - options.probability
  const entries = dropout(options)
  return {
    init: entries.init,
    apply: (_, x, mode) => {
      if (!mode.training || keep === 1) return x
      const shape = [x.shape[0]!, ...x.shape.slice(1, -1).map(() => 1), x.shape.at(-1)!]
      return where(random.bernoulli(mode.key, shape, { probability: keep }), div(x, keep), 0)
    },
  }
}
