/**
 * A trunk: layers in a row whose intermediate outputs can be taken. Features, freezing and transfer all speak of a
 * trunk's stages, so a stage has a name (`layers/0`), a width and parameters at that path.
 */
import { ArgumentError, type Key, random, type Tensor, within } from '@rootstock/core'
import { type Layer, type Mode, modeOf } from '../layer.ts'

/** A layer that says how wide its output is. */
export interface Stage<Params> extends Layer<Params> {
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

/** Options of `trunkOf`. */
export interface TrunkOptions<StageParams> {
  /** Columns of the input. */
  readonly in: number
  /** The stages, each taking what the one before gives. */
  readonly layers: readonly Stage<StageParams>[]
}

/**
 * Joins stages to a trunk.
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { dense, evaluation, trunkOf } from '@rootstock/heads'
 * const stage = (columns: number, out: number) => ({ ...dense({ in: columns, out }), out })
 * const trunk = trunkOf({ in: 4, layers: [stage(4, 8), stage(8, 2)] })
 * console.log(trunk.tap(trunk.init(random.key(0)), ones([1, 4]), evaluation, 0).shape) // [1, 8]
 * ```
 */
export const trunkOf = <StageParams>({
  in: columns,
  layers,
}: TrunkOptions<StageParams>): Trunk<TrunkParams<StageParams>> => {
  const taps = layers.map((layer, i) => ({ name: `layers/${i}`, width: layer.out }))
  const outputs = (
    params: TrunkParams<StageParams>,
    x: Tensor,
    mode: Mode,
    last: number,
  ): readonly Tensor[] => {
    const found: Tensor[] = []
    let value = x
    for (const [i, layer] of layers.slice(0, last + 1).entries()) {
      const input = value
      value = within(`layers/${i}`, () =>
        layer.apply(params.layers[i] as StageParams, input, modeOf(mode, i)),
      )
      found.push(value)
    }
    return found
  }
  const at = (params: TrunkParams<StageParams>, x: Tensor, mode: Mode, index: number): Tensor =>
    outputs(params, x, mode, index).at(-1) ?? x
  return {
    in: columns,
    out: layers.at(-1)?.out ?? columns,
    taps,
    init: (key: Key) => ({ layers: layers.map((layer, i) => layer.init(random.fold(key, i))) }),
    apply: (params, x, mode) => at(params, x, mode, layers.length - 1),
    tap: (params, x, mode, name) => at(params, x, mode, tapIndex(taps, name)),
    outputs: (params, x, mode) => outputs(params, x, mode, layers.length - 1),
  }
}
