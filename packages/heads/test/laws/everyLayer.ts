/** Every layer, with inputs to hold it to the laws. A new layer that is not here does not compile. */
import { heNormal, ones, relu, reshape, type Tensor, tanh, tensor } from '@rootstock/core'
import * as heads from '@rootstock/heads'
import { type Masking, masked, type Places, plain, type Subject } from './subject.ts'

type Exports = typeof heads

/** Generic functions of whose results the compiler knows too little: these make no layers, but trees of any kind. */
type Generic = 'headsOf' | 'join'

/** Names of the exported functions that make a T. */
export type MakersOf<T> = {
  [Name in Exclude<keyof Exports, Generic>]: Exports[Name] extends (...options: never) => T
    ? Name
    : never
}[Exclude<keyof Exports, Generic>]

// biome-ignore lint/suspicious/noExplicitAny: trunks of all parameters
export type TrunkName = MakersOf<heads.Trunk<any>>

// biome-ignore lint/suspicious/noExplicitAny: cells of all parameters
type CellName = MakersOf<heads.Cell<any, any>>

/** A model is a layer too, and has tests of its own; `observing` makes any layer of a function. */
type LayerName =
  // biome-ignore lint/suspicious/noExplicitAny: layers of all parameters
  | Exclude<MakersOf<heads.Layer<any, any, any>>, TrunkName | 'multitask' | 'observing'>
  | CellName
  | 'sequence'

const size = { in: 3, out: 2 }

/** A recurrent layer: outputs of all steps, and what the last state shows. */
const sequences = <P, S>(
  layer: heads.Recurrent<P, S>,
  meanSquare: Subject['meanSquare'],
): Subject =>
  masked(
    {
      init: layer.init,
      apply: (params, places, mode) => {
        const { outputs, state } = layer.apply(params, places, mode)
        return [outputs, layer.output(state)]
      },
    },
    [3, 4, 3],
    meanSquare,
    'zeros',
  )

/** A layer of steps under `keyMask`. */
const steps = <P>(layer: heads.Layer<P, heads.Steps>, meanSquare: Subject['meanSquare']): Subject =>
  masked(
    {
      init: layer.init,
      apply: (params, { x, mask }, mode) =>
        layer.apply(params, { x, ...(mask === undefined ? {} : { keyMask: mask }) }, mode),
    },
    [3, 4, 4],
    meanSquare,
    'passes',
    { mixes: true },
  )

const bilinear = heads.bilinear({ left: 3, right: 3, out: 2 })
const additive = heads.additiveAttention({ in: 2, keyIn: 3, hidden: 4 })

const attending = (
  layer: heads.MultiHead,
  how: Partial<heads.Looking>,
  masking: Masking,
): Subject =>
  masked(
    {
      init: layer.init,
      apply: (params, { x, mask }, mode) => {
        // cross attention reads keys, which may hold anything where they are not real
        const query = masking === 'pools' ? ones([x.shape[0]!, 2, 4], { dtype: x.dtype }) : x
        const key = masking === 'pools' ? { key: x } : {}
        const real = mask === undefined ? {} : { keyMask: mask }
        return layer.apply(params, { query, ...key, ...real, ...how }, mode)
      },
    },
    [3, 4, 4],
    [0.045, 0.065],
    masking,
  )

const bags = (mode: 'sum' | 'mean' | 'max', meanSquare: Subject['meanSquare']): Subject => {
  const layer = heads.embeddingBag({ count: 7, width: 3, mode })
  return plain(
    {
      init: layer.init,
      apply: (params, x: Tensor, how) => {
        const offsets = Int32Array.from({ length: x.shape[0]! }, (_, i) => 4 * i)
        return layer.apply(params, { codes: reshape(x, [-1]), offsets: tensor(offsets) }, how)
      },
    },
    [3, 4],
    meanSquare,
    { codes: 7 },
  )
}

