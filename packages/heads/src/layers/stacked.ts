/** Recurrent layers on top of each other. */
import { ArgumentError, random, type Tensor } from '@rootstock/core'
import { modeOf } from '../layer.ts'
import { dropout } from './dropout.ts'
import type { Recurrent } from './recurrent.ts'

/** One thing for each layer. */
export interface ByLayer<T> {
  readonly layers: readonly T[]
}

/**
 * Recurrent layers each of which reads the outputs of the one before, with dropout between them if asked
 * (Graves, Mohamed and Hinton, Speech Recognition with Deep Recurrent Neural Networks, 2013).
 * @example
 * ```ts
 * import { random, zeros } from '@rootstock/core'
 * import { evaluation, lstmCell, recurrent, stacked } from '@rootstock/heads'
 * const sizes = [{ in: 3, out: 8 }, { in: 8, out: 4 }]
 * const layer = stacked(sizes.map((size) => recurrent(lstmCell(size))))
 * const { outputs } = layer.apply(layer.init(random.key(0)), { x: zeros([2, 5, 3]) }, evaluation)
 * console.log(outputs.shape) // [2, 5, 4]
 * ```
 */
export const stacked = <Params, State>(
  layers: readonly Recurrent<Params, State>[],
  options: { readonly dropout?: number } = {},
): Recurrent<ByLayer<Params>, ByLayer<State>> => {
  const top = layers.at(-1)
  if (top === undefined) {
    throw new ArgumentError({ operation: 'stacked', rule: 'there must be at least one layer' })
  }
  const drop = dropout({ probability: options.dropout ?? 0 })
  return {
    out: top.out,
    output: (state) => top.output(state.layers.at(-1)!),
    init: (key) => ({ layers: layers.map((layer, i) => layer.init(random.fold(key, i))) }),
    apply: (params, { x, mask, state }, mode) => {
      let outputs: Tensor = x
      const states = layers.map((layer, i) => {
        const before = state?.layers[i]
        const found = layer.apply(
          params.layers[i]!,
          {
            x: i === 0 ? x : drop.apply({}, outputs, modeOf(mode, 2 * i)),
            ...(mask === undefined ? {} : { mask }),
            ...(before === undefined ? {} : { state: before }),
          },
          modeOf(mode, 2 * i + 1),
        )
        outputs = found.outputs
        return found.state
      })
      return { outputs, state: { layers: states } }
    },
  }
}
