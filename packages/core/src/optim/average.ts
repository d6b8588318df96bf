/** A running mean of the parameters beside those that are trained. */
import { add, div, minimum, mul, sub } from '../numeric/arithmetic.ts'
import { cast } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import { copyOf, like, noSteps } from './moments.ts'
import type { Counted } from './scale.ts'
import { applyUpdates, type Tensors, type Transform } from './transform.ts'

/** The running mean of the parameters, steps taken, and the state of what trains them. */
export interface AverageState<State> extends Counted {
  readonly average: Tensors
  readonly inner: State
}

/** Options of `withAverage`. */
export interface AverageOptions {
  /** Share kept at each step, once there were many. Default 0.999. */
  readonly decay?: number
}

/**
 * Trains by a transform and keeps a running mean of the parameters in `state.average`, often the better model: `a <- d a + (1 - d) x`,
 * `d = min(decay, (1 + t) / (10 + t))` at step t, so that the start is soon forgotten (Polyak and Juditsky, Acceleration of stochastic
 * approximation by averaging, 1992).
 * @example
 * ```ts
 * import { applyUpdates, sgd, tensor, withAverage } from '@rootstock/core'
 * const optimizer = withAverage(sgd({ learningRate: 1 }), { decay: 0 })
 * const x = tensor([0])
 * const [updates, state] = optimizer.update(tensor([-1]), optimizer.init(x), x)
 * console.log(applyUpdates(x, updates).item(), (state.average as typeof x).item()) // 1 1
 * ```
 */
export const withAverage = <State>(
  transform: Transform<State>,
  { decay = 0.999 }: AverageOptions = {},
): Transform<AverageState<State>> => ({
  init: (params) => ({ step: noSteps(), average: copyOf(params), inner: transform.init(params) }),
  update: (gradients, state, params) => {
    const [updates, inner] = transform.update(gradients, state.inner, params)
    const t = cast(add(state.step, 1), 'float64')
    const kept = minimum(div(add(t, 1), add(t, 10)), decay)
    const average: Tensors = map(
      (a: Tensor, x: Tensor) => add(x, mul(sub(a, x), like(kept, x))),
      state.average,
      applyUpdates(params, updates),
    )
    return [updates, { step: add(state.step, 1), average, inner }]
  },
})
