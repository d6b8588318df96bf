import {
  batchNorm,
  conv,
  dense,
  groupNorm,
  instanceNorm,
  layerNorm,
  rmsNorm,
  spectralNorm,
  transposedConv,
  weightNorm,
} from '@rootstock/heads'
import { describe } from 'vitest'
import { type Sample, testLaws } from './laws.ts'

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
  batchNorm: { layer: batchNorm({ channels: 3 }), shape: [2, 4, 3], mixes: true },
  groupNorm: { layer: groupNorm({ channels: 4, groups: 2 }), shape: [2, 3, 4] },
  instanceNorm: { layer: instanceNorm({ channels: 3 }), shape: [2, 4, 3] },
  layerNorm: { layer: layerNorm({ width: [3, 2] }), shape: [2, 3, 2] },
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
