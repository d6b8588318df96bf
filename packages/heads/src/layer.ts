/**
 * What a layer is: a pair of pure functions over plain parameters. Nothing here owns weights, so parameters can be
 * mapped, saved by path, frozen in part and passed between models.
 */
import { type Key, random, type Tensor } from '@rootstock/core'

/** How a model is run: training gives layers such as dropout a key, evaluation gives them none. */
export type Mode = { readonly training: false } | { readonly training: true; readonly key: Key }

/** Draws parameters, and maps an input to an output with them. */
export interface Layer<Params, In = Tensor, Out = Tensor> {
  readonly init: (key: Key) => Params
  readonly apply: (params: Params, x: In, mode: Mode) => Out
}

/** The parameters of a layer, trunk or model. */
export type ParamsOf<L> = L extends { readonly init: (key: Key) => infer Params } ? Params : never

/**
 * The mode of evaluation: no dropout, no noise.
 * @example
 * ```ts
 * import { ones } from '@rootstock/core'
 * import { dropout, evaluation } from '@rootstock/heads'
 * console.log(dropout({ probability: 0.5 }).apply({}, ones([2]), evaluation).toArray()) // [1, 1]
 * ```
 */
export const evaluation: Mode = { training: false }

/**
 * The mode for the part at `index`: in training each part draws from a key of its own.
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * import { modeOf } from '@rootstock/heads'
 * const mode = modeOf({ training: true, key: random.key(0) }, 3)
 * console.log(mode.training) // true
 * ```
 */
export const modeOf = (mode: Mode, index: number): Mode =>
  mode.training ? { training: true, key: random.fold(mode.key, index) } : mode
