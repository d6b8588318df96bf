/** Adagrad and Adadelta: step sizes from the history of squared gradients alone. */
import { add, div, mul } from '../numeric/arithmetic.ts'
import { fullLike } from '../numeric/creation.ts'
import { sqrt } from '../numeric/exponential.ts'
import { square } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import { chain } from './chain.ts'
import { blend, zerosOf } from './moments.ts'
import { descend, type RateState } from './scale.ts'
import type { Rate, Tensors, Transform } from './transform.ts'

/** Options of `scaleByAdagrad`. */
export interface ScaleByAdagradOptions {
  /** What the sums start at. Default 0. */
  readonly initial?: number
  /** Added to the root. Default 1e-10. */
  readonly epsilon?: number
}

/** Sums of each parameter's squared gradients. */
export interface AdagradState {
  readonly total: Tensors
}

/**
 * `s <- s + g^2`; gives `g / (sqrt(s) + epsilon)` (Duchi, Hazan and Singer, Adaptive subgradient methods, 2011).
 * @example
 * ```ts
 * import { scaleByAdagrad, tensor } from '@rootstock/core'
 * const direction = scaleByAdagrad({ epsilon: 0 })
 * const x = tensor([0, 0])
 * const [updates] = direction.update(tensor([30, -0.5]), direction.init(x), x)
 * console.log(updates.toArray()) // [1, -1]
 * ```
 */
export const scaleByAdagrad = ({
  initial = 0,
  epsilon = 1e-10,
}: ScaleByAdagradOptions = {}): Transform<AdagradState> => ({
  init: (params) => ({ total: map((x: Tensor) => fullLike(x, initial), params) as Tensors }),
  update: (gradients, state) => {
    const total: Tensors = map((s: Tensor, g: Tensor) => add(s, square(g)), state.total, gradients)
    const scaled = (g: Tensor, s: Tensor) => div(g, add(sqrt(s), epsilon))
    return [map(scaled, gradients, total), { total }]
  },
})

/** Options of `adagrad`. */
export interface AdagradOptions extends ScaleByAdagradOptions {
  /** Default 1e-2; `inverseTimeDecay` for PyTorch's `lr_decay`. */
  readonly learningRate?: Rate
}

/**
 * Adagrad (Duchi, Hazan and Singer, 2011): `scaleByAdagrad`, then descent.
 * @example
 * ```ts
 * import { adagrad } from '@rootstock/core'
 * console.log(typeof adagrad({ learningRate: 0.1 }).update) // function
 * ```
 */
export const adagrad = ({
  learningRate = 1e-2,
  ...options
}: AdagradOptions = {}): Transform<readonly [AdagradState, RateState]> =>
  chain(scaleByAdagrad(options), descend(learningRate))

/** Options of `scaleByAdadelta`. */
export interface ScaleByAdadeltaOptions {
  /** Decay of both running means. Default 0.9. */
  readonly rho?: number
  /** Added under both roots. Default 1e-6. */
  readonly epsilon?: number
}

/** Running means of squared gradients and squared updates. */
export interface AdadeltaState {
  readonly square: Tensors
  readonly change: Tensors
}

/**
 * `s <- rho s + (1 - rho) g^2`, gives `d = sqrt(a + epsilon) / sqrt(s + epsilon) g`, `a <- rho a + (1 - rho) d^2`: steps in the unit
 * of the parameters (Zeiler, ADADELTA, 2012).
 * @example
 * ```ts
 * import { scaleByAdadelta, tensor } from '@rootstock/core'
 * const direction = scaleByAdadelta()
 * const x = tensor([0])
 * const [updates] = direction.update(tensor([5]), direction.init(x), x)
 * console.log(updates.item().toFixed(4)) // 0.0032
 * ```
 */
export const scaleByAdadelta = ({
  rho = 0.9,
  epsilon = 1e-6,
}: ScaleByAdadeltaOptions = {}): Transform<AdadeltaState> => ({
  init: (params) => ({ square: zerosOf(params), change: zerosOf(params) }),
  update: (gradients, state) => {
    const squares = blend(rho, state.square, gradients, square)
    const root = (x: Tensor): Tensor => sqrt(add(x, epsilon))
    const updates = map(
      (g: Tensor, s: Tensor, a: Tensor) => mul(div(root(a), root(s)), g),
      gradients,
      squares,
      state.change,
    )
    return [updates, { square: squares, change: blend(rho, state.change, updates, square) }]
  },
})

/** Options of `adadelta`. */
export interface AdadeltaOptions extends ScaleByAdadeltaOptions {
  /** Default 1. */
  readonly learningRate?: Rate
}

/**
 * Adadelta (Zeiler, 2012): `scaleByAdadelta`, then descent.
 * @example
 * ```ts
 * import { adadelta } from '@rootstock/core'
 * console.log(typeof adadelta().update) // function
 * ```
 */
export const adadelta = ({
  learningRate = 1,
  ...options
}: AdadeltaOptions = {}): Transform<readonly [AdadeltaState, RateState]> =>
  chain(scaleByAdadelta(options), descend(learningRate))
