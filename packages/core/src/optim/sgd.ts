/** Gradient descent with momentum. */
import { add, mul } from '../numeric/arithmetic.ts'
import { equal, where } from '../numeric/comparison.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import { chain } from './chain.ts'
import { like, noSteps, zerosOf } from './moments.ts'
import { type Counted, descend, type RateState } from './scale.ts'
import type { Rate, Tensors, Transform } from './transform.ts'

/** How much of the past a momentum keeps. */
export interface MomentumOptions {
  /** Share of the running direction kept at each step, in [0, 1); fixed, or a function of the step. */
  readonly momentum: Rate
  /** Step along `g + momentum b` instead of `b` (Nesterov 1983, as in Sutskever et al. 2013). Default false. */
  readonly nesterov?: boolean
  /** Weight `1 - dampening` of the new gradient, from the second step on. Default 0. */
  readonly dampening?: number
}

/** The running direction of each parameter and the steps taken. */
export interface MomentumState extends Counted {
  readonly direction: Tensors
}

/**
 * `b_1 = g_1`, `b_t = momentum b_{t-1} + (1 - dampening) g_t`; gives `b`, or `g + momentum b` when `nesterov`.
 * @example
 * ```ts
 * import { tensor, withMomentum } from '@rootstock/core'
 * const momentum = withMomentum({ momentum: 0.5 })
 * let state = momentum.init(tensor([0]))
 * for (let i = 0; i < 3; i++) {
 *   const [direction, next] = momentum.update(tensor([1]), state, tensor([0]))
 *   console.log(direction.toArray()) // [ 1 ] [ 1.5 ] [ 1.75 ]
 *   state = next
 * }
 * ```
 */
export const withMomentum = (options: MomentumOptions): Transform<MomentumState> => {
  const { momentum, nesterov = false, dampening = 0 } = options
  return {
    init: (params) => ({
      step: noSteps(),
      direction: zerosOf(params),
    }),
    update: (gradients, state) => {
      const share = typeof momentum === 'number' ? momentum : momentum(state.step)
      const keep = (b: Tensor) => mul(b, typeof share === 'number' ? share : like(share, b))
      const fresh = (g: Tensor) =>
        dampening === 0 ? g : where(equal(state.step, 0), g, mul(g, 1 - dampening))
      const direction = map(
        (g: Tensor, b: Tensor) => add(keep(b), fresh(g)),
        gradients,
        state.direction,
      )
      const updates = nesterov
        ? map((g: Tensor, b: Tensor) => add(g, keep(b)), gradients, direction)
        : direction
      return [updates, { step: add(state.step, 1), direction }]
    },
  }
}

/** The states of the pieces `sgd` is made of; that of the momentum only when there is one. */
export type SgdState = readonly [RateState] | readonly [MomentumState, RateState]

/** Options of `sgd`. */
export interface SgdOptions extends Partial<MomentumOptions> {
  readonly learningRate: Rate
}

/**
 * Stochastic gradient descent: `x <- x - learningRate g`, along the running direction when `momentum` is given.
 * @example
 * ```ts
 * import { applyUpdates, grad, sgd, square, sum, type Tensor, tensor } from '@rootstock/core'
 * const optimizer = sgd({ learningRate: 0.25 })
 * const slope = grad((x: Tensor) => sum(square(x)))
 * let x = tensor([4, -2])
 * let state = optimizer.init(x)
 * for (let i = 0; i < 3; i++) {
 *   const [updates, next] = optimizer.update(slope(x), state, x)
 *   x = applyUpdates(x, updates)
 *   state = next
 * }
 * console.log(x.toArray()) // [0.5, -0.25]
 * ```
 */
export const sgd = ({ learningRate, momentum = 0, ...rest }: SgdOptions): Transform<SgdState> => {
  const descent = descend(learningRate)
  // a running direction that keeps nothing is the gradient itself
  const chained =
    momentum === 0 ? chain(descent) : chain(withMomentum({ ...rest, momentum }), descent)
  return chained as Transform<SgdState>
}
