import { expect, test } from 'vitest'
import { add, cast, placeholder, reshape, Tensor, tensor, zeros } from '../src/index.ts'

test('a tensor knows its shape, dtype, rank and size', () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ])
  expect([x.shape, x.dtype, x.rank, x.size]).toEqual([[2, 3], 'float32', 2, 6])
  expect([tensor(1).rank, zeros([0, 3]).size]).toEqual([0, 0])
  expect(x).toBeInstanceOf(Tensor)
})

test('elements are read flat, nested or alone', () => {
  const x = tensor([[1.5], [2]])
  expect(Array.from(x.data())).toEqual([1.5, 2])
  expect(x.toArray()).toEqual([[1.5], [2]])
  expect(tensor(7).toArray()).toBe(7)
  expect(tensor([true, false]).toArray()).toEqual([true, false])
  expect(tensor([[], []]).toArray()).toEqual([[], []])
  expect(zeros([2, 0, 3]).toArray()).toEqual([[], []])
  expect(tensor(true).item()).toBe(1)
})

test('nobody can change a tensor: arrays are copied in and out', () => {
  const source = new Float32Array([1, 2])
  const x = tensor(source)
  source[0] = 99
  x.data()[1] = 99
  expect(x.toArray()).toEqual([1, 2])
  const y = reshape(x, [2, 1])
  y.data().fill(99)
  expect(x.toArray()).toEqual([1, 2])
})

test('typed arrays keep their type, and lists may be given one', () => {
  const dtypes = [new Float64Array(1), new Int32Array(1), new Uint8Array(1)].map(
    (data) => tensor(data).dtype,
  )
  expect(dtypes).toEqual(['float64', 'int32', 'bool'])
  expect(tensor([1.7, -1.7], { dtype: 'int32' }).toArray()).toEqual([1, -1])
  expect(tensor([1, 2, 3, 4], { shape: [2, 2] }).toArray()).toEqual([
    [1, 2],
    [3, 4],
  ])
})

test('small tensors print their elements, others their type', () => {
  expect(String(tensor([1, 2]))).toBe('float32[2] [1,2]')
  expect(String(zeros([9, 9]))).toBe('float32[9, 9]')
  expect(String(placeholder([3]))).toBe('float32[3]')
})

test('a view that lies as it is shares its elements; other results do not', () => {
  const x = tensor([1, 2, 3, 4])
  const cell = (of: Tensor) => of.storage('test')
  expect(cell(reshape(x, [2, 2]))).toBe(cell(x))
  expect(cell(cast(x, 'float32'))).toBe(cell(x))
  expect(cell(add(x, 0))).not.toBe(cell(x))
})
