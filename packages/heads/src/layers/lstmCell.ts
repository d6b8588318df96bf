/** Long short-term memory. */
import { add, matmul, mul, sigmoid, split, type Tensor, tanh, zeros } from '@rootstock/core'
import { type Cell, type CellOptions, type CellParams, drawCell, projectInput } from './cell.ts'

/** State of an LSTM: what it shows and what it remembers, each `[n, out]`. */
export interface LstmState {
  readonly hidden: Tensor
  readonly memory: Tensor
}

/**
 * i, f, o = sigmoid(x input + h state + bias), g = tanh(same); memory' = f memory + i g; hidden' = o tanh(memory'). Gates lie in the order i, f, g, o.
 * The bias of f starts like the others, not at 1 (Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; Gers et al., 2000).
 * @example
 * ```ts
 * import { random, zeros } from '@rootstock/core'
 * import { evaluation, lstmCell, recurrent } from '@rootstock/heads'
 * const layer = recurrent(lstmCell({ in: 3, out: 8 }))
 * const { state } = layer.apply(layer.init(random.key(0)), { x: zeros([2, 5, 3]) }, evaluation)
 * console.log(state.memory.shape) // [2, 8]
 * ```
 */
export const lstmCell = (options: CellOptions): Cell<CellParams, LstmState> => ({
  out: options.out,
  init: (key) => drawCell(key, options, 4),
  start: (x) => {
    const zero = zeros([x.shape[0]!, options.out], { dtype: x.dtype })
    return { hidden: zero, memory: zero }
  },
  project: projectInput,
  step: (params, { hidden, memory }, projected) => {
    const gates = split(add(projected, matmul(hidden, params.state)), { sections: 4, axis: -1 })
    const [i, f, g, o] = gates as [Tensor, Tensor, Tensor, Tensor]
    const next = add(mul(sigmoid(f), memory), mul(sigmoid(i), tanh(g)))
    return { hidden: mul(sigmoid(o), tanh(next)), memory: next }
  },
  output: ({ hidden }) => hidden,
})
