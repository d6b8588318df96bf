import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  arange,
  concatenate,
  diag,
  diagonal,
  flip,
  pad,
  repeat,
  roll,
  slice,
  split,
  stack,
  tensor,
  tile,
  tril,
  triu,
} from '../../src/index.ts'

const values = (x: { data: () => ArrayLike<number> }): number[] => Array.from(x.data())

/** Python's list slicing. */
const sliced = (
  list: readonly number[],
  start: number | null,
  stop: number | null,
  step: number,
) => {
  const found: number[] = []
  const size = list.length
  const clip = (at: number) =>
    step > 0 ? Math.min(Math.max(at, 0), size) : Math.min(Math.max(at, -1), size - 1)
  const from = start === null ? (step > 0 ? 0 : size - 1) : clip(start < 0 ? start + size : start)
  const to = stop === null ? (step > 0 ? size : -1) : clip(stop < 0 ? stop + size : stop)
  for (let i = from; step > 0 ? i < to : i > to; i += step) found.push(list[i]!)
  return found
}

test('slices are those of Python', () => {
  const bound = fc.option(fc.integer({ min: -8, max: 8 }))
  const steps = fc.integer({ min: -3, max: 3 }).filter((step) => step !== 0)
  fc.assert(
    fc.property(fc.nat({ max: 6 }), bound, bound, steps, (size, start, stop, step) => {
      const found = slice(arange(size), { start: [start], stop: [stop], step: [step] })
      expect(values(found)).toEqual(
        sliced(
          Array.from({ length: size }, (_, i) => i),
          start,
          stop,
          step,
        ),
      )
    }),
    { numRuns: 300 },
  )
})

describe('padding', () => {
  const row = tensor([1, 2, 3])
  test.each([
    ['constant', [0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0]],
    ['edge', [1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3]],
    ['reflect', [1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3]],
    ['symmetric', [3, 3, 2, 1, 1, 2, 3, 3, 2, 1, 1]],
    ['wrap', [3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1]],
  ] as const)('of mode %s goes on as far as wanted', (mode, wanted) => {
    expect(values(pad(row, [[4, 4]], { mode }))).toEqual(wanted)
  })
})

test('what is cut is put together again', () => {
  const x = arange(12).reshape([3, 4])
  for (const axis of [0, 1, -1]) {
    const parts = split(x, { sizes: axis === 0 ? [1, 0, 2] : [3, 0, 1], axis })
    expect(concatenate(parts, { axis }).toArray()).toEqual(x.toArray())
  }
  expect(split(x, { sections: 2, axis: 1 }).map((part) => part.shape)).toEqual([
    [3, 2],
    [3, 2],
  ])
  expect(stack([x, x], { axis: 1 }).shape).toEqual([3, 2, 4])
})

test('rolling, flipping and repeating move elements as they say', () => {
  const x = arange(5)
  expect(values(roll(x, 2))).toEqual([3, 4, 0, 1, 2])
  expect(values(roll(x, -7))).toEqual([2, 3, 4, 0, 1])
  expect(values(flip(x))).toEqual([4, 3, 2, 1, 0])
  expect(values(repeat(tensor([1, 2]), 3))).toEqual([1, 1, 1, 2, 2, 2])
  expect(tile(tensor([[1, 2]]), [2, 2]).toArray()).toEqual([
    [1, 2, 1, 2],
    [1, 2, 1, 2],
  ])
})

test('triangles and diagonals may be moved', () => {
  const x = arange(1, 10).reshape([3, 3])
  expect(tril(x, -1).toArray()).toEqual([
    [0, 0, 0],
    [4, 0, 0],
    [7, 8, 0],
  ])
  expect(triu(x, 1).toArray()).toEqual([
    [0, 2, 3],
    [0, 0, 6],
    [0, 0, 0],
  ])
  expect([-1, 0, 1, 3].map((offset) => values(diagonal(x, offset)))).toEqual([
    [4, 8],
    [1, 5, 9],
    [2, 6],
    [],
  ])
  for (const offset of [-2, 0, 1]) {
    expect(values(diagonal(diag(tensor([1, 2]), offset), offset))).toEqual([1, 2])
  }
})
