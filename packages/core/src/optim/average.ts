/** Running means of the parameters beside those that are trained. */
import { add, div, floorDiv, minimum, mul, rem, sub } from '../numeric/arithmetic.ts'
import { lessEqual, where } from '../numeric/comparison.ts'
import { cast } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import { copyOf, like, noSteps } from './moments.ts'
import type { Counted } from './scale.ts'
import { applyUpdates, type Tensors, type Transform } from './transform.ts'

/** The running mean of a tree and the steps it has seen. */
export interface RunningAverageState extends Counted {
  readonly average: Tensors
}

/** Options of `runningAverage`. */
export interface AverageOptions {
  /**
   * Share of the mean that is kept at each step, once there were many: an exponential mean. `equal` gives all steps the same weight.
   * Default 0.999.
   */
  readonly decay?: number | 'equal'
  /** The mean begins after this step; up to then it is the tree itself. Default 0. */
  readonly from?: number
  /** Steps from one that enters the mean to the next. Default 1. */
  readonly every?: number
}

/** A mean that is carried from step to step. */
export interface RunningAverage {
  readonly init: (tree: unknown) => RunningAverageState
  /** The state after a step that led to this tree. */
  readonly update: (state: RunningAverageState, tree: unknown) => RunningAverageState
}

/** The share of the mean that the n-th entry keeps, float64. */
const keptBy = (n: Tensor, decay: number | 'equal'): Tensor =>
  decay === 'equal' ? div(sub(n, 1), n) : minimum(div(add(n, 1), add(n, 10)), decay)

/**
 * The mean of what a tree was after each step: `a <- d a + (1 - d) x` with `d = min(decay, (1 + n) / (10 + n))` at the n-th, so that
 * the start is soon forgotten (Polyak and Juditsky, Acceleration of stochastic approximation by averaging, 1992), or
 * `d = (n - 1) / n`, the plain mean (Izmailov et al., Averaging weights leads to wider optima and better generalization, 2018).
 * @example
 * ```ts
 * import { runningAverage, type Tensor, tensor } from '@rootstock/core'
 * const mean = runningAverage({ decay: 'equal', from: 1 })
 * let state = mean.init(tensor(0))
 * for (const x of [9, 1, 2, 3]) state = mean.update(state, tensor(x))
 * console.log((state.average as Tensor).item()) // 2
 * ```
 */
export const runningAverage = ({
  decay = 0.999,
  from = 0,
  every = 1,
}: AverageOptions = {}): RunningAverage => ({
  init: (tree) => ({ step: noSteps(), average: copyOf(tree) }),
  update: (state, tree) => {
    const step = add(state.step, 1)
    const since = from === 0 ? step : sub(step, from)
    const kept = keptBy(cast(every === 1 ? since : floorDiv(since, every), 'float64'), decay)
    const isBefore = lessEqual(since, 0)
    // the remainder of a step before the first is not positive
    const waits = lessEqual(1, rem(since, every))
    const average: Tensors = map(
      (a: Tensor, x: Tensor) => {
        const entered = add(x, mul(sub(a, x), like(kept, x)))
        const begun = from === 0 ? entered : where(isBefore, x, entered)
        return every === 1 ? begun : where(waits, a, begun)
      },
      state.average,
      tree,
    )
    return { step, average }
  },
})

/** The running mean of the parameters, steps taken, and the state of what trains them. */
export interface AverageState<State> extends RunningAverageState {
  readonly inner: State
}

/**
 * Trains by a transform and keeps the `runningAverage` of the parameters in `state.average`, often the better model. `fit` does so
 * too, and gives the mean back, where it is asked to by its option `average`.
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
  options: AverageOptions = {},
): Transform<AverageState<State>> => {
  const mean = runningAverage(options)
  return {
    init: (params) => ({ ...mean.init(params), inner: transform.init(params) }),
    update: (gradients, state, params) => {
      const [updates, inner] = transform.update(gradients, state.inner, params)
      const { step, average } = state
      const next = mean.update({ step, average }, applyUpdates(params, updates))
      return [updates, { ...next, inner }]
    },
  }
}
