import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  argMax,
  argMin,
  argSort,
  cumMax,
  cumProd,
  cumSum,
  grad,
  mul,
  searchSorted,
  sort,
  sum,
  type Tensor,
  tensor,
  topK,
} from '../../src/index.ts'

const list = (x: Tensor): number[] => Array.from(x.data())
const lists = fc.array(fc.constantFrom(-2, -1, -0, 0, 0.5, 1, Number.NaN, Infinity, -Infinity), {
  maxLength: 12,
})

/** NaN after everything; zeros of both signs are equal. */
const order = (a: number, b: number): number =>
  Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a === b ? 0 : a < b ? -1 : 1

test('sorting is stable in both directions and puts NaN last', () => {
  fc.assert(
    fc.property(lists, (values) => {
      const x = tensor(values)
      const indices = values.map((_, i) => i)
      const up = indices.toSorted((i, j) => order(values[i]!, values[j]!))
      expect(list(argSort(x))).toEqual(up)
      expect(list(sort(x))).toEqual(up.map((i) => values[i]))
      const down = indices.toSorted((i, j) =>
        Number.isNaN(values[i]!) || Number.isNaN(values[j]!)
          ? order(values[i]!, values[j]!)
          : order(values[j]!, values[i]!),
      )
      expect(list(argSort(x, { descending: true }))).toEqual(down)
    }),
    { numRuns: 200 },
  )
})

test('the largest and the smallest are found with their places, first ones first', () => {
  const x = tensor([3, 1, 3, 2])
  const [values, places] = topK(x, 3)
  expect([list(values), list(places)]).toEqual([
    [3, 3, 2],
    [0, 2, 3],
  ])
  expect(list(topK(x, 2, { largest: false })[1])).toEqual([1, 3])
  expect([argMax(x).item(), argMin(x).item()]).toEqual([0, 1])
  expect(argMax(tensor([1, Number.NaN, 3, Number.NaN])).item()).toBe(1)
})

test('gradients of sorting go to where the elements came from', () => {
  const weights = tensor([1, 10, 100])
  const f = (x: Tensor) => sum(mul(sort(x), weights))
  expect(grad(f)(tensor([5, 3, 4])).toArray()).toEqual([100, 1, 10])
})

test('searchSorted finds the place of each value from either side', () => {
  const sorted = fc
    .array(fc.integer({ min: 0, max: 9 }), { maxLength: 9 })
    .map((xs) => xs.toSorted((a, b) => a - b))
  fc.assert(
    fc.property(
      sorted,
      fc.array(fc.integer({ min: -1, max: 10 }), { maxLength: 5 }),
      (table, wanted) => {
        const find = (side: 'left' | 'right') =>
          list(searchSorted(tensor(table), tensor(wanted), { side }))
        expect(find('left')).toEqual(wanted.map((v) => table.filter((x) => x < v).length))
        expect(find('right')).toEqual(wanted.map((v) => table.filter((x) => x <= v).length))
      },
    ),
    { numRuns: 100 },
  )
})

test('running sums, products and maxima go either way', () => {
  const x = tensor([2, 1, 3])
  expect(list(cumSum(x, { axis: 0 }))).toEqual([2, 3, 6])
  expect(list(cumSum(x, { axis: 0, reverse: true }))).toEqual([6, 4, 3])
  expect(list(cumProd(x, { axis: 0 }))).toEqual([2, 2, 6])
  expect(list(cumMax(x, { axis: 0 }))).toEqual([2, 2, 3])
  expect(grad((y: Tensor) => sum(cumProd(y, { axis: 0 })))(tensor([0, 2, 3])).toArray()).toEqual([
    9, 0, 0,
  ])
})
