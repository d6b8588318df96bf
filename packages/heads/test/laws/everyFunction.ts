/** Functions without parameters that stand among layers, held to the same laws. */
import {
  adaptiveAveragePool,
  adaptiveMaxPool,
  averagePool,
  maxPool,
  type Tensor,
} from '@rootstock/core'
import * as heads from '@rootstock/heads'
import { plain, type Subject } from './subject.ts'

const of = (
  f: (x: Tensor) => unknown,
  shape: readonly number[],
  meanSquare: Subject['meanSquare'],
): Subject => plain({ init: () => ({}), apply: (_, x: Tensor) => f(x) }, shape, meanSquare)

// the mean square of the largest of some normal numbers; of two it is 1
const largestOf3 = 1 + Math.sqrt(3) / (2 * Math.PI)
const largestOf4 = 1 + Math.sqrt(3) / Math.PI

/** By name, by variant. */
export const everyFunction: Readonly<Record<string, Readonly<Record<string, Subject>>>> = {
  attend: {
    '': of((x) => heads.attend(x, x, x, { causal: true }), [3, 4, 2], [0.7, 1.1]),
    'in blocks': of((x) => heads.attend(x, x, x, { block: 3 }), [3, 4, 2], [0.6, 1]),
    weights: of((x) => heads.attentionWeights(x, x), [3, 4, 2], [1 / 16, 0.15]),
  },
  globalAveragePool: {
    '': {
      ...of((x) => x, [3, 4, 2], 1 / 4),
      apply: (_, { x, mask }) => heads.globalAveragePool(x, mask),
      masking: 'pools',
    },
  },
  globalMaxPool: {
    '': {
      ...of((x) => x, [3, 4, 2], largestOf4),
      apply: (_, { x, mask }) => heads.globalMaxPool(x, mask),
      masking: 'pools',
    },
  },
  l2Normalize: { '': of((x) => heads.l2Normalize(x), [3, 4], 1 / 4) },
  rotary: { '': of((x) => heads.rotary(x), [3, 4, 2], 1) },
  standardize: { '': of((x) => heads.standardize(x, { axis: -1 }), [3, 4], 1) },
  maxPool: { '': of((x) => maxPool(x, { size: 2 }), [3, 4, 4, 2], largestOf4) },
  averagePool: { '': of((x) => averagePool(x, { size: 2 }), [3, 4, 4, 2], 1 / 4) },
  // windows of 2 and 3 places, which overlap
  adaptiveAveragePool: {
    '': of((x) => adaptiveAveragePool(x, { places: 3 }), [3, 5, 2], (1 / 2 + 1 / 3 + 1 / 2) / 3),
  },
  adaptiveMaxPool: {
    '': of((x) => adaptiveMaxPool(x, { places: 3 }), [3, 5, 2], (2 + largestOf3) / 3),
  },
  glu: { '': of((x) => heads.glu(x), [3, 4], [0.25, 0.34]) },
  maxout: { '': of((x) => heads.maxout(x, { pieces: 2 }), [3, 4], 1) },
}
