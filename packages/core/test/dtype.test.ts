import { expect, test } from 'vitest'
import { dtypes, roundTo } from '../src/dtype.ts'
import { add, type DType, promote, tensor } from '../src/index.ts'

const order: readonly DType[] = ['bool', 'int32', 'float32', 'float64']

test('promotion takes the later of bool, int32, float32, float64', () => {
  expect(dtypes).toEqual(order)
  order.forEach((a, i) => {
    order.forEach((b, j) => {
      expect(promote(a, b)).toBe(order[Math.max(i, j)])
    })
  })
})

test('numbers take the dtype of the tensor they meet, except that fractions make floats of integers', () => {
  const of = (dtype: DType) => tensor([1], { dtype })
  expect(order.map((dtype) => add(of(dtype), 2).dtype)).toEqual([
    'int32',
    'int32',
    'float32',
    'float64',
  ])
  expect(order.map((dtype) => add(of(dtype), 0.5).dtype)).toEqual([
    'float32',
    'float32',
    'float32',
    'float64',
  ])
  expect(add(of('float32'), of('int32')).dtype).toBe('float32')
  expect(add(of('float32'), of('float64')).dtype).toBe('float64')
  expect(add(1, 2).dtype).toBe('float32')
})

test('storing rounds floats, wraps integers and keeps the truth of booleans', () => {
  expect(roundTo('float32', 0.1)).toBe(Math.fround(0.1))
  expect(roundTo('float64', 0.1)).toBe(0.1)
  expect(roundTo('int32', 2 ** 31)).toBe(-(2 ** 31))
  expect(roundTo('bool', -3)).toBe(1)
  expect(tensor([0.1, 2], { dtype: 'bool' }).toArray()).toEqual([true, true])
})
