/** Composition of transforms: an optimiser is a chain of named pieces, and so is everything built on one. */
import type { Transform } from './transform.ts'

/**
 * Applies transforms in order, each to the updates of the one before; the state is the list of their states.
 * @example
 * ```ts
 * import { adam, chain, clipByGlobalNorm } from '@rootstock/core'
 * const optimizer = chain(clipByGlobalNorm(1), adam({ learningRate: 1e-3 }))
 * console.log(typeof optimizer.update) // function
 * ```
 */
export const chain = <States extends readonly unknown[]>(
  ...transforms: { readonly [K in keyof States]: Transform<States[K]> }
): Transform<Readonly<States>> => {
  const list: readonly Transform<unknown>[] = transforms
  return {
    init: (params) => list.map((transform) => transform.init(params)) as unknown as States,
    update: (gradients, state, params) => {
      let updates = gradients
      const next = list.map((transform, i) => {
        const [result, after] = transform.update(updates, state[i], params)
        updates = result
        return after
      })
      return [updates, next as unknown as States]
    },
  }
}
