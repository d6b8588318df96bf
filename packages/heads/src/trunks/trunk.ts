/**
 * A trunk: layers in a row whose intermediate outputs can be taken. Features, freezing and transfer all speak of a
 * trunk's stages, so a stage has a name (`layers/0`), a width and parameters at that path.
 */
import { ArgumentError, type Key, random, type Tensor, within } from '@rootstock/core'
import { type Layer, type Mode, modeOf, observe } from '../layer.ts'

/** A layer that says how wide its output is. */
export interface Stage<Params, Flow = Tensor> extends Layer<Params, Flow, Flow> {
  readonly out: number
}

/** A place at which the output of a trunk can be taken. */
export interface Tap {
  /** The path of the stage: `layers/0` is the first. */
  readonly name: string
  /** Columns of the output there. */
  readonly width: number
}

/** A tap by name, or by position counted from either end: -1 is the last. */
export type TapName = string | number

/** Parameters of a trunk, by stage. */
export interface TrunkParams<StageParams> {
  readonly layers: readonly StageParams[]
}

/** A shared encoder made of stages, from `[rows, in]` to `[rows, out]`. */
export interface Trunk<Params> extends Layer<Params> {
  readonly in: number
  readonly out: number
  /** The stages in order; the last is what `apply` returns. */
  readonly taps: readonly Tap[]
  /** The output after one stage, without running those behind it. */
  readonly tap: (params: Params, x: Tensor, mode: Mode, name: TapName) => Tensor
  /** The outputs after every stage, in order. */
  readonly outputs: (params: Params, x: Tensor, mode: Mode) => readonly Tensor[]
  /** The same, and the parameters with what the pass has taught their statistics. */
  readonly observeOutputs: (
    params: Params,
    x: Tensor,
    mode: Mode,
  ) => readonly [outputs: readonly Tensor[], params: Params]
}

/** The position of a tap; throws when there is none of that name. */
export const tapIndex = (taps: readonly Tap[], name: TapName): number => {
  const index = typeof name === 'number' ? name : taps.findIndex((tap) => tap.name === name)
  const fromStart = typeof name === 'number' && index < 0 ? index + taps.length : index
  if (taps[fromStart] === undefined) {
    throw new ArgumentError({
      operation: 'tap',
      inputs: { name },
      rule: `the trunk has the taps ${taps.map((tap) => tap.name).join(', ')}`,
    })
  }
  return fromStart
}

/** Options of `stagedTrunk`. `Flow` is what goes from stage to stage: rows, or images, or sequences with masks. */
export interface TrunkOptions<StageParams, Flow> {
  /** Columns of the input. */
  readonly in: number
  /** The stages, each taking what the one before gives. */
  readonly layers: readonly Stage<StageParams, Flow>[]
  /** Rows `[rows, in]` as the first stage takes them. */
  readonly enter: (x: Tensor) => Flow
  /** What a tap shows of what a stage gives: `[rows, out]`. */
  readonly read: (flow: Flow) => Tensor
}

/**
 * Joins stages to a trunk, whatever they pass on from one to the next.
 * @example
 * ```ts
 * import { ones, random, reshape, type Tensor } from '@rootstock/core'
 * import { conv, evaluation, globalAveragePool, stagedTrunk } from '@rootstock/heads'
 * const stage = { ...conv({ in: 1, out: 8, window: [3, 3], padding: 'same' }), out: 8 }
 * const enter = (x: Tensor) => reshape(x, [-1, 4, 4, 1])
 * const trunk = stagedTrunk({ in: 16, layers: [stage], enter, read: (x) => globalAveragePool(x) })
 * console.log(trunk.apply(trunk.init(random.key(0)), ones([2, 16]), evaluation).shape) // [2, 8]
 * ```
 */
export const stagedTrunk = <StageParams, Flow>({
  in: columns,
  layers,
  enter,
  read,
}: TrunkOptions<StageParams, Flow>): Trunk<TrunkParams<StageParams>> => {
  type Params = TrunkParams<StageParams>
  const taps = layers.map((layer, i) => ({ name: `layers/${i}`, width: layer.out }))
  /** What every stage up to `last` gives, and the parameters after it. */
  const run = (params: Params, x: Tensor, mode: Mode, last: number) => {
    const learned = [...params.layers]
    const flows: Flow[] = []
    let flow = enter(x)
    for (const [i, layer] of layers.slice(0, last + 1).entries()) {
      const input = flow
      const [y, after] = within(`layers/${i}`, () =>
        observe(layer, params.layers[i] as StageParams, input, modeOf(mode, i)),
      )
      flow = y
      learned[i] = after
      flows.push(y)
    }
    return { flows, last: flow, after: { layers: learned } }
  }
  const tap = (params: Params, x: Tensor, mode: Mode, index: number): Tensor =>
    read(run(params, x, mode, index).last)
  const end = layers.length - 1
  return {
    in: columns,
    out: layers.at(-1)?.out ?? columns,
    taps,
    init: (key: Key) => ({ layers: layers.map((layer, i) => layer.init(random.fold(key, i))) }),
    apply: (params, x, mode) => tap(params, x, mode, end),
    observe: (params, x, mode) => {
      const { last, after } = run(params, x, mode, end)
      return [read(last), after]
    },
    tap: (params, x, mode, name) => tap(params, x, mode, tapIndex(taps, name)),
    outputs: (params, x, mode) => run(params, x, mode, end).flows.map(read),
    observeOutputs: (params, x, mode) => {
      const { flows, after } = run(params, x, mode, end)
      return [flows.map(read), after]
    },
  }
}

/**
 * Joins stages from rows to rows to a trunk.
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { dense, evaluation, trunkOf } from '@rootstock/heads'
 * const stage = (columns: number, out: number) => ({ ...dense({ in: columns, out }), out })
 * const trunk = trunkOf({ in: 4, layers: [stage(4, 8), stage(8, 2)] })
 * console.log(trunk.tap(trunk.init(random.key(0)), ones([1, 4]), evaluation, 0).shape) // [1, 8]
 * ```
 */
export const trunkOf = <StageParams>(
  options: Pick<TrunkOptions<StageParams, Tensor>, 'in' | 'layers'>,
): Trunk<TrunkParams<StageParams>> => stagedTrunk({ ...options, enter: (x) => x, read: (x) => x })
