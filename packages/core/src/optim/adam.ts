/** Adam and AdamW: step sizes per parameter from running first and second moments of its gradient. */
import type { DType } from '../dtype.ts'
import { add, div, mul } from '../numeric/arithmetic.ts'
import { zeros, zerosLike } from '../numeric/creation.ts'
import { expm1, rsqrt, sqrt } from '../numeric/exponential.ts'
import { cast, neg, square } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import { chain } from './chain.ts'
import { addDecayedWeights } from './decay.ts'
import { type Counted, descend, type RateState, type Stateless } from './scale.ts'
import type { Rate, Tensors, Transform } from './transform.ts'

/** Constants of the moments. */
export interface MomentOptions {
  /** Decay of the running mean. Default 0.9. */
  readonly beta1?: number
  /** Decay of the running mean of squares. Default 0.999. */
  readonly beta2?: number
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number
}

/** Running moments of each parameter's gradient and the steps taken. */
export interface AdamState extends Counted {
  readonly mean: Tensors
  readonly square: Tensors
}

// 1 - beta^t by expm1: in float32 1 - 0.999^1 keeps four digits, -expm1(ln 0.999) keeps all.
const debias = (beta: number, step: Tensor): Tensor => neg(expm1(mul(step, Math.log(beta))))

const memoByDtype = <T>(f: (dtype: DType) => T) => {
  const made = new Map<DType, T>()
  return (dtype: DType): T => {
    const found = made.get(dtype) ?? f(dtype)
    made.set(dtype, found)
    return found
  }
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
export const scaleByAdam = (options: MomentOptions = {}): Transform<AdamState> => {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options
  return {
    init: (params) => ({
      step: zeros([], { dtype: 'int32' }),
      mean: map(zerosLike, params) as Tensors,
      square: map(zerosLike, params) as Tensors,
    }),
    update: (gradients, state) => {
      const step = add(state.step, 1)
      const factors = memoByDtype((dtype) => {
        const t = cast(step, dtype)
        return { mean: div(1, debias(beta1, t)), root: rsqrt(debias(beta2, t)) }
      })
      const mean = map(
        (m: Tensor, g: Tensor) => add(mul(m, beta1), mul(g, 1 - beta1)),
        state.mean,
        gradients,
      )
      const squares = map(
        (v: Tensor, g: Tensor) => add(mul(v, beta2), mul(square(g), 1 - beta2)),
        state.square,
        gradients,
      )
      const updates = map(
        (g: Tensor, m: Tensor, v: Tensor) => {
          const factor = factors(g.dtype)
          return div(mul(m, factor.mean), add(mul(sqrt(v), factor.root), epsilon))
        },
        gradients,
        mean,
        squares,
      )
      return [updates, { step, mean, square: squares }]
    },
  }
}

/** Options of `adam`. */
export interface AdamOptions extends MomentOptions {
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
export interface AdamWOptions extends AdamOptions {
  /** Share of each parameter removed per unit of learning rate. Default 0.01. */
  readonly weightDecay?: number
  /** Which parameters decay, by path; default all. */
  readonly decays?: (path: string) => boolean
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
    addDecayedWeights({ rate: weightDecay, ...(decays === undefined ? {} : { decays }) }),
    descend(learningRate),
  )
