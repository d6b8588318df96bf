/** Adam that waits until its second moment can be trusted. */
import { add, div, mul, pow, sub } from '../numeric/arithmetic.ts'
import { greater, where } from '../numeric/comparison.ts'
import { sqrt } from '../numeric/exponential.ts'
import { cast, square } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import type { AdamState } from './adam.ts'
import { chain } from './chain.ts'
import { blend, debias, like, type MomentOptions, noSteps, zerosOf } from './moments.ts'
import { descend, type RateState } from './scale.ts'
import type { Rate, Transform } from './transform.ts'

/**
 * With `r = 2 / (1 - b2) - 1`, `r_t = r - 2 t b2^t / (1 - b2^t)`, m and v as in Adam: gives
 * `m / (1 - b1^t) sqrt(1 - b2^t) / (sqrt(v) + epsilon) sqrt((r_t - 4)(r_t - 2) r / ((r - 4)(r - 2) r_t))` where `r_t > 5`, else
 * `m / (1 - b1^t)` (Liu et al., On the variance of the adaptive learning rate and beyond, 2020).
 * @example
 * ```ts
 * import { scaleByRadam, tensor } from '@rootstock/core'
 * const direction = scaleByRadam()
 * const x = tensor([0])
 * // the first steps are those of a plain running mean
 * const [updates] = direction.update(tensor([4]), direction.init(x), x)
 * console.log(Math.abs(updates.item() - 4) < 1e-5) // true
 * ```
 */
export const scaleByRadam = (options: MomentOptions = {}): Transform<AdamState> => {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options
  const most = 2 / (1 - beta2) - 1
  /** Length of the memory of the second moment, and the factor that makes up for its variance. */
  const rectify = (t: Tensor, bias: Tensor) => {
    const length = sub(most, div(mul(mul(t, 2), pow(beta2, t)), bias))
    const isKnown = greater(length, 5)
    const known = where(isKnown, length, 6)
    const share = div(mul(mul(sub(known, 4), sub(known, 2)), most), known)
    const variance = div(share, (most - 4) * (most - 2))
    return { isKnown, factor: sqrt(mul(variance, bias)) }
  }
  return {
    init: (params) => ({ step: noSteps(), mean: zerosOf(params), square: zerosOf(params) }),
    update: (gradients, state) => {
      const step = add(state.step, 1)
      const t = cast(step, 'float64')
      const { isKnown, factor } = rectify(t, debias(beta2, t))
      const unbiased = div(1, debias(beta1, t))
      const mean = blend(beta1, state.mean, gradients)
      const squares = blend(beta2, state.square, gradients, square)
      const updates = map(
        (g: Tensor, m: Tensor, v: Tensor) => {
          const scaled = div(like(factor, g), add(sqrt(v), epsilon))
          return mul(mul(m, like(unbiased, g)), where(isKnown, scaled, 1))
        },
        gradients,
        mean,
        squares,
      )
      return [updates, { step, mean, square: squares }]
    },
  }
}

/** Options of `radam`. */
export interface RadamOptions extends MomentOptions {
  /** Default 1e-3. */
  readonly learningRate?: Rate
}

/**
 * RAdam (Liu et al., 2020): `scaleByRadam`, then descent. Needs no warm-up.
 * @example
 * ```ts
 * import { radam } from '@rootstock/core'
 * console.log(typeof radam({ learningRate: 1e-3 }).update) // function
 * ```
 */
export const radam = ({
  learningRate = 1e-3,
  ...moments
}: RadamOptions = {}): Transform<readonly [AdamState, RateState]> =>
  chain(scaleByRadam(moments), descend(learningRate))
