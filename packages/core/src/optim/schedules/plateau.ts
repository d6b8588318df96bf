/** A rate that falls when a measure no longer does. */
import { add, maximum, mul, sub } from '../../numeric/arithmetic.ts'
import { greater, less, where } from '../../numeric/comparison.ts'
import { full } from '../../numeric/creation.ts'
import type { Operand } from '../../numeric/operand.ts'
import { cast } from '../../numeric/rounding.ts'
import type { Tensor } from '../../tensor.ts'
import { noSteps } from '../moments.ts'

/** Options of `plateau`. */
export interface PlateauOptions {
  readonly rate: number
  /** Default 0.1. */
  readonly factor?: number
  /** How many measures in a row may be no better. Default 10. */
  readonly patience?: number
  /** Share by which a measure must be lower to be better. Default 1e-4. */
  readonly threshold?: number
  /** Measures after a fall that are not counted. Default 0. */
  readonly cooldown?: number
  /** Default 0. */
  readonly least?: number
}

/** What a plateau remembers: the rate and the best measure, float64, and two counts, int32. */
export interface PlateauState {
  readonly rate: Tensor
  readonly best: Tensor
  readonly bad: Tensor
  readonly cooling: Tensor
}

/** A rate that depends on measures. */
export interface Plateau {
  readonly init: () => PlateauState
  /** The state after a measure, of which lower is better; its `rate` is the one to go on with. */
  readonly update: (state: PlateauState, measure: Operand) => PlateauState
}

/**
 * Multiplies the rate by `factor` after more than `patience` measures that were not below `best (1 - threshold)`, as PyTorch's
 * ReduceLROnPlateau. The state is a tree, so a compiled step may carry it.
 * @example
 * ```ts
 * import { plateau } from '@rootstock/core'
 * const schedule = plateau({ rate: 1, factor: 0.5, patience: 1 })
 * let state = schedule.init()
 * for (const loss of [3, 2, 2, 2, 2]) {
 *   state = schedule.update(state, loss)
 *   console.log(state.rate.item()) // 1 1 1 0.5 0.5
 * }
 * ```
 */
export const plateau = (options: PlateauOptions): Plateau => {
  const { rate, factor = 0.1, patience = 10, threshold = 1e-4, cooldown = 0, least = 0 } = options
  return {
    init: () => ({
      rate: full([], rate, { dtype: 'float64' }),
      best: full([], Number.POSITIVE_INFINITY, { dtype: 'float64' }),
      bad: noSteps(),
      cooling: noSteps(),
    }),
    update: (state, given) => {
      const measure = add(mul(state.rate, 0), given)
      const isBetter = less(measure, mul(state.best, 1 - threshold))
      const isCooling = greater(state.cooling, 0)
      const counted = where(isBetter, 0, add(state.bad, 1))
      const bad = where(isCooling, 0, counted)
      const cooling = maximum(sub(state.cooling, 1), 0)
      const isFlat = greater(bad, patience)
      return {
        rate: where(isFlat, maximum(mul(state.rate, factor), least), state.rate),
        best: where(isBetter, measure, state.best),
        bad: cast(where(isFlat, 0, bad), 'int32'),
        cooling: cast(where(isFlat, cooldown, cooling), 'int32'),
      }
    },
  }
}
