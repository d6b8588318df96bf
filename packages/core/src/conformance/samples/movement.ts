/** Samples of the primitives that move and repeat elements. */
import { broadcastPrimitive } from '../../primitives/broadcast.ts'
import * as primitive from '../../primitives/movement.ts'
import { bools, ints, type Sample, samplesOf, spread } from './sample.ts'

const repeated = samplesOf(broadcastPrimitive)
export const broadcast: readonly Sample[] = [
  repeated('0-d', [spread([], 1)], { shape: [2, 3], axes: [] }),
  repeated('new axes before, between and behind', [spread([2, 3], 2)], {
    shape: [2, 2, 1, 3, 2],
    axes: [1, 3],
  }),
  repeated('size 1', [spread([1], 3)], { shape: [1, 1], axes: [1] }),
  repeated('to size 0', [spread([2], 4)], { shape: [0, 2], axes: [1] }),
  repeated('from size 0', [spread([0], 5)], { shape: [0, 3], axes: [0] }),
  repeated('bool', [bools([1, 0])], { shape: [2, 2], axes: [0] }),
]

const reshaped = samplesOf(primitive.reshapePrimitive)
export const reshape: readonly Sample[] = [
  reshaped('other rank', [spread([2, 6], 1)], { shape: [3, 2, 2] }),
  reshaped('from 0-d', [spread([], 2)], { shape: [1, 1] }),
  reshaped('to 0-d', [spread([1, 1], 3)], { shape: [] }),
  reshaped('size 0', [spread([0, 2], 4)], { shape: [5, 0] }),
  reshaped('int32', [ints([1, 2, 3, 4])], { shape: [2, 2] }),
]

const transposed = samplesOf(primitive.transposePrimitive)
export const transpose: readonly Sample[] = [
  transposed('matrix', [spread([2, 3], 1)], { permutation: [1, 0] }),
  transposed('rotation', [spread([2, 1, 3], 2)], { permutation: [2, 0, 1] }),
  transposed('identity', [spread([2, 3], 3)], { permutation: [0, 1] }),
  transposed('size 0', [spread([0, 2], 4)], { permutation: [1, 0] }),
  transposed('0-d', [spread([], 5)], { permutation: [] }),
  transposed('bool', [bools([1, 0, 1, 1, 0, 0], [3, 2])], { permutation: [1, 0] }),
]

const sliced = samplesOf(primitive.slicePrimitive)
export const slice: readonly Sample[] = [
  sliced('box', [spread([4, 3], 1)], { start: [1, 0], shape: [2, 2], step: [1, 1] }),
  sliced('steps', [spread([5, 3], 2)], { start: [0, 1], shape: [3, 2], step: [2, 1] }),
  sliced('backwards', [spread([5, 2], 3)], { start: [4, 1], shape: [3, 2], step: [-2, -1] }),
  sliced('nothing', [spread([3], 4)], { start: [1], shape: [0], step: [1] }),
  sliced('of size 0', [spread([0, 2], 5)], { start: [0, 0], shape: [0, 1], step: [1, 1] }),
  sliced('0-d', [spread([], 6)], { start: [], shape: [], step: [] }),
  sliced('int32', [ints([1, 2, 3])], { start: [2], shape: [3], step: [-1] }),
]

const padded = samplesOf(primitive.padPrimitive)
export const pad: readonly Sample[] = [
  padded('both ends', [spread([2, 3], 1)], { shape: [4, 4], start: [1, 0], step: [1, 1], fill: 7 }),
  padded('spaced', [spread([2, 2], 2)], { shape: [4, 3], start: [1, 0], step: [2, 2], fill: 0 }),
  padded(
    'infinite fill',
    [spread([1], 3)],
    {
      shape: [3],
      start: [1],
      step: [1],
      fill: -Infinity,
    },
    { smooth: false },
  ),
  padded('size 0', [spread([0], 4)], { shape: [2], start: [0], step: [1], fill: 1.5 }),
  padded('nothing added', [spread([2], 5)], { shape: [2], start: [0], step: [1], fill: 0 }),
  padded('int32', [ints([1, 2])], { shape: [4], start: [1], step: [1], fill: -1 }),
  padded('bool', [bools([1, 0])], { shape: [3], start: [0], step: [1], fill: 1 }),
]

const joined = samplesOf(primitive.concatenatePrimitive)
export const concatenate: readonly Sample[] = [
  joined('first axis', [spread([2, 3], 1), spread([1, 3], 2)], { axis: 0 }),
  joined('last axis, three parts', [spread([2, 1], 3), spread([2, 2], 4), spread([2, 1], 5)], {
    axis: 1,
  }),
  joined('one part', [spread([2], 6)], { axis: 0 }),
  joined('an empty part', [spread([0, 2], 7), spread([2, 2], 8)], { axis: 0 }),
  joined('int32', [ints([1]), ints([2, 3])], { axis: 0 }),
]

const counted = samplesOf(primitive.iotaPrimitive)
export const iota: readonly Sample[] = [0, 1, 5].map((length) =>
  counted(`length ${length}`, [], { length }),
)
