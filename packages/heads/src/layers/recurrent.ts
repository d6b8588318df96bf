/** A cell run over sequences. */
import { arange, expandDims, less, map, moveAxis, scan, type Tensor, where } from '@rootstock/core'
import type { Layer } from '../layer.ts'
import type { Cell } from './cell.ts'
import { maskPlaces } from './masked.ts'

/** Sequences, which of their steps are real, and the state before the first. */
export interface Sequences<State = never> {
  /** `[n, steps, in]`. */
  readonly x: Tensor
  /** bool `[n, steps]`: a step that is not real leaves the state as it is and gives 0; what x holds there has no influence. */
  readonly mask?: Tensor
  /** Default zeros. */
  readonly state?: State
}

/** What a recurrent layer gives. */
export interface Recurrence<State> {
  /** Of every step, `[n, steps, out]`. */
  readonly outputs: Tensor
  /** After the last real step of each example. */
  readonly state: State
}

/** A layer over sequences. */
export interface Recurrent<Params, State>
  extends Layer<Params, Sequences<State>, Recurrence<State>> {
  readonly out: number
  /** What a state shows: `[n, out]`. */
  readonly output: (state: State) => Tensor
}

/** What the loop goes over, steps first. */
interface Steps {
  readonly projected: Tensor
  readonly isReal?: Tensor
}

/** A mask `[n, steps]` over the steps before each example's length, from int32 `[n]`. */
export const maskOf = (lengths: Tensor, steps: number): Tensor =>
  less(arange(steps), expandDims(lengths, -1))

/**
 * Runs a cell over the steps of sequences `[n, steps, in]`, from the first to the last or, with `reverse`, from the last to the first. However
 * many steps, it is one loop of the compiled program.
 * @example
 * ```ts
 * import { random, tensor, zeros } from '@rootstock/core'
 * import { evaluation, gruCell, maskOf, recurrent } from '@rootstock/heads'
 * const layer = recurrent(gruCell({ in: 3, out: 8 }))
 * const mask = maskOf(tensor([5, 2], { dtype: 'int32' }), 5)
 * const { state } = layer.apply(layer.init(random.key(0)), { x: zeros([2, 5, 3]), mask }, evaluation)
 * console.log(state.shape) // [2, 8]
 * ```
 */
export const recurrent = <Params, State>(
  cell: Cell<Params, State>,
  { reverse = false }: { readonly reverse?: boolean } = {},
): Recurrent<Params, State> => ({
  out: cell.out,
  output: cell.output,
  init: cell.init,
  apply: (params, { x, mask, state = cell.start(x) }) => {
    // the inputs are moved and not what they give, which is several times as wide
    const projected = cell.project(params, moveAxis(maskPlaces(x, mask), 1, 0))
    const steps: Steps = {
      projected,
      ...(mask === undefined ? {} : { isReal: moveAxis(mask, 1, 0) }),
    }
    const step = (before: State, now: Steps): readonly [State, Tensor] => {
      const after = cell.step(params, before, now.projected)
      if (now.isReal === undefined) return [after, cell.output(after)]
      const isReal = expandDims(now.isReal, -1)
      const kept = map((a: Tensor, b: Tensor) => where(isReal, a, b), after, before)
      return [kept, where(isReal, cell.output(after), 0)]
    }
    const [last, outputs] = scan(step, state, steps, { reverse })
    return { outputs: moveAxis(outputs, 0, 1), state: last }
  },
})
