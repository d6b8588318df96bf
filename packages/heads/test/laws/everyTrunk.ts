/** Every trunk, seen at all of its taps, with inputs to hold it to the laws. A new trunk or reading that is not here does not compile. */
import { cast, concatenate, expandDims, ones, reshape, type Tensor, tanh } from '@rootstock/core'
import * as heads from '@rootstock/heads'
import type { MakersOf, TrunkName } from './everyLayer.ts'
import { type Places, plain, type Subject } from './subject.ts'

type Inputs = MakersOf<heads.SequenceInput>

// biome-ignore lint/suspicious/noExplicitAny: trunks of all parameters stand in one table
type AnyTrunk = heads.Trunk<any>

/** A trunk and what it is tested as. */
export interface TrunkSubject {
  readonly trunk: AnyTrunk
  readonly subject: Subject
}

type Rest = Parameters<typeof plain>[3]

/** A trunk from rows to what it shows at every tap. */
const rows = (
  trunk: AnyTrunk,
  meanSquare: Subject['meanSquare'],
  rest: Rest = {},
): TrunkSubject => ({
  trunk,
  subject: plain(
    { init: trunk.init, apply: (params, x: Tensor, mode) => trunk.outputs(params, x, mode) },
    [3, trunk.in],
    meanSquare,
    rest,
  ),
})

/** A trunk whose rows say with the last number of each step whether it is real. */
const flagged = (
  trunk: AnyTrunk,
  [steps, features]: readonly [number, number],
  rest: Rest = {},
): TrunkSubject => ({
  trunk,
  subject: {
    init: trunk.init,
    apply: (params, { x, mask }: Places, mode) => {
      const isReal = mask === undefined ? ones(x.shape.slice(0, 2)) : mask
      const flags = expandDims(cast(isReal, x.dtype), -1)
      const each = concatenate([x, flags], { axis: -1 })
      return trunk.outputs(params, reshape(each, [x.shape[0]!, steps * (features + 1)]), mode)
    },
    shape: [3, steps, features],
    meanSquare: [0.15, 1.5],
    masking: 'pools',
    isFixed: true,
    ...rest,
  },
})

const table = [
  { from: 0, to: 1 },
  { from: 1, to: 4 },
]
const numbers = [
  { from: 0, to: 1 },
  { from: 1, to: 2 },
  { from: 2, to: 3 },
]

/** How rows may be read, each with its own input. */
const inputs: Readonly<
  Record<Inputs, { readonly read: heads.SequenceInput; readonly rest: Rest }>
> = {
  tokens: { read: heads.tokens({ length: 4, count: 7, padding: 0 }), rest: { codes: 7 } },
  series: { read: heads.series({ length: 6, features: 2, patch: 2 }), rest: {} },
  patches: { read: heads.patches({ image: [4, 4, 1], size: 2 }), rest: {} },
  columns: { read: heads.columns({ columns: table }), rest: {} },
}

/** A trunk of sequences for each way to read them. */
const sequences = (
  make: (read: heads.SequenceInput) => AnyTrunk,
  meanSquare: Subject['meanSquare'],
  rest: Rest = {},
): Readonly<Record<string, TrunkSubject>> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [
      `over ${name}`,
      rows(make(input.read), meanSquare, { ...input.rest, ...rest }),
    ]),
  )

const stage = { ...heads.dense({ in: 3, out: 3 }), out: 3 }
const drops = { mixes: true } as const
const masked = heads.series({ length: 4, features: 3, masked: true })

