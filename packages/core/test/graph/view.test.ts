import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  broadcastView,
  contiguous,
  isContiguous,
  permuteView,
  reshapeView,
  sliceView,
  type View,
} from '../../src/graph/view.ts'
import { range, sizeOf } from '../../src/shape.ts'

/** Positions that a view shows, in row-major order of its coordinates. */
const positions = ({ offset, shape, strides }: View): number[] =>
  shape.reduce<number[]>(
    (at, size, axis) => at.flatMap((base) => range(size).map((i) => base + i * strides[axis]!)),
    [offset],
  )

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 })

/** A view that has been permuted, cut and repeated. */
const views: fc.Arbitrary<View> = shapes.chain((shape) => {
  const start = contiguous(shape)
  return fc
    .record({
      permutation: fc.shuffledSubarray(range(shape.length), {
        minLength: shape.length,
        maxLength: shape.length,
      }),
      steps: fc.array(fc.constantFrom(1, 1, 2, -1), {
        minLength: shape.length,
        maxLength: shape.length,
      }),
      repeat: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ permutation, steps, repeat }) => {
      const turned = permuteView(start, permutation)
      const cut = sliceView(
        turned,
        turned.shape.map((size, axis) => (steps[axis]! < 0 ? size - 1 : 0)),
        turned.shape.map((size, axis) => Math.ceil(size / Math.abs(steps[axis]!))),
        steps,
      )
      const axes = range(cut.shape.length).map((axis) => axis + 1)
      return broadcastView(cut, [repeat, ...cut.shape], axes)
    })
})

/** Shapes with as many elements. */
const factorings = (size: number): fc.Arbitrary<readonly number[]> =>
  size === 1
    ? fc.constantFrom<readonly number[]>([], [1], [1, 1])
    : fc
        .constantFrom(...range(size + 1).filter((n) => n > 0 && size % n === 0))
        .chain((first) =>
          first === 1
            ? fc.constant<readonly number[]>([size, 1])
            : factorings(size / first).map((rest) => [first, ...rest]),
        )

test('a reshaped view shows the same positions in the same order, whenever there is one', () => {
  let seen = 0
  fc.assert(
    fc.property(
      views.chain((view) => fc.tuple(fc.constant(view), factorings(sizeOf(view.shape)))),
      ([view, shape]) => {
        const reshaped = reshapeView(view, shape)
        if (reshaped === null) return
        seen++
        expect(reshaped.shape).toEqual(shape)
        expect(positions(reshaped)).toEqual(positions(view))
      },
    ),
    { numRuns: 1000, seed: 1 },
  )
  expect(seen).toBeGreaterThan(500)
})

test('a view that was only cut and joined again is found', () => {
  const rows = sliceView(contiguous([6, 4]), [1, 0], [3, 4], [2, 1])
  expect(reshapeView(rows, [3, 2, 2])).toEqual({ offset: 4, shape: [3, 2, 2], strides: [8, 2, 1] })
  expect(reshapeView(rows, [12])).toBeNull()
  expect(reshapeView(permuteView(contiguous([2, 3]), [1, 0]), [6])).toBeNull()
})

test('a view is contiguous exactly when it counts from 0', () => {
  fc.assert(
    fc.property(views, (view) => {
      const counts = positions(view).every((at, i) => at === i)
      expect(isContiguous(view)).toBe(counts)
    }),
    { numRuns: 500 },
  )
})

test('reversing and repeating are strides', () => {
  expect(positions(sliceView(contiguous([4]), [3], [4], [-1]))).toEqual([3, 2, 1, 0])
  expect(positions(broadcastView(contiguous([2]), [2, 3], [0]))).toEqual([0, 0, 0, 1, 1, 1])
})
