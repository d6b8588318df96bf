/** Several gradients to a step: the effect of a batch that does not fit into memory. */
import { add, div, sub } from '../numeric/arithmetic.ts'
import { equal } from '../numeric/comparison.ts'
import { zerosLike } from '../numeric/creation.ts'
import type { Tensor } from '../tensor.ts'
import { cond } from '../transforms/control.ts'
import { map } from '../tree.ts'
import { noSteps, zerosOf } from './moments.ts'
import type { Counted } from './scale.ts'
import type { Tensors, Transform } from './transform.ts'

/** The mean of the gradients since the last step, how many they are, and the state of what makes the step. */
export interface AccumulateState<State> extends Counted {
  readonly mean: Tensors
  readonly inner: State
}

/**
 * Runs a transform once in `count` gradients, on their mean; in between updates are 0 and its state stays. Schedules count its steps.
 * @example
 * ```ts
 * import { accumulate, sgd, tensor } from '@rootstock/core'
 * const optimizer = accumulate(2, sgd({ learningRate: 1 }))
 * let state = optimizer.init(tensor([0]))
 * for (const g of [1, 3, 5, 7]) {
 *   const [updates, next] = optimizer.update(tensor([g]), state, tensor([0]))
 *   console.log(updates.toArray()) // [0] [-2] [0] [-6]
 *   state = next
 * }
 * ```
 */
export const accumulate = <State>(
  count: number,
  transform: Transform<State>,
): Transform<AccumulateState<State>> => ({
  init: (params) => ({ step: noSteps(), mean: zerosOf(params), inner: transform.init(params) }),
  update: (gradients, state, params) => {
    const step = add(state.step, 1)
    // the running mean of the gradients seen, so that nothing grows with their number
    const mean = map(
      (m: Tensor, g: Tensor) => add(m, div(sub(g, m), step)),
      state.mean,
      gradients,
    ) as typeof gradients
    const [updates, inner, rest, next] = cond(
      equal(step, count),
      (g: typeof gradients, s: State, p: typeof params) =>
        [...transform.update(g, s, p), map(zerosLike, g) as typeof gradients, noSteps()] as const,
      (g, s) => [map(zerosLike, g) as typeof gradients, s, g, step] as const,
      mean,
      state.inner,
      params,
    )
    return [updates, { step: next, mean: rest as Tensors, inner }]
  },
})
