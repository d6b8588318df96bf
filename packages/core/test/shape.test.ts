import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  broadcastShapes,
  describe as describeType,
  invertPermutation,
  normalizeAxis,
  range,
  sizeOf,
  stridesOf,
} from '../src/shape.ts'

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })

test('broadcasting aligns at the end, stretches 1 and refuses the rest', () => {
  expect(broadcastShapes([3, 1], [4])).toEqual([3, 4])
  expect(broadcastShapes([], [2, 0])).toEqual([2, 0])
  expect(broadcastShapes([1], [0])).toEqual([0])
  expect(broadcastShapes([2], [3])).toBeNull()
  expect(broadcastShapes([0], [2])).toBeNull()
})

test('broadcasting is commutative, and a shape fits itself and 1s', () => {
  fc.assert(
    fc.property(shapes, shapes, (a, b) => {
      expect(broadcastShapes(a, b)).toEqual(broadcastShapes(b, a))
      expect(broadcastShapes(a, a)).toEqual(a)
      expect(
        broadcastShapes(
          a,
          a.map(() => 1),
        ),
      ).toEqual(a)
    }),
  )
})

test('the last element of a shape lies at its size less one', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      fc.pre(sizeOf(shape) > 0)
      const last = stridesOf(shape).reduce(
        (at, stride, axis) => at + stride * (shape[axis]! - 1),
        0,
      )
      expect(last).toBe(sizeOf(shape) - 1)
    }),
  )
})

test('a permutation followed by its inverse changes nothing', () => {
  const permutations = fc
    .integer({ min: 0, max: 6 })
    .chain((n) => fc.shuffledSubarray(range(n), { minLength: n, maxLength: n }))
  fc.assert(
    fc.property(permutations, (permutation) => {
      const inverse = invertPermutation(permutation)
      expect(permutation.map((axis) => inverse[axis])).toEqual(range(permutation.length))
    }),
  )
})

test('axes count from either end', () => {
  expect([-2, -1, 0, 1].map((axis) => normalizeAxis(axis, 2))).toEqual([0, 1, 0, 1])
  expect([-3, 2, 0.5].map((axis) => normalizeAxis(axis, 2))).toEqual([null, null, null])
})

test('types are described as in errors and printed graphs', () => {
  expect(describeType({ dtype: 'float32', shape: [2, 3] })).toBe('float32[2, 3]')
  expect(describeType({ dtype: 'bool', shape: [] })).toBe('bool[]')
})
