import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  all,
  any,
  countNonzero,
  gelu,
  grad,
  jit,
  logSoftmax,
  logSumExp,
  max,
  mean,
  norm,
  prod,
  relu,
  softmax,
  softplus,
  std,
  sum,
  type Tensor,
  tensor,
  variance,
  zeros,
} from '../../src/index.ts'

test('reductions of integers over any axes are those of plain loops', () => {
  const cases = fc.record({
    shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    pick: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    keepDims: fc.boolean(),
  })
  fc.assert(
    fc.property(cases, ({ shape, pick, keepDims }) => {
      const size = shape.reduce((a, b) => a * b)
      const values = Array.from({ length: size }, (_, i) => ((i * 7) % 11) - 5)
      const axis = shape.flatMap((_, i) => (pick[i] ? [i] : []))
      const sums = new Map<string, number>()
      values.forEach((value, i) => {
        let rest = i
        const place = shape.toReversed().map((n) => {
          const at = rest % n
          rest = Math.floor(rest / n)
          return at
        })
        const key = place
          .toReversed()
          .filter((_, i_) => !pick[i_])
          .join()
        sums.set(key, (sums.get(key) ?? 0) + value)
      })
      const x = tensor(values, { dtype: 'int32', shape })
      const found = sum(x, { axis, keepDims })
      expect(Array.from(found.data())).toEqual([...sums.values()])
      expect(found.rank).toBe(keepDims ? shape.length : shape.length - axis.length)
    }),
    { numRuns: 100 },
  )
})

test('sums of a million floats keep their digits, where adding one by one loses all but two', () => {
  const x = tensor(new Float32Array(1_000_000).fill(0.1))
  expect(Math.abs(sum(x).item() / (1e6 * Math.fround(0.1)) - 1)).toBeLessThan(1e-5)
})

test('sums, products, truths and counts of nothing are neutral', () => {
  const nothing = zeros([0, 2])
  expect(sum(nothing, { axis: 0 }).toArray()).toEqual([0, 0])
  expect(prod(nothing).item()).toBe(1)
  expect([all(nothing).item(), any(nothing).item(), countNonzero(nothing).item()]).toEqual([
    1, 0, 0,
  ])
  expect(logSumExp(nothing).item()).toBe(-Infinity)
  expect(mean(nothing).item()).toBeNaN()
})

test('the variance of numbers far from zero does not cancel', () => {
  const x = tensor([1e6, 1e6 + 1, 1e6 + 2])
  expect(variance(x).item()).toBeCloseTo(2 / 3, 5)
  expect(variance(x, { correction: 1 }).item()).toBeCloseTo(1, 5)
  expect(grad((y: Tensor) => std(y))(tensor([3, 3])).toArray()).toEqual([0, 0])
})

describe('norms', () => {
  test('of any order, without overflow', () => {
    const x = tensor([3e30, -4e30])
    expect(norm(x).item()).toBeCloseTo(5e30, -25)
    expect(
      [1, Infinity, -Infinity].map((order) => norm(tensor([3, -4]), { order }).item()),
    ).toEqual([7, 4, 3])
    expect(norm(tensor([0, 2, 0, 5]), { order: 0 }).item()).toBe(2)
    expect(norm(tensor([1, 2]), { order: 3 }).item()).toBeCloseTo(9 ** (1 / 3), 5)
  })

  test('have gradient 0 at 0', () => {
    expect(grad((x: Tensor) => norm(x))(tensor([0, 0])).toArray()).toEqual([0, 0])
  })
})

describe('exponentials that could overflow', () => {
  const wide = tensor([-1000, 0, 1000])

  test('do not', () => {
    expect(softmax(wide).toArray()).toEqual([0, 0, 1])
    expect(logSoftmax(wide).toArray()).toEqual([-2000, -1000, 0])
    expect(logSumExp(wide).item()).toBe(1000)
    expect(softplus(wide).toArray()).toEqual([0, Math.fround(Math.log(2)), 1000])
    expect(gelu(wide).toArray()).toEqual([-0, 0, 1000])
  })

  test('know -Infinity, as in masks', () => {
    const masked = tensor([0, -Infinity, 0])
    expect(softmax(masked).toArray()).toEqual([0.5, 0, 0.5])
    expect(logSumExp(tensor([-Infinity, -Infinity])).item()).toBe(-Infinity)
    const gradient = jit(grad((x: Tensor) => logSumExp(x)))
    expect(gradient(masked).toArray()).toEqual([0.5, 0, 0.5])
    expect(gradient(tensor([-Infinity, -Infinity])).toArray()).toEqual([0, 0])
  })
})

test('NaN is passed on by extrema and activations', () => {
  const x = tensor([1, Number.NaN])
  expect(max(x).item()).toBeNaN()
  expect((relu(x).toArray() as number[])[1]).toBeNaN()
  expect(grad((y: Tensor) => max(y))(tensor([2, 2, 1])).toArray()).toEqual([0.5, 0.5, 0])
})
