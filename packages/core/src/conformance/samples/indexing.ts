/** Samples of gather, scatter-add and sort. */
import { gatherPrimitive, scatterAddPrimitive } from '../../primitives/index.ts'
import { sortPrimitive } from '../../primitives/sort.ts'
import { bools, floats, ints, type Sample, samplesOf, spread } from './sample.ts'

const read = samplesOf(gatherPrimitive)
export const gather: readonly Sample[] = [
  read('rows, one twice', [spread([3, 2], 1), ints([2, 0, 2])], null),
  read('a table of indices', [spread([4], 2), ints([0, 3, 1, 1, 2, 0], [2, 3])], null),
  read('0-d index', [spread([3, 2], 3), ints([1], [])], null),
  read('out of range', [spread([3, 2], 4), ints([-1, 3, 99, -(2 ** 31)])], null),
  read('no indices', [spread([3, 2], 5), ints([])], null),
  read('of nothing', [spread([0, 2], 6), ints([])], null),
  read('rows of size 0', [spread([2, 0], 7), ints([1, 0])], null),
  read('int32', [ints([5, 6, 7]), ints([2, 1])], null),
  read('bool', [bools([1, 0]), ints([1, 0, 1])], null),
]

const written = samplesOf(scatterAddPrimitive)
export const scatterAdd: readonly Sample[] = [
  written('rows, one twice', [spread([3, 2], 1), ints([2, 0, 2]), spread([3, 2], 2)], null),
  written(
    'a table of indices',
    [spread([4], 3), ints([0, 3, 1, 1, 2, 0], [2, 3]), spread([2, 3], 4)],
    null,
  ),
  written('0-d index', [spread([3, 2], 5), ints([1], []), spread([2], 6)], null),
  written('out of range', [spread([2, 2], 7), ints([-1, 5]), spread([2, 2], 8)], null),
  written('no indices', [spread([3], 9), ints([]), spread([0], 10)], null),
  written('rows of size 0', [spread([2, 0], 11), ints([1]), spread([1, 0], 12)], null),
  written('int32', [ints([1, 2]), ints([1, 1, 0]), ints([3, 4, 5])], null),
]

const sorted = samplesOf(sortPrimitive)
export const sort: readonly Sample[] = [
  sorted('vector', [spread([5], 1)], null),
  sorted('rows', [spread([3, 4], 2)], null),
  sorted('ties', [floats([2, 1, 2, 1, 1, 0, 0, 0], [2, 4])], null, { smooth: false }),
  sorted('NaN, infinities, zeros', [floats([NaN, 0, -Infinity, -0, NaN, Infinity, 1])], null, {
    smooth: false,
  }),
  sorted('size 1', [spread([2, 1], 3)], null),
  sorted('size 0', [spread([2, 0], 4)], null),
  sorted('no rows', [spread([0, 3], 5)], null),
  sorted('int32', [ints([3, -1, 3, 2 ** 31 - 1, -(2 ** 31), 0, 3])], null),
]
