import { describe, expect, test } from 'vitest'
import { cast, exp, floor, hvp, jvp, mul, sin, sum, type Tensor, tensor } from '../../src/index.ts'

test('a directional derivative is the sum of partial derivatives along the direction', () => {
  const f = (x: Tensor, y: Tensor) => mul(sin(x), y)
  const [value, tangent] = jvp(f, [tensor(0), tensor(3)], [tensor(2), tensor(10)])
  expect([value.item(), tangent.item()]).toEqual([0, 6])
})

test('trees go in and out, and results that do not move have zero tangents', () => {
  const f = ({ x }: { x: Tensor }) => ({ y: exp(x), whole: floor(x), index: cast(x, 'int32') })
  const [value, tangent] = jvp(f, [{ x: tensor([0, 1.5]) }], [{ x: tensor([1, 0]) }])
  expect(value.index.toArray()).toEqual([0, 1])
  expect(tangent.y.toArray()).toEqual([1, 0])
  expect(tangent.whole.toArray()).toEqual([0, 0])
  expect(tangent.index.toArray()).toEqual([0, 0])
})

test('hvp is the Hessian times a direction, for several arguments', () => {
  // f = x^2 y: H = [[2y, 2x], [2x, 0]]
  const f = (x: Tensor, y: Tensor) => sum(mul(mul(x, x), y))
  const [dx, dy] = hvp(f, [tensor(3), tensor(5)], [tensor(1), tensor(2)])
  expect([dx.item(), dy.item()]).toEqual([2 * 5 + 2 * 3 * 2, 2 * 3])
})

describe('mistakes', () => {
  test('tangents of another structure or type', () => {
    const x = tensor([1, 2])
    const f = (y: Tensor) => y
    expect(() => jvp(f, [x], [x, x] as never)).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in jvp
        primals   [*]
        tangents  [*,*]
        rule      tangents must have the structure of the primals, where * is a leaf]
    `)
    expect(() => jvp(f, [x], [tensor([1])])).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in jvp
        primal   float32[2]
        tangent  float32[1]
        rule     every tangent must have the type of its primal]
    `)
    expect(() =>
      jvp(f, [tensor([1], { dtype: 'int32' })], [x]),
    ).toThrowErrorMatchingInlineSnapshot(`
      [NotDifferentiable: NotDifferentiable in jvp
        argument 0  int32[1]
        rule        only float32 and float64 tensors have derivatives
        hint        cast it, or pass it as an argument that is not differentiated]
    `)
  })
})
