/** Averaged stochastic gradient descent. */
import { type AverageState, withAverage } from './average.ts'
import { chain } from './chain.ts'
import { addDecayedWeights } from './decay.ts'
import { descend, type RateState, type Stateless } from './scale.ts'
import { inverseTimeDecay } from './schedules/decay.ts'
import type { Transform } from './transform.ts'

/** Options of `asgd`. */
export interface AsgdOptions {
  /** The first rate. Default 1e-2. */
  readonly learningRate?: number
  /** Weight decay, and how fast the rate falls. Default 1e-4. */
  readonly decay?: number
  /** The power by which the rate falls. Default 0.75. */
  readonly power?: number
  /** The mean begins after this step. Default 1e6. */
  readonly from?: number
}

/**
 * Descent with rate `learningRate / (1 + decay learningRate t)^power` and weight decay, and in `state.average` the mean of the
 * parameters after step `from`, which is the result (Polyak and Juditsky, Acceleration of stochastic approximation by averaging, 1992).
 * @example
 * ```ts
 * import { asgd } from '@rootstock/core'
 * console.log(typeof asgd({ learningRate: 0.1, from: 100 }).update) // function
 * ```
 */
export const asgd = ({
  learningRate = 1e-2,
  decay = 1e-4,
  power = 0.75,
  from = 1e6,
}: AsgdOptions = {}): Transform<AverageState<readonly [Stateless, RateState]>> => {
  const rate = inverseTimeDecay({ rate: learningRate, decay: decay * learningRate, power })
  return withAverage(chain(addDecayedWeights({ rate: decay }), descend(rate)), {
    decay: 'equal',
    from,
  })
}
