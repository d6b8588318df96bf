import { tanh } from '@rootstock/core'
import {
  attentionPool,
  batchNorm,
  bidirectional,
  bilinear,
  channelDropout,
  conv,
  dense,
  encoderBlock,
  groupNorm,
  gruCell,
  instanceNorm,
  type Layer,
  layerNorm,
  learnedPositions,
  lstmCell,
  multiHead,
  type Recurrent,
  recurrent,
  rmsNorm,
  simpleCell,
  spectralNorm,
  squeezeExcite,
  stacked,
  stochasticDepth,
  transposedConv,
  weightNorm,
} from '@rootstock/heads'
import { describe } from 'vitest'
import { type Sample, testLaws } from './laws.ts'

/** A recurrent layer without masks and states. */
const outputsOf = <P, S>(layer: Recurrent<P, S>): Layer<P> => ({
  init: layer.init,
  apply: (params, x, mode) => layer.apply(params, { x }, mode).outputs,
})

const size = { in: 3, out: 2 }

const self = multiHead({ width: 4, heads: 2, rotary: true })
const block = encoderBlock({ width: 4, heads: 2, hidden: 3, dropout: 0 })
const product = bilinear({ left: 3, right: 3, out: 2 })
const pool = attentionPool({ width: 3 })

const samples: Readonly<Record<string, Sample>> = {
  dense: { layer: dense({ in: 3, out: 2 }), shape: [2, 3] },
  conv: { layer: conv({ in: 2, out: 3, window: [3], stride: 2, padding: 1 }), shape: [2, 5, 2] },
  'depthwise conv': {
    layer: conv({ in: 4, out: 4, window: [3, 2], padding: 'same', groups: 4 }),
    shape: [2, 3, 4, 4],
  },
  'conv over volumes': {
    layer: conv({ in: 1, out: 2, window: [2, 2, 2] }),
    shape: [2, 3, 3, 2, 1],
  },
  transposedConv: {
    layer: transposedConv({ in: 4, out: 2, window: [3, 3], stride: 2, padding: 1, groups: 2 }),
    shape: [2, 3, 2, 4],
  },
  bilinear: {
    layer: {
      init: product.init,
      apply: (params, x, mode) => product.apply(params, { left: x, right: x }, mode),
    },
    shape: [2, 3],
  },
  channelDropout: { layer: channelDropout({ probability: 0.5 }), shape: [2, 3, 4], mixes: true },
  batchNorm: { layer: batchNorm({ channels: 3 }), shape: [2, 4, 3], mixes: true },
  groupNorm: { layer: groupNorm({ channels: 4, groups: 2 }), shape: [2, 3, 4] },
  instanceNorm: { layer: instanceNorm({ channels: 3 }), shape: [2, 4, 3] },
  layerNorm: { layer: layerNorm({ width: [3, 2] }), shape: [2, 3, 2] },
  learnedPositions: { layer: learnedPositions({ length: 4, width: 3 }), shape: [2, 3, 3] },
  simpleCell: {
    layer: outputsOf(recurrent(simpleCell({ ...size, activation: tanh }))),
    shape: [2, 4, 3],
  },
  gruCell: { layer: outputsOf(recurrent(gruCell(size))), shape: [2, 4, 3] },
  'lstmCell without bias': {
    layer: outputsOf(recurrent(lstmCell({ ...size, bias: false }), { reverse: true })),
    shape: [2, 4, 3],
  },
  bidirectional: {
    layer: outputsOf(
      bidirectional(recurrent(gruCell(size)), recurrent(lstmCell(size), { reverse: true })),
    ),
    shape: [2, 3, 3],
  },
  stacked: {
    layer: outputsOf(stacked([recurrent(gruCell(size)), recurrent(gruCell({ in: 2, out: 3 }))])),
    shape: [2, 3, 3],
  },
  multiHead: {
    layer: {
      init: self.init,
      apply: (params, query, mode) => self.apply(params, { query, causal: true, block: 2 }, mode),
    },
    shape: [2, 3, 4],
  },
  encoderBlock: {
    layer: { init: block.init, apply: (params, x, mode) => block.apply(params, { x }, mode) },
    shape: [2, 3, 4],
  },
  attentionPool: {
    layer: { init: pool.init, apply: (params, x, mode) => pool.apply(params, { x }, mode) },
    shape: [2, 3, 3],
  },
  squeezeExcite: { layer: squeezeExcite({ channels: 4, reduction: 2 }), shape: [2, 3, 4] },
  stochasticDepth: {
    layer: stochasticDepth(dense({ in: 3, out: 3 }), { probability: 0.5 }),
    shape: [2, 3],
    mixes: true,
  },
  rmsNorm: { layer: rmsNorm({ width: 4 }), shape: [2, 4] },
  weightNorm: { layer: weightNorm(dense({ in: 3, out: 2 })), shape: [2, 3] },
  'weightNorm of conv': {
    layer: weightNorm(conv({ in: 2, out: 3, window: [2] })),
    shape: [2, 4, 2],
  },
  // its gradient takes the singular vectors as constants, which is exact where they are found
  spectralNorm: {
    layer: spectralNorm(dense({ in: 3, out: 2 }), { iterations: 100 }),
    shape: [2, 3],
  },
}

describe.each(Object.entries(samples))('%s', (_, sample) => {
  testLaws(sample)
})
