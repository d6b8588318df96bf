/** Lion: steps of one size, in the direction of the sign of a momentum. */
import { add, mul } from '../numeric/arithmetic.ts'
import { sign } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import { chain } from './chain.ts'
import { addDecayedWeights, type DecayMask } from './decay.ts'
import { blend, zerosOf } from './moments.ts'
import { descend, type RateState, type Stateless } from './scale.ts'
import type { Rate, Tensors, Transform } from './transform.ts'

/** Options of `scaleByLion`. */
export interface ScaleByLionOptions {
  /** Share of the past in the direction. Default 0.9. */
  readonly beta1?: number
  /** Share of the past in what is remembered. Default 0.99. */
  readonly beta2?: number
}

/** The running mean of each parameter's gradient. */
export interface LionState {
  readonly mean: Tensors
}

/**
 * Gives `sign(b1 m + (1 - b1) g)`, then `m <- b2 m + (1 - b2) g` (Chen et al., Symbolic discovery of optimization algorithms, 2023).
 * @example
 * ```ts
 * import { scaleByLion, tensor } from '@rootstock/core'
 * const direction = scaleByLion()
 * const x = tensor([0, 0, 0])
 * const [updates] = direction.update(tensor([30, -0.5, 0]), direction.init(x), x)
 * console.log(updates.toArray()) // [1, -1, 0]
 * ```
 */
export const scaleByLion = ({
  beta1 = 0.9,
  beta2 = 0.99,
}: ScaleByLionOptions = {}): Transform<LionState> => ({
  init: (params) => ({ mean: zerosOf(params) }),
  update: (gradients, { mean }) => [
    map((g: Tensor, m: Tensor) => sign(add(mul(m, beta1), mul(g, 1 - beta1))), gradients, mean),
    { mean: blend(beta2, mean, gradients) },
  ],
})

/** Options of `lion`. */
export interface LionOptions extends ScaleByLionOptions, DecayMask {
  /** Default 1e-4; a tenth to a third of that of Adam. */
  readonly learningRate?: Rate
  /** Share of each parameter removed per unit of learning rate. Default 0. */
  readonly weightDecay?: number
}

/**
 * Lion (Chen et al., 2023): `scaleByLion`, decoupled weight decay, then descent. Half the state of Adam.
 * @example
 * ```ts
 * import { lion } from '@rootstock/core'
 * console.log(typeof lion({ weightDecay: 0.1 }).update) // function
 * ```
 */
export const lion = ({
  learningRate = 1e-4,
  weightDecay = 0,
  decays,
  ...options
}: LionOptions = {}): Transform<readonly [LionState, Stateless, RateState]> =>
  chain(
    scaleByLion(options),
    addDecayedWeights({ rate: weightDecay, decays }),
    descend(learningRate),
  )
