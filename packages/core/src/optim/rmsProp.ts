/** RMSprop: gradients divided by their running root mean square. */
import { add, div, sub } from '../numeric/arithmetic.ts'
import { sqrt } from '../numeric/exponential.ts'
import { square } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import { chain } from './chain.ts'
import { blend, zerosOf } from './moments.ts'
import { type SgdState, sgd } from './sgd.ts'
import type { Rate, Tensors, Transform } from './transform.ts'

/** Options of `scaleByRms`. */
export interface ScaleByRmsOptions {
  /** Decay of the running means. Default 0.99. */
  readonly decay?: number
  /** Added to the root. Default 1e-8. */
  readonly epsilon?: number
  /** Whether to divide by the deviation: the mean of squares less the square of the mean. Default false. */
  readonly centered?: boolean
}

/** Running means of each parameter's squared gradient and, when centered, its gradient. */
export interface RmsState {
  readonly square: Tensors
  readonly mean?: Tensors
}

/**
 * `s <- decay s + (1 - decay) g^2`; gives `g / (sqrt(s) + epsilon)`, with `s - m^2` for s when centered, m the running mean of g
 * (Tieleman and Hinton, Lecture 6.5, RMSProp, 2012; centered: Graves, Generating sequences with recurrent neural networks, 2013).
 * @example
 * ```ts
 * import { scaleByRms, tensor } from '@rootstock/core'
 * const direction = scaleByRms({ decay: 0.75, epsilon: 0 })
 * const x = tensor([0])
 * const [updates] = direction.update(tensor([-7]), direction.init(x), x)
 * console.log(updates.item()) // -2
 * ```
 */
export const scaleByRms = (options: ScaleByRmsOptions = {}): Transform<RmsState> => {
  const { decay = 0.99, epsilon = 1e-8, centered = false } = options
  return {
    init: (params) => ({
      square: zerosOf(params),
      ...(centered ? { mean: zerosOf(params) } : {}),
    }),
    update: (gradients, state) => {
      const squares = blend(decay, state.square, gradients, square)
      const mean = state.mean && blend(decay, state.mean, gradients)
      const variance =
        mean === undefined
          ? squares
          : map((s: Tensor, m: Tensor) => sub(s, square(m)), squares, mean)
      const scaled = (g: Tensor, v: Tensor) => div(g, add(sqrt(v), epsilon))
      const next = { square: squares }
      return [map(scaled, gradients, variance), mean === undefined ? next : { ...next, mean }]
    },
  }
}

/** Options of `rmsProp`. */
export interface RmsPropOptions extends ScaleByRmsOptions {
  /** Default 1e-2. */
  readonly learningRate?: Rate
  /** Share of the running direction kept at each step. Default 0. */
  readonly momentum?: Rate
}

/**
 * RMSprop (Tieleman and Hinton, 2012): `scaleByRms`, then `sgd`, with its momentum if any.
 * @example
 * ```ts
 * import { rmsProp } from '@rootstock/core'
 * console.log(typeof rmsProp({ learningRate: 1e-3, momentum: 0.9 }).update) // function
 * ```
 */
export const rmsProp = ({
  learningRate = 1e-2,
  momentum = 0,
  ...options
}: RmsPropOptions = {}): Transform<readonly [RmsState, SgdState]> =>
  chain(scaleByRms(options), sgd({ learningRate, momentum }))
