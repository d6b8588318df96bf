/**
 * One step of a recurrent net. What the inputs contribute is computed for all steps at once, before the loop; the loop itself holds only what depends on
 * the state.
 */
import { add, type Key, matmul, random, type Tensor } from '@rootstock/core'

/** Parameters of a cell with k gates: input `[in, k out]`, state `[out, k out]` and, unless switched off, bias `[k out]`. */
export interface CellParams {
  readonly input: Tensor
  readonly state: Tensor
  readonly bias?: Tensor
}

/** A cell: how a state follows from the one before and an input. `State` is a tree of tensors `[n, out]`. */
export interface Cell<Params, State> {
  readonly out: number
  readonly init: (key: Key) => Params
  /** The state before the first step: zeros for n examples of the dtype of x. */
  readonly start: (x: Tensor) => State
  /** The part of the gates that inputs `[steps, n, in]` give: `[steps, n, gates out]`. */
  readonly project: (params: Params, x: Tensor) => Tensor
  /** The state after a step whose inputs gave `projected` `[n, gates out]`. */
  readonly step: (params: Params, state: State, projected: Tensor) => State
  /** What a state shows: `[n, out]`. */
  readonly output: (state: State) => Tensor
}

/** Sizes of a cell. */
export interface CellOptions {
  /** Columns of each step of the input. */
  readonly in: number
  /** Columns of the state. */
  readonly out: number
  /** Add a learned constant to each gate. Default true. */
  readonly bias?: boolean
}

/** Weights uniform on +-1 / sqrt(out), as PyTorch draws them. */
export const drawUniform = (key: Key, shape: readonly number[], out: number): Tensor => {
  const limit = 1 / Math.sqrt(out)
  return random.uniform(key, shape, { low: -limit, high: limit })
}

/** Parameters of a cell with so many gates. */
export const drawCell = (
  key: Key,
  { in: columns, out, bias = true }: CellOptions,
  gates: number,
): CellParams => ({
  input: drawUniform(random.fold(key, 0), [columns, gates * out], out),
  state: drawUniform(random.fold(key, 1), [out, gates * out], out),
  ...(bias ? { bias: drawUniform(random.fold(key, 2), [gates * out], out) } : {}),
})

/** `x input + bias`. */
export const projectInput = ({ input, bias }: CellParams, x: Tensor): Tensor => {
  const y = matmul(x, input)
  return bias === undefined ? y : add(y, bias)
}
