/**
 * What a layer is: a pair of pure functions over plain parameters. Nothing here owns weights, so parameters can be
 * mapped, saved by path, frozen in part and passed between models.
 */
import { type Key, random, type Tensor } from '@rootstock/core'

/** How a model is run: training gives layers such as dropout a key, evaluation gives them none. */
export type Mode =
  | { readonly training: false }
  | {
      readonly training: true
      readonly key: Key
      /** Leaves of the parameters that stay as they are: a layer whose statistics are among them neither moves nor replaces them. */
      readonly frozen?: ReadonlySet<Tensor>
    }

/** Draws parameters, and maps an input to an output with them. */
export interface Layer<Params, In = Tensor, Out = Tensor> {
  readonly init: (key: Key) => Params
  readonly apply: (params: Params, x: In, mode: Mode) => Out
  /** What `apply` gives, and the parameters with what a pass has taught their `statistics`; absent where there are none. */
  readonly observe?: (params: Params, x: In, mode: Mode) => readonly [y: Out, params: Params]
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
  mode.training ? { ...mode, key: random.fold(mode.key, index) } : mode

/**
 * Applies a layer and gives the parameters with what the pass has taught their statistics: the same parameters where there are none.
 * @example
 * ```ts
 * import { random, tensor } from '@rootstock/core'
 * import { batchNorm, observe } from '@rootstock/heads'
 * const layer = batchNorm({ channels: 1, momentum: 0.5 })
 * const mode = { training: true, key: random.key(1) } as const
 * const [, after] = observe(layer, layer.init(random.key(0)), tensor([[1], [3]]), mode)
 * console.log(after.statistics.mean.toArray()) // [ 1 ]
 * ```
 */
export const observe = <Params, In, Out>(
  layer: Layer<Params, In, Out>,
  params: Params,
  x: In,
  mode: Mode,
): readonly [y: Out, params: Params] =>
  layer.observe === undefined
    ? [layer.apply(params, x, mode), params]
    : layer.observe(params, x, mode)

/**
 * A layer from what it does when it is observed: `apply` is the same without the new parameters.
 * @example
 * ```ts
 * import { add, ones, type Tensor, zeros } from '@rootstock/core'
 * import { evaluation, observing } from '@rootstock/heads'
 * const counter = observing<{ statistics: Tensor }>(
 *   () => ({ statistics: zeros([]) }),
 *   (params, x) => [x, { statistics: add(params.statistics, 1) }],
 * )
 * console.log(counter.apply({ statistics: zeros([]) }, ones([2]), evaluation).toArray()) // [ 1, 1 ]
 * ```
 */
export const observing = <Params, In = Tensor, Out = Tensor>(
  init: (key: Key) => Params,
  observed: (params: Params, x: In, mode: Mode) => readonly [y: Out, params: Params],
): Layer<Params, In, Out> => ({
  init,
  observe: observed,
  apply: (params, x, mode) => observed(params, x, mode)[0],
})
