/** Adam with the momentum of Nesterov. */
import { add, div, mul, pow, sub } from '../numeric/arithmetic.ts'
import { ones } from '../numeric/creation.ts'
import { rsqrt, sqrt } from '../numeric/exponential.ts'
import { cast, square } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import type { AdamState } from './adam.ts'
import { chain } from './chain.ts'
import { blend, debias, like, type MomentOptions, noSteps, zerosOf } from './moments.ts'
import { descend, type RateState } from './scale.ts'
import type { Rate, Transform } from './transform.ts'

/** Options of `scaleByNadam`. */
export interface ScaleByNadamOptions extends MomentOptions {
  /** How fast the momentum rises to `beta1`. Default 4e-3. */
  readonly momentumDecay?: number
}

/** As Adam's, and the product of all momenta so far, float64. */
export interface NadamState extends AdamState {
  readonly product: Tensor
}

/**
 * With `mu_t = b1 (1 - 0.96^(t momentumDecay) / 2)`, P_t the product of all mu up to t, m and v as in Adam, gives
 * `((1 - mu_t) / (1 - P_t) g + mu_{t+1} / (1 - P_{t+1}) m) / (sqrt(v / (1 - b2^t)) + epsilon)` (Dozat, Incorporating Nesterov
 * momentum into Adam, 2016).
 * @example
 * ```ts
 * import { scaleByNadam, tensor } from '@rootstock/core'
 * const direction = scaleByNadam()
 * const x = tensor([0])
 * const [updates] = direction.update(tensor([-7]), direction.init(x), x)
 * console.log(updates.item() < 0) // true
 * ```
 */
export const scaleByNadam = (options: ScaleByNadamOptions = {}): Transform<NadamState> => {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, momentumDecay = 4e-3 } = options
  const momentum = (t: Tensor): Tensor =>
    mul(sub(1, mul(pow(0.96, mul(t, momentumDecay)), 0.5)), beta1)
  return {
    init: (params) => ({
      step: noSteps(),
      mean: zerosOf(params),
      square: zerosOf(params),
      product: ones([], { dtype: 'float64' }),
    }),
    update: (gradients, state) => {
      const step = add(state.step, 1)
      const t = cast(step, 'float64')
      const [now, then] = [momentum(t), momentum(add(t, 1))]
      const product = mul(state.product, now)
      const fresh = div(sub(1, now), sub(1, product))
      const past = div(then, sub(1, mul(product, then)))
      const root = rsqrt(debias(beta2, t))
      const mean = blend(beta1, state.mean, gradients)
      const squares = blend(beta2, state.square, gradients, square)
      const updates = map(
        (g: Tensor, m: Tensor, v: Tensor) =>
          div(
            add(mul(g, like(fresh, g)), mul(m, like(past, g))),
            add(mul(sqrt(v), like(root, g)), epsilon),
          ),
        gradients,
        mean,
        squares,
      )
      return [updates, { step, mean, square: squares, product }]
    },
  }
}

/** Options of `nadam`. */
export interface NadamOptions extends ScaleByNadamOptions {
  /** Default 2e-3. */
  readonly learningRate?: Rate
}

/**
 * NAdam (Dozat, 2016): `scaleByNadam`, then descent.
 * @example
 * ```ts
 * import { nadam } from '@rootstock/core'
 * console.log(typeof nadam({ learningRate: 1e-3 }).update) // function
 * ```
 */
export const nadam = ({
  learningRate = 2e-3,
  ...moments
}: NadamOptions = {}): Transform<readonly [NadamState, RateState]> =>
  chain(scaleByNadam(moments), descend(learningRate))
