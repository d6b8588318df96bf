/** LAMB: Adam whose step is proportional to the size of each parameter, for very large batches. */
import { div, mul } from '../numeric/arithmetic.ts'
import { greater, where } from '../numeric/comparison.ts'
import { type AdamState, scaleByAdam } from './adam.ts'
import { chain } from './chain.ts'
import { globalNorm } from './clip.ts'
import { addDecayedWeights, type DecayMask } from './decay.ts'
import type { MomentOptions } from './moments.ts'
import { descend, type RateState, type Stateless, stateless } from './scale.ts'
import type { Rate, Transform } from './transform.ts'

/**
 * Multiplies the update u of each parameter x by `|x| / |u|`, by 1 where either is 0 (You, Gitman and Ginsburg, LARS, 2017).
 * @example
 * ```ts
 * import { scaleByTrustRatio, tensor } from '@rootstock/core'
 * const trust = scaleByTrustRatio()
 * const x = tensor([0, 10])
 * const [updates] = trust.update(tensor([3, 4]), trust.init(x), x)
 * console.log(updates.toArray()) // [6, 8]
 * ```
 */
export const scaleByTrustRatio = (): Transform<Stateless> =>
  stateless((update, param) => {
    const [size, length] = [globalNorm(param), globalNorm(update)]
    const isMoving = greater(mul(size, length), 0)
    return mul(update, where(isMoving, div(size, where(isMoving, length, 1)), 1))
  })

/** Options of `lamb`. */
export interface LambOptions extends MomentOptions, DecayMask {
  /** Default 1e-3. */
  readonly learningRate?: Rate
  /** Share of each parameter in its direction. Default 0. */
  readonly weightDecay?: number
}

/**
 * LAMB (You et al., Large batch optimization for deep learning, 2020): `scaleByAdam` with epsilon 1e-6, weight decay,
 * `scaleByTrustRatio`, then descent.
 * @example
 * ```ts
 * import { lamb } from '@rootstock/core'
 * console.log(typeof lamb({ weightDecay: 0.01 }).update) // function
 * ```
 */
export const lamb = ({
  learningRate = 1e-3,
  weightDecay = 0,
  decays,
  ...moments
}: LambOptions = {}): Transform<readonly [AdamState, Stateless, Stateless, RateState]> =>
  chain(
    scaleByAdam({ epsilon: 1e-6, ...moments }),
    addDecayedWeights({ rate: weightDecay, decays }),
    scaleByTrustRatio(),
    descend(learningRate),
  )
