import { describe, expect, test } from 'vitest'
import {
  add,
  hessian,
  jacobian,
  jit,
  matmul,
  mul,
  prod,
  reshape,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
} from '../../src/index.ts'

const a = tensor([
  [1, 2, 3],
  [4, 5, 6],
])

describe('jacobian', () => {
  test.each(['forward', 'reverse'] as const)(
    'of a matrix product is the matrix, in %s mode',
    (mode) => {
      const f = (x: Tensor) => matmul(a, x)
      expect(jacobian(f, { mode })(tensor([1, 1, 1])).toArray()).toEqual(a.toArray())
    },
  )

  test.each(['forward', 'reverse'] as const)(
    'has the axes of the result, then of the argument, in %s mode',
    (mode) => {
      const f = (x: Tensor) => reshape(mul(x, x), [3, 2])
      const found = jacobian(f, { mode })(a)
      expect(found.shape).toEqual([3, 2, 2, 3])
      expect(sum(found).item()).toBe(2 * 21)
    },
  )
})

describe('hessian', () => {
  test('of a quadratic form is the symmetric part of twice its matrix', () => {
    const m = tensor([
      [1, 4],
      [2, 3],
    ])
    const f = (x: Tensor) => sum(mul(x, matmul(m, x)))
    expect(hessian(f)(tensor([7, -1])).toArray()).toEqual([
      [2, 6],
      [6, 6],
    ])
  })

  test('of Rosenbrock is that of the textbook, compiled too', () => {
    const f = (p: Tensor) => {
      const [x, y] = [slice(p, { stop: [1] }), slice(p, { start: [1] })]
      return sum(add(square(sub(1, x)), mul(100, square(sub(y, square(x))))))
    }
    const at = tensor([-1, 2], { dtype: 'float64' })
    const wanted = [
      [1200 - 400 * 2 + 2, 400],
      [400, 200],
    ]
    expect(hessian(f)(at).toArray()).toEqual(wanted)
    expect(jit(hessian(f))(at).toArray()).toEqual(wanted)
  })

  test('of a product through zeros is exact', () => {
    expect(hessian((x: Tensor) => prod(x))(tensor([0, 0, 3])).toArray()).toEqual([
      [0, 3, 0],
      [3, 0, 0],
      [0, 0, 0],
    ])
  })
})
