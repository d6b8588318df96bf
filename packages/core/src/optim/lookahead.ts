/** Lookahead: fast parameters explore, slow ones follow. */
import { add, mul, sub } from '../numeric/arithmetic.ts'
import { equal, where } from '../numeric/comparison.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import { copyOf, noSteps } from './moments.ts'
import type { Counted } from './scale.ts'
import type { Tensors, Transform } from './transform.ts'

/** Options of `lookahead`. */
export interface LookaheadOptions {
  /** Steps between two looks. Default 5. */
  readonly every?: number
  /** Share of the way that the slow parameters follow. Default 0.5. */
  readonly share?: number
}

/** The slow parameters, steps since they moved, and the state of the fast ones. */
export interface LookaheadState<State> extends Counted {
  readonly slow: Tensors
  readonly inner: State
}

/**
 * Trains by a transform and after every k steps goes back: slow parameters follow a share of the way, `s <- s + share (x - s)`, and
 * the trained ones start again there (Zhang et al., Lookahead optimizer: k steps forward, 1 step back, 2019).
 * @example
 * ```ts
 * import { applyUpdates, lookahead, sgd, tensor } from '@rootstock/core'
 * const optimizer = lookahead(sgd({ learningRate: 1 }), { every: 2 })
 * let x = tensor([0])
 * let state = optimizer.init(x)
 * for (let i = 0; i < 3; i++) {
 *   const [updates, next] = optimizer.update(tensor([-1]), state, x)
 *   x = applyUpdates(x, updates)
 *   state = next
 *   console.log(x.item()) // 1 1 2
 * }
 * ```
 */
export const lookahead = <State>(
  transform: Transform<State>,
  { every = 5, share = 0.5 }: LookaheadOptions = {},
): Transform<LookaheadState<State>> => ({
  init: (params) => ({
    step: noSteps(),
    slow: copyOf(params),
    inner: transform.init(params),
  }),
  update: (gradients, state, params) => {
    const [updates, inner] = transform.update(gradients, state.inner, params)
    const step = add(state.step, 1)
    const isLook = equal(step, every)
    const slow = map(
      (s: Tensor, x: Tensor, u: Tensor) => where(isLook, add(s, mul(sub(add(x, u), s), share)), s),
      state.slow,
      params,
      updates,
    ) as Tensors
    const back = map(
      (u: Tensor, s: Tensor, x: Tensor) => where(isLook, sub(s, x), u),
      updates,
      slow,
      params,
    )
    return [back, { step: where(isLook, 0, step), slow, inner }]
  },
})
