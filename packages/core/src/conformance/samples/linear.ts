/** Samples of contraction and of the matrix factorisations. */
import { contractPrimitive } from '../../primitives/contract.ts'
import { type Convolving, convolvePrimitive } from '../../primitives/convolve.ts'
import {
  choleskyPrimitive,
  eighPrimitive,
  luPrimitive,
  triangularSolvePrimitive,
} from '../../primitives/linalg.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import { bind } from '../../trace/interpreter.ts'
import { generator } from '../generator.ts'
import { floats, ints, type Sample, sample, samplesOf, spread } from './sample.ts'

const contracted = samplesOf(contractPrimitive)
export const contract: readonly Sample[] = [
  contracted('matrices', [spread([2, 3], 1), spread([3, 4], 2)], { batch: [], sum: [[1, 0]] }),
  contracted('dot', [spread([5], 3), spread([5], 4)], { batch: [], sum: [[0, 0]] }),
  contracted('outer', [spread([2], 5), spread([3], 6)], { batch: [], sum: [] }),
  contracted('0-d', [spread([], 7), spread([], 8)], { batch: [], sum: [] }),
  contracted('transposed', [spread([3, 2], 9), spread([4, 3], 10)], { batch: [], sum: [[0, 1]] }),
  contracted('batch', [spread([2, 2, 3], 11), spread([2, 3, 1], 12)], {
    batch: [[0, 0]],
    sum: [[2, 1]],
  }),
  contracted('batch in other places', [spread([3, 2, 2], 13), spread([2, 3, 2], 14)], {
    batch: [[2, 0]],
    sum: [[0, 1]],
  }),
  contracted('two sums, crossed', [spread([2, 3, 2], 15), spread([3, 2, 2], 16)], {
    batch: [],
    sum: [
      [0, 1],
      [1, 0],
    ],
  }),
  contracted('elementwise', [spread([2, 2], 17), spread([2, 2], 18)], {
    batch: [
      [0, 1],
      [1, 0],
    ],
    sum: [],
  }),
  contracted('empty sum', [spread([2, 0], 19), spread([0, 3], 20)], { batch: [], sum: [[1, 0]] }),
  contracted('no rows', [spread([0, 2], 21), spread([2, 3], 22)], { batch: [], sum: [[1, 0]] }),
  contracted('larger than a tile', [spread([5, 7], 23), spread([7, 9], 24)], {
    batch: [],
    sum: [[1, 0]],
  }),
  contracted('int32', [ints([1, 2, 3, 4], [2, 2]), ints([5, 6, 7, 2 ** 30], [2, 2])], {
    batch: [],
    sum: [[1, 0]],
  }),
]

const convolved = samplesOf(convolvePrimitive)
/** Windows side by side, without padding, unless said otherwise. */
const windows = (d: number, params: Partial<Convolving> = {}): Convolving => ({
  stride: new Array<number>(d).fill(1),
  dilation: new Array<number>(d).fill(1),
  padding: Array.from({ length: d }, () => [0, 0] as const),
  ...params,
})
export const convolve: readonly Sample[] = [
  convolved('one axis', [spread([2, 5, 1, 2], 31), spread([3, 1, 2, 3], 32)], windows(1)),
  convolved(
    'a stride with a rest',
    [spread([1, 6, 1, 1], 33), spread([2, 1, 1, 2], 34)],
    windows(1, { stride: [3] }),
  ),
  convolved(
    'dilated',
    [spread([1, 7, 1, 2], 35), spread([2, 1, 2, 1], 36)],
    windows(1, { stride: [2], dilation: [3] }),
  ),
  convolved('groups', [spread([2, 4, 3, 2], 37), spread([2, 3, 2, 2], 38)], windows(1)),
  convolved(
    'depthwise',
    [spread([2, 3, 4, 3, 1], 53), spread([2, 2, 3, 1, 1], 54)],
    windows(2, {
      padding: [
        [1, 0],
        [0, 1],
      ],
    }),
  ),
  convolved(
    'two axes',
    [spread([1, 4, 5, 1, 2], 39), spread([2, 3, 1, 2, 2], 40)],
    windows(2, { stride: [2, 1], dilation: [1, 2] }),
  ),
  convolved(
    'three axes',
    [spread([1, 2, 3, 2, 1, 1], 41), spread([1, 2, 2, 1, 1, 2], 42)],
    windows(3),
  ),
  convolved(
    'padded and cut',
    [spread([2, 3, 4, 1, 2], 55), spread([2, 2, 1, 2, 3], 56)],
    windows(2, {
      stride: [2, 1],
      padding: [
        [2, 1],
        [-1, 1],
      ],
    }),
  ),
  convolved(
    'cut at both ends',
    [spread([1, 6, 1, 1], 57), spread([2, 1, 1, 2], 58)],
    windows(1, { padding: [[-2, -1]] }),
  ),
  convolved(
    'a stride over padding, dilated, with a rest',
    [spread([2, 6, 1, 2], 59), spread([3, 1, 2, 2], 60)],
    windows(1, { stride: [2], dilation: [2], padding: [[2, 1]] }),
  ),
  convolved(
    'mostly padding',
    [spread([1, 1, 1, 2], 61), spread([1, 1, 2, 1], 62)],
    windows(1, { stride: [3], padding: [[5, 0]] }),
  ),
  convolved(
    'a stride of more phases than are computed apart',
    [spread([1, 20, 1, 1], 63), spread([2, 1, 1, 2], 64)],
    windows(1, { stride: [17], padding: [[1, 0]] }),
  ),
  convolved(
    'depthwise, more terms than are written out',
    [spread([1, 6, 2, 1], 65), spread([65, 2, 1, 1], 66)],
    windows(1, { padding: [[30, 30]] }),
  ),
  convolved('a window of one', [spread([2, 3, 1, 2], 43), spread([1, 1, 2, 3], 44)], windows(1)),
  convolved(
    'a window larger than the input',
    [spread([1, 2, 1, 1], 45), spread([3, 1, 1, 1], 46)],
    windows(1),
  ),
  convolved('no space', [spread([2, 1, 3], 47), spread([1, 3, 2], 48)], windows(0)),
  convolved('no rows', [spread([0, 3, 1, 1], 49), spread([2, 1, 1, 1], 50)], windows(1)),
]

