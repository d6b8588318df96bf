/** Adam by the largest gradient instead of the mean of squares. */
import { add, div, maximum, mul } from '../numeric/arithmetic.ts'
import { abs, cast } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import { chain } from './chain.ts'
import { blend, debias, like, type MomentOptions, noSteps, zerosOf } from './moments.ts'
import { type Counted, descend, type RateState } from './scale.ts'
import type { Rate, Tensors, Transform } from './transform.ts'

/** Running mean and decaying maximum of each parameter's gradient. */
export interface AdamaxState extends Counted {
  readonly mean: Tensors
  readonly largest: Tensors
}

/**
 * `m` as in Adam, `u <- max(b2 u, |g| + epsilon)`; gives `m / (1 - b1^t) / u` (Kingma and Ba, Adam, 2015, section 7.1).
 * @example
 * ```ts
 * import { scaleByAdamax, tensor } from '@rootstock/core'
 * const direction = scaleByAdamax()
 * const x = tensor([0, 0])
 * const [updates] = direction.update(tensor([30, -0.5]), direction.init(x), x)
 * console.log(Array.from(updates.data(), Math.round)) // [1, -1]
 * ```
 */
export const scaleByAdamax = (options: MomentOptions = {}): Transform<AdamaxState> => {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options
  return {
    init: (params) => ({ step: noSteps(), mean: zerosOf(params), largest: zerosOf(params) }),
    update: (gradients, state) => {
      const step = add(state.step, 1)
      const unbiased = div(1, debias(beta1, cast(step, 'float64')))
      const mean = blend(beta1, state.mean, gradients)
      const largest: Tensors = map(
        (u: Tensor, g: Tensor) => maximum(mul(u, beta2), add(abs(g), epsilon)),
        state.largest,
        gradients,
      )
      const updates = map(
        (g: Tensor, m: Tensor, u: Tensor) => div(mul(m, like(unbiased, g)), u),
        gradients,
        mean,
        largest,
      )
      return [updates, { step, mean, largest }]
    },
  }
}

/** Options of `adamax`. */
export interface AdamaxOptions extends MomentOptions {
  /** Default 2e-3. */
  readonly learningRate?: Rate
}

/**
 * Adamax (Kingma and Ba, 2015): `scaleByAdamax`, then descent.
 * @example
 * ```ts
 * import { adamax } from '@rootstock/core'
 * console.log(typeof adamax({ learningRate: 1e-3 }).update) // function
 * ```
 */
export const adamax = ({
  learningRate = 2e-3,
  ...moments
}: AdamaxOptions = {}): Transform<readonly [AdamaxState, RateState]> =>
  chain(scaleByAdamax(moments), descend(learningRate))
