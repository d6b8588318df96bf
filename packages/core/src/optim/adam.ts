/** Adam and AdamW: step sizes per parameter from running first and second moments of its gradient. */
import { add, div, maximum, mul } from '../numeric/arithmetic.ts'
import { rsqrt, sqrt } from '../numeric/exponential.ts'
import { cast, square } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import { chain } from './chain.ts'
import { addDecayedWeights, type DecayMask } from './decay.ts'
import { blend, debias, type MomentOptions, memoByDtype, noSteps, zerosOf } from './moments.ts'
import { type Counted, descend, type RateState, type Stateless } from './scale.ts'
import type { Rate, Tensors, Transform } from './transform.ts'

/** Options of `scaleByAdam`. */
export interface ScaleByAdamOptions extends MomentOptions {
  /** Whether to divide by the largest second moment so far (Reddi, Kale and Kumar, On the convergence of Adam, 2018). Default false. */
  readonly amsgrad?: boolean
}

/** Running moments of each parameter's gradient and the steps taken. */
export interface AdamState extends Counted {
  readonly mean: Tensors
  readonly square: Tensors
  /** The largest `square` so far; only with `amsgrad`. */
  readonly largest?: Tensors
}

/**
 * `m <- b1 m + (1-b1) g`, `v <- b2 v + (1-b2) g^2`; gives `m / (1-b1^t) / (sqrt(v / (1-b2^t)) + epsilon)`
 * (Kingma and Ba, Adam, 2015).
 * @example
 * ```ts
 * import { scaleByAdam, tensor } from '@rootstock/core'
 * const direction = scaleByAdam()
 * const x = tensor([0, 0])
 * const [updates] = direction.update(tensor([30, -0.1]), direction.init(x), x)
 * console.log(updates.toArray()) // [ 0.9999999..., -0.9999999... ]
 * ```
 */
export const scaleByAdam = (options: ScaleByAdamOptions = {}): Transform<AdamState> => {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, amsgrad = false } = options
  return {
    init: (params) => ({
      step: noSteps(),
      mean: zerosOf(params),
      square: zerosOf(params),
      ...(amsgrad ? { largest: zerosOf(params) } : {}),
    }),
    update: (gradients, state) => {
      const step = add(state.step, 1)
      const factors = memoByDtype((dtype) => {
        const t = cast(step, dtype)
        return { mean: div(1, debias(beta1, t)), root: rsqrt(debias(beta2, t)) }
      })
      const mean = blend(beta1, state.mean, gradients)
      const squares = blend(beta2, state.square, gradients, square)
      const largest = state.largest && (map(maximum, state.largest, squares) as Tensors)
      const updates = map(
        (g: Tensor, m: Tensor, v: Tensor) => {
          const factor = factors(g.dtype)
          return div(mul(m, factor.mean), add(mul(sqrt(v), factor.root), epsilon))
        },
        gradients,
        mean,
        largest ?? squares,
      )
      const next = { step, mean, square: squares }
      return [updates, largest === undefined ? next : { ...next, largest }]
    },
  }
}

/** Options of `adam`. */
export interface AdamOptions extends ScaleByAdamOptions {
  /** Default 1e-3. */
  readonly learningRate?: Rate
}

/**
 * Adam (Kingma and Ba, 2015): `x <- x - learningRate m^ / (sqrt(v^) + epsilon)`.
 * @example
 * ```ts
 * import { adam, applyUpdates, tensor } from '@rootstock/core'
 * const optimizer = adam({ learningRate: 0.1 })
 * const params = { w: tensor([1, -3]) }
 * const gradients = { w: tensor([20, -0.5]) }
 * const [updates] = optimizer.update(gradients, optimizer.init(params), params)
 * // the first step has the size of the rate whatever the scale of the gradient
 * console.log(applyUpdates(params, updates).w.toArray())
 * ```
 */
export const adam = ({
  learningRate = 1e-3,
  ...moments
}: AdamOptions = {}): Transform<readonly [AdamState, RateState]> =>
  chain(scaleByAdam(moments), descend(learningRate))

/** Options of `adamW`. */
export interface AdamWOptions extends AdamOptions, DecayMask {
  /** Share of each parameter removed per unit of learning rate. Default 0.01. */
  readonly weightDecay?: number
}

/**
 * Adam with decoupled weight decay: `x <- x - learningRate (m^ / (sqrt(v^) + epsilon) + weightDecay x)` (Loshchilov and Hutter, 2019).
 * @example
 * ```ts
 * import { adamW } from '@rootstock/core'
 * const optimizer = adamW({ weightDecay: 0.1, decays: (path) => path.endsWith('weight') })
 * console.log(typeof optimizer.init) // function
 * ```
 */
export const adamW = ({
  learningRate = 1e-3,
  weightDecay = 0.01,
  decays,
  ...moments
}: AdamWOptions = {}): Transform<readonly [AdamState, Stateless, RateState]> =>
  chain(
    scaleByAdam(moments),
    addDecayedWeights({ rate: weightDecay, decays }),
    descend(learningRate),
  )
