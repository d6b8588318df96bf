/** Sequences read both ways. */
import { concatenate, random } from '@rootstock/core'
import { modeOf } from '../layer.ts'
import type { Recurrent } from './recurrent.ts'

/** One thing for each direction. */
export interface BothWays<Forward, Backward> {
  readonly forward: Forward
  readonly backward: Backward
}

/**
 * Two recurrent layers side by side, the second of which should be made with `reverse`: outputs `[n, steps, forward.out + backward.out]` of the same
 * step next to each other (Schuster and Paliwal, Bidirectional Recurrent Neural Networks, 1997).
 * @example
 * ```ts
 * import { random, zeros } from '@rootstock/core'
 * import { bidirectional, evaluation, gruCell, recurrent } from '@rootstock/heads'
 * const cell = gruCell({ in: 3, out: 8 })
 * const layer = bidirectional(recurrent(cell), recurrent(cell, { reverse: true }))
 * const { outputs } = layer.apply(layer.init(random.key(0)), { x: zeros([2, 5, 3]) }, evaluation)
 * console.log(outputs.shape) // [2, 5, 16]
 * ```
 */
export const bidirectional = <P, S, Q, T>(
  forward: Recurrent<P, S>,
  backward: Recurrent<Q, T>,
): Recurrent<BothWays<P, Q>, BothWays<S, T>> => ({
  out: forward.out + backward.out,
  output: (state) =>
    concatenate([forward.output(state.forward), backward.output(state.backward)], { axis: -1 }),
  init: (key) => ({
    forward: forward.init(random.fold(key, 0)),
    backward: backward.init(random.fold(key, 1)),
  }),
  apply: (params, { state, ...input }, mode) => {
    const start = <U>(one: U | undefined) => (one === undefined ? input : { ...input, state: one })
    const a = forward.apply(params.forward, start(state?.forward), modeOf(mode, 0))
    const b = backward.apply(params.backward, start(state?.backward), modeOf(mode, 1))
    return {
      outputs: concatenate([a.outputs, b.outputs], { axis: -1 }),
      state: { forward: a.state, backward: b.state },
    }
  },
})
