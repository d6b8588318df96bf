/** Gaussian noise: numbers become less exact. */
import { ArgumentError, add, mul, random, where, zerosLike } from '@rootstock/core'
import { layoutOf } from '../column.ts'
import { type Corruption, whichFeatures } from './corruption.ts'

/**
 * Adds normal noise of the given standard deviation to every numeric feature; all other features stay
 * (Vincent et al., Stacked Denoising Autoencoders, 2010).
 * @example
 * ```ts
 * import { random, zeros } from '@rootstock/core'
 * import { gaussian } from '@rootstock/pretrain'
 * const columns = [{ name: 'age', kind: 'numeric', from: 0, to: 1 }] as const
 * const { corrupted } = gaussian({ deviation: 0.3 })(random.key(0), zeros([4, 1]), columns)
 * console.log(corrupted.shape) // [4, 1]
 * ```
 */
export const gaussian = ({ deviation }: { readonly deviation: number }): Corruption => {
  if (!(deviation >= 0 && Number.isFinite(deviation))) {
    throw new ArgumentError({
      operation: 'gaussian',
      inputs: { deviation },
      rule: 'deviation must be finite and at least 0',
    })
  }
  return (key, inputs, columns) => {
    const isNumeric = whichFeatures(layoutOf(columns), ({ scored }) => scored === 'numeric')
    const noise = mul(random.normal(key, inputs.shape), deviation)
    return {
      corrupted: where(isNumeric, add(inputs, noise), inputs),
      mask: where(isNumeric, true, zerosLike(inputs, { dtype: 'bool' })),
    }
  }
}