/** By trunk, by variant. */
export const everyTrunk: Readonly<Record<TrunkName, Readonly<Record<string, TrunkSubject>>>> = {
  // he-normal weights give twice the mean square, of which relu keeps half
  mlp: {
    '': rows(heads.mlp({ in: 6, hidden: [16, 16, 16] }), 1),
    'residual, normalised, with dropout': rows(
      heads.mlp({
        in: 4,
        hidden: [4, 4],
        activation: tanh,
        residual: true,
        normalise: 'layer',
        dropout: { input: 0.1, hidden: 0.3 },
      }),
      [0.5, 4],
      drops,
    ),
    'with batch statistics': rows(
      heads.mlp({ in: 6, hidden: [16, 16], normalise: 'batch' }),
      1,
      drops,
    ),
  },
  convnet: {
    'of signals': rows(
      heads.convnet({ in: [8, 2], channels: [3, 4], activation: tanh }),
      [0.08, 0.4],
      drops,
    ),
    'like LeNet': rows(
      heads.convnet({
        in: [4, 4, 1],
        channels: [2],
        window: 3,
        hidden: [5, 3],
        normalise: 'none',
        activation: tanh,
      }),
      [0.15, 0.4],
    ),
    'of volumes, in groups': rows(
      heads.convnet({ in: [2, 2, 2, 1], channels: [3], normalise: 'group' }),
      [0.1, 4],
    ),
  },
  resnet: {
    'with layer normalisation': rows(
      heads.resnet({ in: [4, 4, 2], channels: [2, 4], normalise: 'layer' }),
      [0.1, 8],
    ),
    'with batch statistics': rows(
      heads.resnet({ in: [4, 4, 1], channels: [2, 3], blocks: 2 }),
      [0.1, 20],
      drops,
    ),
  },
  convnext: {
    '': rows(heads.convnext({ in: [6, 4, 2], channels: [2, 3], blocks: 1, window: 3 }), [0.05, 4]),
    'with dropped branches': rows(
      heads.convnext({ in: [4, 4, 1], channels: [2], blocks: 2, window: 3, dropout: 0.5 }),
      [0.05, 4],
      drops,
    ),
  },
  rnn: {
    ...sequences((read) => heads.rnn({ in: read, hidden: [3, 2] }), [0.06, 0.6]),
    'of lstms both ways, over tokens': rows(
      heads.rnn({ in: inputs.tokens.read, hidden: [3], cell: 'lstm', bidirectional: true }),
      [0.02, 0.6],
      inputs.tokens.rest,
    ),
    'of simple cells with dropout, over masked steps': flagged(
      heads.rnn({ in: masked, hidden: [3, 2], cell: 'simple', dropout: 0.3 }),
      [4, 2],
      drops,
    ),
  },
  transformer: {
    ...sequences((read) => heads.transformer({ in: read, width: 4, heads: 2 }), [0.2, 1], drops),
    'causal, rotary, over masked steps': flagged(
      heads.transformer({ in: masked, width: 4, heads: 1, causal: true, positions: 'rotary' }),
      [4, 2],
      drops,
    ),
    'with waves, over masked steps': flagged(
      heads.transformer({ in: masked, width: 4, heads: 2, positions: 'sinusoidal' }),
      [4, 2],
      drops,
    ),
  },
  tabular: {
    // relu keeps half of the squares of a number and of a bias, and so on behind
    'with an mlp': rows(heads.tabular({ columns: numbers, embedding: 8, width: 16 }), 1, drops),
    'with residual blocks': rows(
      heads.tabular({ columns: table, embedding: 4, width: 6, body: 'resnet' }),
      [0.3, 8],
      drops,
    ),
    'with a transformer': rows(
      heads.tabular({ columns: table, width: 4, heads: 2, body: 'transformer' }),
      [0.2, 1],
      drops,
    ),
  },
  tapped: {
    '': rows(heads.tapped(heads.mlp({ in: 6, hidden: [16, 16] }), [0, -1]), 1),
  },
  stagedTrunk: {
    'of sums': rows(
      heads.stagedTrunk({ in: 3, layers: [stage, stage], enter: (x) => x, read: (x) => x }),
      1,
    ),
  },
  trunkOf: { 'dense stages': rows(heads.trunkOf({ in: 3, layers: [stage, stage] }), 1) },
}
