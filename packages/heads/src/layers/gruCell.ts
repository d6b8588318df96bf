/** The gated recurrent unit. */
import {
  add,
  matmul,
  mul,
  random,
  sigmoid,
  split,
  sub,
  type Tensor,
  tanh,
  zeros,
} from '@rootstock/core'
import {
  type Cell,
  type CellOptions,
  type CellParams,
  drawCell,
  drawUniform,
  projectInput,
} from './cell.ts'

/** Parameters of a GRU cell: gates reset, update, new; `stateBias` `[out]` is added to the state's part of the new gate. */
export interface GruParams extends CellParams {
  readonly stateBias?: Tensor
}

/**
 * r, z = sigmoid(x input + h state + bias); n = tanh(x input + bias + r (h state + stateBias)); h' = (1 - z) n + z h
 * (Cho et al., Learning Phrase Representations, 2014; with the reset after the product, as in cuDNN and PyTorch).
 * @example
 * ```ts
 * import { random, zeros } from '@rootstock/core'
 * import { evaluation, gruCell, recurrent } from '@rootstock/heads'
 * const layer = recurrent(gruCell({ in: 3, out: 8 }))
 * const { outputs } = layer.apply(layer.init(random.key(0)), { x: zeros([2, 5, 3]) }, evaluation)
 * console.log(outputs.shape) // [2, 5, 8]
 * ```
 */
export const gruCell = (options: CellOptions): Cell<GruParams, Tensor> => {
  const { out, bias = true } = options
  return {
    out,
    init: (key) => ({
      ...drawCell(key, options, 3),
      ...(bias ? { stateBias: drawUniform(random.fold(key, 3), [out], out) } : {}),
    }),
    start: (x) => zeros([x.shape[0]!, out], { dtype: x.dtype }),
    project: projectInput,
    step: ({ state, stateBias }, h, projected) => {
      const thirds = { sections: 3, axis: -1 }
      const [fromR, fromZ, fromN] = split(projected, thirds) as [Tensor, Tensor, Tensor]
      const [r, z, n] = split(matmul(h, state), thirds) as [Tensor, Tensor, Tensor]
      const own = stateBias === undefined ? n : add(n, stateBias)
      const fresh = tanh(add(fromN, mul(sigmoid(add(fromR, r)), own)))
      return add(fresh, mul(sigmoid(add(fromZ, z)), sub(h, fresh)))
    },
    output: (h) => h,
  }
}