/** By layer, by variant. */
export const everyLayer: Readonly<Record<LayerName, Readonly<Record<string, Subject>>>> = {
  additiveAttention: {
    'with a constant query': masked(
      {
        init: additive.init,
        apply: (params, { x, mask }: Places, mode) => {
          const query = ones([x.shape[0]!, 2], { dtype: x.dtype })
          const real = mask === undefined ? {} : { mask }
          return additive.apply(params, { query, key: x, ...real }, mode).seen
        },
      },
      [3, 4, 3],
      [0.2, 0.35],
      'pools',
    ),
  },
  alphaDropout: {
    '': plain(heads.alphaDropout({ probability: 0.3 }), [3, 4], 1, { mixes: true }),
  },
  attentionPool: {
    '': masked(heads.attentionPool({ width: 3 }), [3, 4, 3], [0.2, 0.35], 'pools'),
  },
  batchNorm: {
    'of rows': plain(heads.batchNorm({ channels: 3 }), [3, 3], 1, { mixes: true }),
    'of places': masked(heads.batchNorm({ channels: 3 }), [3, 4, 3], 1, 'zeros', { mixes: true }),
  },
  bidirectional: {
    'gru and lstm': sequences(
      heads.bidirectional(
        heads.recurrent(heads.gruCell(size)),
        heads.recurrent(heads.lstmCell(size), { reverse: true }),
      ),
      [0.07, 0.13],
    ),
  },
  bilinear: {
    // pairs of one input with itself: (6 + 3 * 3) / 9, and a bias of 1 / 9
    'of one input': plain(
      {
        init: bilinear.init,
        apply: (params, x: Tensor, mode) => bilinear.apply(params, { left: x, right: x }, mode),
      },
      [3, 3],
      16 / 9,
    ),
  },
  channelDropout: {
    '': plain(heads.channelDropout({ probability: 0.5 }), [3, 3, 4], 1, { mixes: true }),
  },
  columnEmbedding: {
    // the squares of a column's features and of its bias: 2 and 3
    '': plain(
      heads.columnEmbedding({
        columns: [
          { from: 0, to: 1 },
          { from: 1, to: 3 },
        ],
        width: 4,
      }),
      [3, 3],
      2.5,
    ),
  },
  // weights of variance 1 / (3 fan in): a third where windows are full, and the bias
  conv: {
    'without padding': plain(heads.conv({ in: 2, out: 3, window: [3] }), [3, 5, 2], 7 / 18),
    'in strides': plain(
      heads.conv({ in: 2, out: 3, window: [3], stride: 2, padding: 1 }),
      [3, 5, 2],
      17 / 54,
    ),
    causal: plain(
      heads.conv({ in: 2, out: 2, window: [3], padding: 'causal', dilation: 2 }),
      [3, 5, 2],
      23 / 90,
    ),
    depthwise: plain(
      heads.conv({ in: 4, out: 4, window: [3, 2], padding: 'same', groups: 4 }),
      [3, 3, 4, 4],
      61 / 216,
    ),
    'of volumes': plain(heads.conv({ in: 1, out: 2, window: [2, 2, 2] }), [3, 3, 3, 2, 1], 3 / 8),
  },
  dense: {
    '': plain(heads.dense(size), [3, 3], 6 / 5),
    'without bias': plain(heads.dense({ ...size, bias: false, init: heNormal }), [3, 3], 2),
  },
  dropout: { '': plain(heads.dropout({ probability: 0.5 }), [3, 4], 1, { mixes: true }) },
  embedding: { '': plain(heads.embedding({ count: 7, width: 3 }), [3, 4], 1, { codes: 7 }) },
  embeddingBag: {
    // of 4 codes among 7, a seventh of the pairs of different places are equal
    sum: bags('sum', 4 + 12 / 7),
    mean: bags('mean', (4 + 12 / 7) / 16),
    max: bags('max', [1.2, 1.6]),
  },
  encoderBlock: {
    'pre-norm': steps(heads.encoderBlock({ width: 4, heads: 2, hidden: 6 }), [1.3, 1.9]),
    'post-norm, rotary': steps(
      heads.encoderBlock({ width: 4, heads: 2, hidden: 6, norm: 'post', rotary: true }),
      1,
    ),
  },
  groupNorm: {
    '': masked(heads.groupNorm({ channels: 4, groups: 2 }), [3, 4, 4], 1, 'zeros'),
    'of images': plain(heads.groupNorm({ channels: 4, groups: 2 }), [3, 2, 3, 4], 1),
  },
  gruCell: {
    '': sequences(heads.recurrent(heads.gruCell(size)), [0.12, 0.22]),
    'without bias': sequences(
      heads.recurrent(heads.gruCell({ ...size, bias: false })),
      [0.07, 0.13],
    ),
  },
  instanceNorm: {
    '': masked(heads.instanceNorm({ channels: 3 }), [3, 4, 3], 1, 'zeros'),
    'of images': plain(heads.instanceNorm({ channels: 3 }), [3, 2, 3, 3], 1),
  },
  layerNorm: {
    '': plain(heads.layerNorm({ width: 3 }), [3, 3], 1),
    'of two axes': plain(heads.layerNorm({ width: [3, 2] }), [3, 3, 2], 1),
  },
  learnedPositions: {
    '': plain(heads.learnedPositions({ length: 4, width: 3 }), [3, 3, 3], 1.0004),
  },
  lstmCell: {
    '': sequences(heads.recurrent(heads.lstmCell(size)), [0.025, 0.05]),
    'without bias, in reverse': sequences(
      heads.recurrent(heads.lstmCell({ ...size, bias: false }), { reverse: true }),
      [0.017, 0.03],
    ),
  },
  multiHead: {
    'to itself': attending(heads.multiHead({ width: 4, heads: 2, rotary: true }), {}, 'passes'),
    'to others, in blocks': attending(
      heads.multiHead({ width: 4, heads: 2 }),
      { block: 1 },
      'pools',
    ),
  },
  recurrent: { '': sequences(heads.recurrent(heads.simpleCell(size)), [0.26, 0.42]) },
  residual: { 'dense layer': plain(heads.residual(heads.dense({ in: 3, out: 3 })), [3, 3], 2) },
  rmsNorm: { '': plain(heads.rmsNorm({ width: 4 }), [3, 4], 1) },
  seedPool: {
    '': masked(
      heads.seedPool({ width: 4, heads: 2, seeds: 2 }),
      [3, 4, 4],
      [0.035, 0.055],
      'pools',
    ),
  },
  sequence: {
    // weights of variance 2 / fan in, of which relu keeps half
    'of dense layers': plain(
      heads.sequence({
        inner: heads.dense({ in: 3, out: 16, init: heNormal }),
        relu,
        outer: heads.dense({ in: 16, out: 2, init: heNormal }),
      }),
      [3, 3],
      2,
    ),
    'with batch statistics': plain(
      heads.sequence({
        inner: heads.dense({ in: 3, out: 4, init: heNormal }),
        normal: heads.batchNorm({ channels: 4 }),
        relu,
      }),
      [3, 3],
      1,
      { mixes: true },
    ),
  },
  simpleCell: {
    '': sequences(heads.recurrent(heads.simpleCell({ ...size, activation: tanh })), [0.26, 0.42]),
  },
  // its gradient takes the singular vectors as constants, which is exact where they are found
  spectralNorm: {
    'of dense': plain(heads.spectralNorm(heads.dense(size), { iterations: 100 }), [3, 3], [0.5, 1]),
  },
  squeezeExcite: {
    '': masked(heads.squeezeExcite({ channels: 4, reduction: 2 }), [3, 4, 4], [0.2, 0.35], 'zeros'),
  },
  stacked: {
    'two grus': sequences(
      heads.stacked([
        heads.recurrent(heads.gruCell(size)),
        heads.recurrent(heads.gruCell({ in: 2, out: 3 })),
      ]),
      [0.06, 0.15],
    ),
  },
  stochasticDepth: {
    'dense layer': plain(
      heads.stochasticDepth(heads.dense({ in: 3, out: 3 }), { probability: 0.5 }),
      [3, 3],
      2,
      { mixes: true },
    ),
  },
  // each output place gets one input place where windows lie side by side
  transposedConv: {
    'of signals': plain(
      heads.transposedConv({ in: 4, out: 2, window: [2], stride: 2 }),
      [3, 3, 4],
      5 / 12,
    ),
    'of images, overlapping': plain(
      heads.transposedConv({ in: 4, out: 2, window: [3, 3], stride: 2, padding: 1, groups: 2 }),
      [3, 3, 2, 4],
      [0.1, 0.4],
    ),
    'of volumes': plain(
      heads.transposedConv({ in: 2, out: 1, window: [2, 1, 2], stride: [2, 1, 2] }),
      [3, 2, 2, 1, 2],
      1 / 4,
    ),
  },
  weightNorm: {
    'of dense': plain(heads.weightNorm(heads.dense(size)), [3, 3], 6 / 5),
    'of conv': plain(
      heads.weightNorm(heads.conv({ in: 2, out: 3, window: [2] })),
      [3, 4, 2],
      5 / 12,
    ),
  },
}
