/** The simple recurrent cell. */
import { add, matmul, type Tensor, tanh, zeros } from '@rootstock/core'
import type { Activation } from '../compose.ts'
import { type Cell, type CellOptions, type CellParams, drawCell, projectInput } from './cell.ts'

/** Options of `simpleCell`. */
export interface SimpleCellOptions extends CellOptions {
  /** Default `tanh`. */
  readonly activation?: Activation
}

/**
 * h' = activation(x input + h state + bias) (Elman, Finding Structure in Time, 1990).
 * @example
 * ```ts
 * import { random, zeros } from '@rootstock/core'
 * import { evaluation, recurrent, simpleCell } from '@rootstock/heads'
 * const layer = recurrent(simpleCell({ in: 3, out: 8 }))
 * const { outputs } = layer.apply(layer.init(random.key(0)), { x: zeros([2, 5, 3]) }, evaluation)
 * console.log(outputs.shape) // [2, 5, 8]
 * ```
 */
export const simpleCell = ({
  activation = tanh,
  ...options
}: SimpleCellOptions): Cell<CellParams, Tensor> => ({
  out: options.out,
  init: (key) => drawCell(key, options, 1),
  start: (x) => zeros([x.shape[0]!, options.out], { dtype: x.dtype }),
  project: projectInput,
  step: (params, h, projected) => activation(add(projected, matmul(h, params.state))),
  output: (h) => h,
})
