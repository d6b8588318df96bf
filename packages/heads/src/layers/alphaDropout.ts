/** Dropout for nets of selu, which keep mean 0 and variance 1 by themselves. */
import { add, mul, random, where } from '@rootstock/core'
import type { Layer } from '../layer.ts'
import { dropout, type NoParams } from './dropout.ts'

/** What selu tends to for very negative numbers: the least informative value of a unit. */
const saturation = -1.7580993408473766

/**
 * In training sets each element to the limit of selu with the given probability, then scales and shifts all so that mean 0 and variance 1 are
 * kept; in evaluation does nothing (Klambauer et al., Self-Normalizing Neural Networks, 2017).
 * @example
 * ```ts
 * import { ones } from '@rootstock/core'
 * import { alphaDropout, evaluation } from '@rootstock/heads'
 * console.log(alphaDropout({ probability: 0.1 }).apply({}, ones([2]), evaluation).toArray()) // [ 1, 1 ]
 * ```
 */
export const alphaDropout = (options: { readonly probability: number }): Layer<NoParams> => {
  const { init } = dropout(options)
  const { probability } = options
  const keep = 1 - probability
  const factor = (keep + saturation ** 2 * keep * probability) ** -0.5
  const shift = -factor * probability * saturation
  return {
    init,
    apply: (_, x, mode) => {
      if (!mode.training || probability === 0) return x
      const isKept = random.bernoulli(mode.key, x.shape, { probability: keep })
      return add(mul(where(isKept, x, saturation), factor), shift)
    },
  }
}
