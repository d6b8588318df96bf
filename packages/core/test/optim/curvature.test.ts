import {
  concatenate,
  curvature,
  eigh,
  hessian,
  matmul,
  mean,
  random,
  reshape,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
} from '@rootstock/core'
import { describe, expect, test } from 'vitest'

const float64 = { dtype: 'float64' } as const
const x = random.normal(random.key(1), [20, 3], float64)
const y = random.normal(random.key(2), [20, 1], float64)

interface Params {
  readonly first: Tensor
  readonly second: Tensor
}

const loss = ({ first, second }: Params): Tensor =>
  mean(square(sub(matmul(tanh(matmul(x, first)), second), y)))

const params: Params = {
  first: random.normal(random.key(3), [3, 4], float64),
  second: random.normal(random.key(4), [4, 1], float64),
}

describe('curvature', () => {
  test('gives the eigenvalues of the Hessian of a network', () => {
    const flat = (w: Tensor): Tensor =>
      loss({
        first: reshape(slice(w, { stop: [12] }), [3, 4]),
        second: reshape(slice(w, { start: [12], stop: [16] }), [4, 1]),
      })
    const w = concatenate([reshape(params.first, [12]), reshape(params.second, [4])])
    const expected = eigh(hessian(flat)(w)).values.data() as Float64Array
    const { values, isComplete, index, trace, condition } = curvature(loss, params)
    expect(isComplete).toBe(true)
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 9)
    })
    expect(index).toBe(expected.filter((value) => value < -1e-4 * expected[15]!).length)
    expect(trace).toEqual({ mean: values.reduce((total, value) => total + value, 0), error: 0 })
    const sizes = expected.map(Math.abs)
    expect(condition).toBeCloseTo(Math.max(...sizes) / Math.min(...sizes), 3)
  })

  test('estimates the trace of what it does not know in full, and by how much it may be off', () => {
    const exact = curvature(loss, params).trace.mean
    const misses = Array.from({ length: 40 }, (_, seed) => {
      const { trace, isComplete } = curvature(loss, params, { steps: 4, seed })
      expect(isComplete).toBe(false)
      return (trace.mean - exact) / trace.error
    })
    // about normal: unbiased, and within two standard errors nearly always
    expect(Math.abs(misses.reduce((total, miss) => total + miss, 0) / 40)).toBeLessThan(0.5)
    expect(misses.filter((miss) => Math.abs(miss) < 2).length).toBeGreaterThanOrEqual(34)
  })

  test('needs no variance where the Hessian is diagonal', () => {
    const bowl = (w: Tensor) => sum(square(w).mul(tensor([1, 2, 3, 4])))
    const { trace } = curvature(bowl, tensor([1, 1, 1, 1]), { steps: 2, probes: 3 })
    expect(trace).toEqual({ mean: 20, error: 0 })
  })

  test('says what it cannot do', () => {
    expect(() => curvature(loss, params, { probes: 1 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in curvature
        probes  1
        rule    probes must be a whole number of at least 2, or the estimate has no error]
    `)
    expect(() => curvature(() => tensor(1), {})).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in curvature
        rule  params must have at least one number]
    `)
  })
})
