/** Samples of comparisons, bits, choice and random bits. */
import { bitwisePrimitive, comparePrimitive, selectPrimitive } from '../../primitives/logic.ts'
import { threefryPrimitive } from '../../primitives/random.ts'
import { bools, floats, ints, type Sample, samplesOf, spread, spreadInts } from './sample.ts'

const compared = samplesOf(comparePrimitive)
const ordinals = [0, -0, 1, NaN, Infinity, -Infinity]

export const compare = (['eq', 'lt', 'le'] as const).flatMap((op): Sample[] => [
  compared(
    `${op} of special pairs`,
    [
      floats(ordinals.flatMap((x) => ordinals.map(() => x))),
      floats(ordinals.flatMap(() => ordinals)),
    ],
    { op },
  ),
  compared(`${op} of int32`, [ints([1, 2, 3, -(2 ** 31)]), ints([2, 2, 2, 2 ** 31 - 1])], { op }),
  compared(`${op} of bool`, [bools([0, 0, 1, 1], [2, 2]), bools([0, 1, 0, 1], [2, 2])], { op }),
  compared(`${op} of 0-d`, [spread([], 1), spread([], 2)], { op }),
  compared(`${op} of size 0`, [spread([0], 1), spread([0], 2)], { op }),
])

const bits = samplesOf(bitwisePrimitive)
const words = ints([0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 0x5555aaaa])
const counts = ints([0, 1, 31, 32, 33, -1])

export const bitwise: readonly Sample[] = [
  ...(['and', 'or', 'xor'] as const).flatMap((op) => [
    bits(`${op} of int32`, [words, ints([-1, 3, 5, -7, 9, 0x0f0f0f0f])], { op }),
    bits(`${op} of bool`, [bools([0, 0, 1, 1]), bools([0, 1, 0, 1])], { op }),
    bits(`${op} of size 0`, [ints([]), ints([])], { op }),
  ]),
  ...(['shl', 'shr'] as const).map((op) => bits(op, [words, counts], { op })),
]

const selected = samplesOf(selectPrimitive)

export const select: readonly Sample[] = [
  selected(
    'mixed',
    [bools([1, 0, 0, 1, 1, 0], [2, 3]), spread([2, 3], 1), spread([2, 3], 2)],
    null,
  ),
  selected('0-d', [bools([1], []), spread([], 1), spread([], 2)], null),
  selected('size 0', [bools([], [0, 2]), spread([0, 2], 1), spread([0, 2], 2)], null),
  selected('int32', [bools([1, 0]), ints([1, 2]), ints([3, 4])], null),
  selected('bool', [bools([1, 0]), bools([1, 1]), bools([0, 0])], null),
  selected('NaN not chosen', [bools([1, 0]), floats([1, NaN]), floats([NaN, 2])], null, {
    smooth: false,
  }),
]

const encrypted = samplesOf(threefryPrimitive)
const anyInt = { from: -(2 ** 31), to: 2 ** 31 }
const four = (shape: readonly number[]) =>
  [1, 2, 3, 4].map((seed) => spreadInts(shape, seed, anyInt))

export const threefry: readonly Sample[] = ([0, 1] as const).flatMap((word) => [
  encrypted('0-d', four([]), { word }),
  encrypted('non-square', four([2, 3]), { word }),
  encrypted('size 0', four([0]), { word }),
])
