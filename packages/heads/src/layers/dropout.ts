/** Dropout: the layer that is random in training and absent otherwise. */
import { ArgumentError, div, random, where } from '@rootstock/core'
import type { Layer } from '../layer.ts'

/** Parameters of a layer that learns nothing. */
export type NoParams = Readonly<Record<string, never>>

/**
 * In training sets each element to zero with the given probability and divides the rest by what remains, so that the
 * mean is kept; in evaluation does nothing (Srivastava et al., Dropout, 2014).
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { dropout } from '@rootstock/heads'
 * const layer = dropout({ probability: 0.5 })
 * const y = layer.apply({}, ones([1000]), { training: true, key: random.key(1) })
 * console.log([...new Set(y.data())].toSorted()) // [ 0, 2 ]
 * ```
 */
export const dropout = ({ probability }: { readonly probability: number }): Layer<NoParams> => {
  if (!(probability >= 0 && probability < 1)) {
    throw new ArgumentError({
      operation: 'dropout',
      inputs: { probability },
      rule: 'probability must be at least 0 and less than 1',
    })
  }
  const keep = 1 - probability
  return {
    init: () => ({}),
    apply: (_, x, mode) =>
      mode.training && probability > 0
        ? where(random.bernoulli(mode.key, x.shape, { probability: keep }), div(x, keep), 0)
        : x,
  }
}
