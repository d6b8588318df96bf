import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  add,
  cast,
  clamp,
  div,
  equal,
  floorDiv,
  grad,
  isNaN as isNaNOf,
  lerp,
  maximum,
  mod,
  mul,
  pow,
  rem,
  round,
  sub,
  sum,
  type Tensor,
  Tensor as TensorClass,
  tensor,
  truncDiv,
  where,
} from '../../src/index.ts'

const list = (x: Tensor): number[] => Array.from(x.data())

describe('division with remainder', () => {
  const pairs = fc.tuple(
    fc.integer({ min: -50, max: 50 }),
    fc.integer({ min: -7, max: 7 }).filter((b) => b !== 0),
  )

  test.each(['int32', 'float64'] as const)(
    'puts quotient and remainder together again, in %s',
    (dtype) => {
      fc.assert(
        fc.property(pairs, ([a, b]) => {
          const [x, y] = [tensor(a, { dtype }), tensor(b, { dtype })]
          const number = (t: Tensor) => t.item() + 0
          expect(number(floorDiv(x, y))).toBe(Math.floor(a / b) + 0)
          expect(number(truncDiv(x, y))).toBe(Math.trunc(a / b) + 0)
          expect(number(mod(x, y))).toBe(a - b * Math.floor(a / b) + 0)
          expect(number(rem(x, y))).toBe((a % b) + 0)
        }),
        { numRuns: 60 },
      )
    },
  )
})

test('powers with simple exponents are exact', () => {
  const x = tensor([3, 7, 0.1], { dtype: 'float64' })
  expect(list(pow(x, 2))).toEqual([9, 49, 0.1 * 0.1])
  expect(list(pow(x, 3))).toEqual([27, 343, 0.1 * 0.1 * 0.1])
  expect(list(pow(x, -1))).toEqual([1 / 3, 1 / 7, 1 / 0.1])
  expect(list(pow(x, 0.5))).toEqual([3, 7, 0.1].map(Math.sqrt))
  expect(
    list(pow(tensor([2, 10], { dtype: 'float64' }), tensor([10, 3], { dtype: 'float64' }))),
  ).toEqual([1024, 1000])
})

test('gradients of powers are right where a naive rule gives NaN', () => {
  const at = (x: number, y: number) =>
    grad((a: Tensor, b: Tensor) => pow(a, b), { argument: [0, 1] })(tensor(x), tensor(y)).map((g) =>
      g.item(),
    )
  expect(at(0, 0)).toEqual([0, 0])
  expect(at(0, 2)).toEqual([0, 0])
  expect(at(-2, 3)[0]).toBe(12)
})

test('operands that agree in dtype and shape are promoted all the same', () => {
  expect(list(add(tensor([true, true]), tensor([true, false])))).toEqual([2, 1])
  expect(list(div(tensor([1], { dtype: 'int32' }), tensor([2], { dtype: 'int32' })))).toEqual([0.5])
})

test('rounding takes halves to even', () => {
  expect(list(round(tensor([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])))).toEqual([-2, -2, -0, 0, 2, 2])
})

test('casting truncates and saturates', () => {
  const x = tensor([1.9, -1.9, 3e9, -3e9, Number.NaN, Infinity])
  expect(list(cast(x, 'int32'))).toEqual([1, -1, 2 ** 31 - 1, -(2 ** 31), 0, 2 ** 31 - 1])
  expect(cast(tensor([0, -0.5, Number.NaN]), 'bool').toArray()).toEqual([false, true, true])
})

test('clamping lets gradients through between its bounds and at them', () => {
  const f = (x: Tensor) => sum(clamp(x, { min: -1, max: 1 }))
  expect(grad(f)(tensor([-2, -1, 0, 1, 2])).toArray()).toEqual([0, 1, 1, 1, 0])
})

test('ties of maximum share the gradient', () => {
  const both = grad((a: Tensor, b: Tensor) => sum(maximum(a, b)), { argument: [0, 1] })
  expect(both(tensor([1, 2]), tensor([1, 3])).map((g) => g.toArray())).toEqual([
    [0.5, 0],
    [0.5, 1],
  ])
})

test('a gradient stays finite where the value that is not chosen is replaced before it overflows', () => {
  const inverse = (x: Tensor) => {
    const isZero = equal(x, 0)
    return sum(where(isZero, 0, div(1, where(isZero, 1, x))))
  }
  expect(grad(inverse)(tensor([0, 2])).toArray()).toEqual([0, -0.25])
})

test('lerp ends exactly at its start, and NaN is found', () => {
  expect(lerp(tensor(0.1), tensor(7), 0).item()).toBe(Math.fround(0.1))
  expect(isNaNOf(tensor([1, Number.NaN])).toArray()).toEqual([false, true])
})

test('methods are the functions they are named after', () => {
  const x = tensor([
    [1, 4],
    [9, 16],
  ])
  expect(x.add(1).sub(1).mul(2).div(2).toArray()).toEqual(x.toArray())
  expect(x.sqrt().pow(2).toArray()).toEqual(x.toArray())
  expect(x.log().exp().sum().item()).toBeCloseTo(30, 4)
  expect(x.neg().mean({ axis: 0 }).toArray()).toEqual([-5, -10])
  expect(
    x
      .transpose()
      .matmul(tensor([1, 0]))
      .reshape([1, 2])
      .toArray(),
  ).toEqual([[1, 4]])
  const names = Object.getOwnPropertyNames(TensorClass.prototype)
  expect(names).toEqual(expect.arrayContaining(['add', 'matmul', 'reshape', 'transpose']))
})

test('broadcast gradients are summed back to the shape of each operand', () => {
  const f = (a: Tensor, b: Tensor) => sum(add(mul(a, b), sub(a, b)))
  const [da, db] = grad(f, { argument: [0, 1] })(tensor([[1], [2]]), tensor([10, 20, 30]))
  expect(da.toArray()).toEqual([[63], [63]])
  expect(db.toArray()).toEqual([1, 1, 1])
})
