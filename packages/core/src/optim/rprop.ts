/** Resilient propagation: the signs of gradients say where to, and a step size of each parameter's own how far. */
import { mul } from '../numeric/arithmetic.ts'
import { equal, less, where } from '../numeric/comparison.ts'
import { fullLike } from '../numeric/creation.ts'
import { clamp, sign } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import { zerosOf } from './moments.ts'
import type { Tensors, Transform } from './transform.ts'

/** The gradient before, 0 where its sign has turned, and the size of each parameter's step. */
export interface RpropState {
  readonly previous: Tensors
  readonly size: Tensors
}

/** Options of `rprop`. */
export interface RpropOptions {
  /** Size of the first steps. Default 1e-2. */
  readonly learningRate?: number
  /** What a step grows by while the sign of its gradient stays. Default 1.2. */
  readonly growth?: number
  /** What it shrinks by where the sign turns. Default 0.5. */
  readonly shrinkage?: number
  /** Default 1e-6. */
  readonly least?: number
  /** Default 50. */
  readonly most?: number
}

/**
 * `x <- x - size sign(g)`; size grows while g keeps its sign, and shrinks where it turns, where this step is left out. For gradients
 * of all examples together: those of small batches have signs of their own (Riedmiller and Braun, A direct adaptive method for faster
 * backpropagation learning, 1993).
 * @example
 * ```ts
 * import { rprop, tensor } from '@rootstock/core'
 * const optimizer = rprop({ learningRate: 1 })
 * let state = optimizer.init(tensor([0]))
 * for (const g of [3, 3, -3, -3]) {
 *   const [updates, next] = optimizer.update(tensor([g]), state, tensor([0]))
 *   console.log(updates.item()) // -1 -1.2... -0 0.6...
 *   state = next
 * }
 * ```
 */
export const rprop = ({
  learningRate = 1e-2,
  growth = 1.2,
  shrinkage = 0.5,
  least = 1e-6,
  most = 50,
}: RpropOptions = {}): Transform<RpropState> => ({
  init: (params) => ({
    previous: zerosOf(params),
    size: map((x: Tensor) => fullLike(x, learningRate), params) as Tensors,
  }),
  update: (gradients, state) => {
    // the signs alone: a product of small gradients may be 0
    const turned = (g: Tensor, before: Tensor): Tensor => mul(sign(g), sign(before))
    const size: Tensors = map(
      (s: Tensor, g: Tensor, before: Tensor) => {
        const agreement = turned(g, before)
        const moved = where(less(agreement, 0), mul(s, shrinkage), mul(s, growth))
        return clamp(where(equal(agreement, 0), s, moved), { min: least, max: most })
      },
      state.size,
      gradients,
      state.previous,
    )
    const previous = map(
      (g: Tensor, before: Tensor) => where(less(turned(g, before), 0), 0, g),
      gradients,
      state.previous,
    )
    const updates = map((g: Tensor, s: Tensor) => mul(sign(g), mul(s, -1)), previous, size)
    return [updates, { previous: previous as Tensors, size }]
  },
})
