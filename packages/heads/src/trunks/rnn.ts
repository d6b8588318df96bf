/** Recurrent trunks. */
import { ArgumentError } from '@rootstock/core'
import { modeOf } from '../layer.ts'
import { type BothWays, bidirectional } from '../layers/bidirectional.ts'
import type { Cell, CellParams } from '../layers/cell.ts'
import { dropout } from '../layers/dropout.ts'
import { type GruParams, gruCell } from '../layers/gruCell.ts'
import { lstmCell } from '../layers/lstmCell.ts'
import { type Recurrent, recurrent } from '../layers/recurrent.ts'
import { simpleCell } from '../layers/simpleCell.ts'
import { averaged, type EntryParams, type Flow, type SequenceInput } from './sequenceInput.ts'
import { type Stage, stagedTrunk, type Trunk, type TrunkParams } from './trunk.ts'

/** Parameters of one stage: a cell, two for both ways, or the table of tokens. */
export type RnnStageParams =
  | GruParams
  | CellParams
  | BothWays<GruParams | CellParams, GruParams | CellParams>
  | EntryParams

/** Parameters of an `rnn`. */
export type RnnParams = TrunkParams<RnnStageParams>

/** Options of `rnn`. */
export interface RnnOptions {
  /** How rows are read: `tokens`, `series` or `patches`. */
  readonly in: SequenceInput
  /** Widths of the recurrent stages. Default `[64]`. */
  readonly hidden?: readonly number[]
  /** Default `gru`. */
  readonly cell?: 'simple' | 'gru' | 'lstm'
  /** Read sequences both ways, which doubles widths. Default false. */
  readonly bidirectional?: boolean
  /** Columns of the table of tokens. Default the first hidden width. */
  readonly embedding?: number
  /** Probability of dropping, before each recurrent stage but the first. Default 0. */
  readonly dropout?: number
}

// biome-ignore lint/suspicious/noExplicitAny: stages of one trunk have cells of one kind, which the options choose
type AnyRecurrent = Recurrent<any, any>

const cells = { simple: simpleCell, gru: gruCell, lstm: lstmCell }

const layerOf = (
  kind: keyof typeof cells,
  columns: number,
  out: number,
  both: boolean,
): AnyRecurrent => {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const cell = cells[kind]({ in: columns, out }) as Cell<any, any>
  return both ? bidirectional(recurrent(cell), recurrent(cell, { reverse: true })) : recurrent(cell)
}

const stageOf = (layer: AnyRecurrent, probability: number): Stage<RnnStageParams, Flow> => {
  const drop = dropout({ probability })
  return {
    out: layer.out,
    init: layer.init,
    apply: (params, { x, mask }, mode) => {
      const given = {
        x: drop.apply({}, x, modeOf(mode, 0)),
        ...(mask === undefined ? {} : { mask }),
      }
      const { outputs, state } = layer.apply(params, given, modeOf(mode, 1))
      return { ...given, x: outputs, summary: layer.output(state) }
    },
  }
}

/**
 * A recurrent trunk: rows are read as sequences, run through recurrent stages, and what the last state shows are the features `[n, last hidden]`. Tokens go through a
 * table first, which is stage 0.
 * @example
 * ```ts
 * import { random, tensor } from '@rootstock/core'
 * import { evaluation, rnn, tokens } from '@rootstock/heads'
 * const trunk = rnn({ in: tokens({ length: 3, count: 10, padding: 0 }), hidden: [16] })
 * const params = trunk.init(random.key(0))
 * console.log(trunk.apply(params, tensor([[4, 7, 0]]), evaluation).shape) // [1, 16]
 * ```
 */
export const rnn = ({
  in: input,
  hidden = [64],
  cell = 'gru',
  bidirectional: both = false,
  embedding = hidden[0] ?? 1,
  dropout: probability = 0,
}: RnnOptions): Trunk<RnnParams> => {
  if (hidden.length === 0 || !hidden.every((width) => Number.isInteger(width) && width >= 1)) {
    throw new ArgumentError({
      operation: 'rnn',
      inputs: { hidden },
      rule: 'there must be at least one hidden width, all whole numbers of at least 1',
    })
  }
  const table = input.entry(embedding)
  const entry: Stage<RnnStageParams, Flow> = {
    out: embedding,
    init: table.init,
    apply: (params, { x, mask }, mode) =>
      averaged(table.apply(params as EntryParams, x, mode), mask),
  }
  const first = input.features ?? embedding
  const layers = hidden.map((width, i) => {
    const before = i === 0 ? first : hidden[i - 1]! * (both ? 2 : 1)
    return stageOf(layerOf(cell, before, width, both), i === 0 ? 0 : probability)
  })
  return stagedTrunk({
    in: input.columns,
    layers: input.features === null ? [entry, ...layers] : layers,
    enter: (rows) => ({ ...input.read(rows), summary: rows }),
    read: ({ summary }) => summary,
  })
}
