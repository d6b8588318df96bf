/** Samples of the reductions and of the running sum. */
import { reduceSumPrimitive } from '../../primitives/broadcast.ts'
import type { Primitive } from '../../primitives/define.ts'
import * as primitive from '../../primitives/reduction.ts'
import { floats, ints, type Sample, samplesOf, spread } from './sample.ts'

const overAxes = <P>(
  of: Primitive<P>,
  params: (axes: readonly number[]) => P,
  empty: boolean,
): Sample[] => {
  const at = samplesOf(of)
  const list = [
    at('all axes', [spread([2, 3], 1)], params([0, 1])),
    at('first axis', [spread([3, 2], 2)], params([0])),
    at('last axis', [spread([2, 3], 3)], params([1])),
    at('outer axes', [spread([2, 3, 2], 4)], params([0, 2])),
    at('no axes', [spread([2, 2], 5)], params([])),
    at('size 1', [spread([1, 1], 6)], params([1])),
    at('0-d', [spread([], 7)], params([])),
    at('longer than the lanes', [spread([37], 8)], params([0])),
    at('kept axis of size 0', [spread([2, 0], 9)], params([0])),
    at('int32', [ints([3, -1, 2, 2 ** 31 - 1, 5, 2], [2, 3])], params([1])),
    at('specials', [floats([1, NaN, Infinity, 2, -Infinity, 3, 0, -0], [4, 2])], params([1]), {
      smooth: false,
    }),
  ]
  return empty ? [...list, at('size 0', [spread([2, 0], 10)], params([1]))] : list
}

export const reduceSum = overAxes(reduceSumPrimitive, (axes) => ({ axes }), true)

const combined = samplesOf(primitive.reducePrimitive)
const product = (axes: readonly number[]): primitive.Reducing => ({ op: 'mul', axes })
export const reduce: readonly Sample[] = [
  ...overAxes(primitive.reducePrimitive, product, true),
  combined('one zero', [floats([0, 2, 3])], product([0])),
  combined('two zeros', [floats([0, 2, 0, 3, 1, 4], [2, 3])], product([1])),
  combined('all zeros', [floats([0, 0, 0, 0], [2, 2])], product([0, 1])),
  ...(['max', 'min'] as const).flatMap((op) => [
    ...overAxes(primitive.reducePrimitive, (axes) => ({ op, axes }), false),
    combined('ties', [floats([2, 1, 2, 1, 1, 1], [2, 3])], { op, axes: [1] }, { smooth: false }),
  ]),
]

const found = samplesOf(primitive.argReducePrimitive)
export const argReduce: readonly Sample[] = (['max', 'min'] as const).flatMap((op) => [
  found('last axis', [spread([2, 3], 1)], { op, axis: 1 }),
  found('first axis', [spread([3, 2], 2)], { op, axis: 0 }),
  found('middle axis', [spread([2, 3, 2], 3)], { op, axis: 1 }),
  found('ties', [floats([2, 1, 2, 1, 1, 1], [2, 3])], { op, axis: 1 }),
  found('NaN', [floats([1, NaN, 3, NaN, 0, -0], [2, 3])], { op, axis: 1 }),
  found('infinities', [floats([-Infinity, -Infinity, Infinity, Infinity])], { op, axis: 0 }),
  found('size 1', [spread([1], 4)], { op, axis: 0 }),
  found('kept axis of size 0', [spread([2, 0], 5)], { op, axis: 0 }),
  found('int32', [ints([3, 5, 5, -1])], { op, axis: 0 }),
])

const running = samplesOf(primitive.cumulativeSumPrimitive)
export const cumulativeSum: readonly Sample[] = [true, false].flatMap((reverse) => [
  running('vector', [spread([5], 1)], { axis: 0, reverse }),
  running('first axis', [spread([3, 2], 2)], { axis: 0, reverse }),
  running('middle axis', [spread([2, 3, 2], 3)], { axis: 1, reverse }),
  running('size 0', [spread([2, 0], 4)], { axis: 1, reverse }),
  running('size 1', [spread([1, 1], 5)], { axis: 1, reverse }),
  running('int32', [ints([1, 2, 2 ** 31 - 1])], { axis: 0, reverse }),
])
