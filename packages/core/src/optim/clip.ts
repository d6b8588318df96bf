/** Limits on the size of a step. */
import { add, div, minimum, mul } from '../numeric/arithmetic.ts'
import { zeros } from '../numeric/creation.ts'
import { sqrt } from '../numeric/exponential.ts'
import { sum } from '../numeric/reductions.ts'
import { cast, square } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map, tensors } from '../tree.ts'
import type { Stateless } from './scale.ts'
import type { Transform } from './transform.ts'

/**
 * The Euclidean norm of all leaves together, a scalar; 0 for a tree without leaves. Not finite as soon as one entry is not.
 * @example
 * ```ts
 * import { globalNorm, tensor } from '@rootstock/core'
 * console.log(globalNorm({ a: tensor([3]), b: tensor([[0, 4]]) }).item()) // 5
 * ```
 */
export const globalNorm = (tree: unknown): Tensor => {
  const squares = tensors(tree, 'globalNorm').map((leaf) => sum(square(leaf)))
  return squares.length === 0 ? zeros([]) : sqrt(squares.reduce((total, next) => add(total, next)))
}

/**
 * Scales all updates by `min(1, limit / (norm + 1e-6))` with their global norm, which keeps their direction
 * (Pascanu, Mikolov and Bengio, 2013).
 * @example
 * ```ts
 * import { clipByGlobalNorm, tensor } from '@rootstock/core'
 * const clip = clipByGlobalNorm(1)
 * const gradients = { a: tensor([3]), b: tensor([4]) }
 * const [clipped] = clip.update(gradients, clip.init(gradients), gradients)
 * console.log(clipped.a.toArray()) // [ 0.59999... ]
 * ```
 */
export const clipByGlobalNorm = (limit: number): Transform<Stateless> => ({
  init: () => ({}),
  update: (gradients, state) => {
    const factor = minimum(div(limit, add(globalNorm(gradients), 1e-6)), 1)
    return [
      map((gradient: Tensor) => mul(gradient, cast(factor, gradient.dtype)), gradients),
      state,
    ]
  },
})