/** Square matrices that are far from singular: small entries and a diagonal that grows, so that eigenvalues differ. */
const square = (shape: Shape, seed: number): Tensor => {
  const n = shape.at(-1)!
  const next = generator(seed)
  const elements = Array.from({ length: sizeOf(shape) }, (_, i) => {
    const [row, column] = [Math.floor((i % (n * n)) / n), i % n]
    return 0.4 * next() + (row === column ? 2 + row : 0)
  })
  return floats(elements, shape)
}

export const cholesky: readonly Sample[] = [
  samplesOf(choleskyPrimitive)('matrix', [square([3, 3], 1)], null),
  samplesOf(choleskyPrimitive)('batch', [square([2, 2, 2], 2)], null),
  samplesOf(choleskyPrimitive)('size 1', [floats([4], [1, 1])], null),
  samplesOf(choleskyPrimitive)('size 0', [floats([], [0, 0])], null),
  samplesOf(choleskyPrimitive)('not positive', [floats([1, 2, 2, 1], [2, 2])], null, {
    smooth: false,
  }),
]

const solved = samplesOf(triangularSolvePrimitive)
const flags = [true, false]
export const triangularSolve: readonly Sample[] = [
  ...flags.flatMap((lower) =>
    flags.flatMap((transposed) =>
      flags.map((unit) =>
        solved(
          `${lower ? 'lower' : 'upper'}${transposed ? ', transposed' : ''}${unit ? ', unit' : ''}`,
          [square([3, 3], 3), spread([3, 2], 4)],
          { lower, transposed, unit },
        ),
      ),
    ),
  ),
  solved('batch', [square([2, 2, 2], 5), spread([2, 2, 1], 6)], {
    lower: true,
    transposed: false,
    unit: false,
  }),
  solved('size 0', [floats([], [0, 0]), floats([], [0, 2])], {
    lower: true,
    transposed: false,
    unit: false,
  }),
]

export const lu: readonly Sample[] = [
  samplesOf(luPrimitive)('matrix', [square([3, 3], 7)], null),
  samplesOf(luPrimitive)('rows exchanged', [floats([0.1, 2, 3, 0.5], [2, 2])], null),
  samplesOf(luPrimitive)('batch', [square([2, 2, 2], 8)], null),
  samplesOf(luPrimitive)('size 1', [floats([2], [1, 1])], null),
  samplesOf(luPrimitive)('size 0', [floats([], [0, 0])], null),
  samplesOf(luPrimitive)('singular', [floats([0, 0, 0, 0], [2, 2])], null, { smooth: false }),
]

// rounding decides which float32 eigenvector signs and orders come out where values are equal, so those are kept apart
export const eigh: readonly Sample[] = [
  samplesOf(eighPrimitive)('matrix', [square([3, 3], 9)], null),
  samplesOf(eighPrimitive)('batch', [square([2, 2, 2], 10)], null),
  samplesOf(eighPrimitive)('size 1', [floats([3], [1, 1])], null),
  samplesOf(eighPrimitive)('size 0', [floats([], [0, 0])], null),
  sample(
    'equal values',
    [floats([2, 0, 0, 2], [2, 2])],
    ([x]) => bind(eighPrimitive, [x!], null).slice(0, 1),
    { smooth: false },
  ),
]
