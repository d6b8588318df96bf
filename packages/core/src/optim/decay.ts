/** Weight decay as a transform of its own: before an optimiser it is an L2 penalty, after it the decoupled form. */
import { add, mul } from '../numeric/arithmetic.ts'
import type { Tensor } from '../tensor.ts'
import { flatten, paths } from '../tree.ts'
import type { Stateless } from './scale.ts'
import type { Transform } from './transform.ts'

/** Which parameters decay. */
export interface DecayMask {
  /** By path such as `trunk/layers/0/weight`; default all. */
  readonly decays?: ((path: string) => boolean) | undefined
}

/** Options of `addDecayedWeights`. */
export interface DecayOptions extends DecayMask {
  readonly rate: number
}

/**
 * Adds `rate * param` to each update.
 * @example
 * ```ts
 * import { addDecayedWeights, tensor } from '@rootstock/core'
 * const decay = addDecayedWeights({ rate: 0.5, decays: (path) => path.endsWith('weight') })
 * const params = { weight: tensor([2, 4]), bias: tensor([2]) }
 * const [updates] = decay.update({ weight: tensor([0, 1]), bias: tensor([1]) }, decay.init(params), params)
 * console.log(updates.weight.toArray(), updates.bias.toArray()) // [1, 3] [1]
 * ```
 */
export const addDecayedWeights = ({
  rate,
  decays = () => true,
}: DecayOptions): Transform<Stateless> => ({
  init: () => ({}),
  update: (gradients, state, params) => {
    const [values, structure] = flatten(gradients)
    const updates = paths(params).map(([path, param], i) => {
      const gradient = values[i] as Tensor
      return decays(path) ? add(gradient, mul(param as Tensor, rate)) : gradient
    })
    return [structure.build(updates) as typeof gradients, state]
  },
})
