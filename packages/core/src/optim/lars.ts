/** LARS: descent with momentum whose step is proportional to the size of each parameter, for very large batches. */
import { chain } from './chain.ts'
import { addDecayedWeights, type DecayMask } from './decay.ts'
import { scaleByTrustRatio } from './lamb.ts'
import { type Stateless, scale } from './scale.ts'
import { type SgdState, sgd } from './sgd.ts'
import type { Rate, Transform } from './transform.ts'

/** Options of `lars`. */
export interface LarsOptions extends DecayMask {
  readonly learningRate: Rate
  /** Default 0.9. */
  readonly momentum?: Rate
  /** Share of each parameter in its direction. Default 0. */
  readonly weightDecay?: number
  /** Size of a step of rate 1, as a share of the size of the parameter. Default 1e-3. */
  readonly trust?: number
}

/**
 * LARS (You, Gitman and Ginsburg, Large batch training of convolutional networks, 2017): weight decay, `scaleByTrustRatio` times `trust`,
 * then `sgd` with momentum.
 * @example
 * ```ts
 * import { lars, tensor } from '@rootstock/core'
 * const optimizer = lars({ learningRate: 1, trust: 0.1 })
 * const x = tensor([0, 10])
 * const [updates] = optimizer.update(tensor([3, 4]), optimizer.init(x), x)
 * console.log(updates.toArray()) // [ -0.6..., -0.8... ]
 * ```
 */
export const lars = ({
  learningRate,
  momentum = 0.9,
  weightDecay = 0,
  trust = 1e-3,
  decays,
}: LarsOptions): Transform<readonly [Stateless, Stateless, Stateless, SgdState]> =>
  chain(
    addDecayedWeights({ rate: weightDecay, decays }),
    scaleByTrustRatio(),
    scale(trust),
    sgd({ learningRate, momentum }),
  )
