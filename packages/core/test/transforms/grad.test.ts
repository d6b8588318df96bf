import { describe, expect, test } from 'vitest'
import {
  add,
  cast,
  exp,
  grad,
  matmul,
  mean,
  mul,
  prod,
  relu,
  sin,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  zeros,
} from '../../src/index.ts'

const double = (data: number[]) => tensor(data, { dtype: 'float64' })

describe('grad', () => {
  test('of a product knows zeros', () => {
    expect(grad((x: Tensor) => prod(x))(tensor([0, 2, 3])).toArray()).toEqual([6, 0, 0])
    expect(grad((x: Tensor) => prod(x))(tensor([0, 0, 3])).toArray()).toEqual([0, 0, 0])
  })

  test('of least squares is 2/n X^T (X w - y)', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    const [w, y] = [tensor([1, -1]), tensor([1, 0, 2])]
    const loss = (v: Tensor) => mean(square(sub(matmul(x, v), y)))
    const residual = sub(matmul(x, w), y)
    const wanted = mul(matmul(residual, x), 2 / 3).toArray() as number[]
    const found = grad(loss)(w).toArray() as number[]
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 5)
    })
  })

  test('has the structure of the argument, whatever tree it is', () => {
    const params = { trunk: [{ weight: tensor([1, 2]) }], bias: tensor(3) }
    const loss = (p: typeof params) => add(sum(square(p.trunk[0]!.weight)), mul(p.bias, p.bias))
    const found = grad(loss)(params)
    expect(found.trunk[0]!.weight.toArray()).toEqual([2, 4])
    expect(found.bias.item()).toBe(6)
  })

  test('takes other arguments, and several', () => {
    const f = (x: Tensor, n: number, y: Tensor) => sum(mul(mul(x, y), n))
    const [x, y] = [tensor([1, 2]), tensor([3, 4])]
    expect(grad(f, { argument: 2 })(x, 10, y).toArray()).toEqual([10, 20])
    const [dx, dy] = grad(f, { argument: [0, 2] })(x, 10, y)
    expect([dx.toArray(), dy.toArray()]).toEqual([
      [30, 40],
      [10, 20],
    ])
  })

  test('is zero for what the result does not use', () => {
    const [dx, dy] = grad((x: Tensor, _: Tensor) => sum(x), { argument: [0, 1] })(
      tensor([1, 2]),
      tensor([3]),
    )
    expect([dx.toArray(), dy.toArray()]).toEqual([[1, 1], [0]])
    expect(grad((_: Tensor) => tensor(1))(tensor([1])).toArray()).toEqual([0])
  })

  test('keeps the dtype of the argument', () => {
    const f = (x: Tensor) => sum(cast(x, 'float32'))
    expect(grad(f)(double([1])).dtype).toBe('float64')
    expect(grad((x: Tensor) => sum(mul(x, double([2]))))(tensor([1])).dtype).toBe('float32')
  })

  test('of a sum over nothing has the shape of nothing', () => {
    expect(grad((x: Tensor) => sum(exp(x)))(zeros([0, 3])).shape).toEqual([0, 3])
  })

  test('adds up where a value is used more than once', () => {
    const f = (x: Tensor) => {
      const y = sin(x)
      return sum(add(mul(y, y), y))
    }
    const x = 0.5
    const wanted = 2 * Math.sin(x) * Math.cos(x) + Math.cos(x)
    expect((grad(f)(double([x])).toArray() as number[])[0]).toBeCloseTo(wanted, 14)
  })
})

describe('valueAndGrad', () => {
  test('gives both from one pass', () => {
    const [value, gradient] = valueAndGrad((x: Tensor) => sum(square(x)))(tensor([1, 2]))
    expect([value.item(), gradient.toArray()]).toEqual([5, [2, 4]])
  })

  test('carries auxiliary outputs of any structure and dtype', () => {
    const f = (x: Tensor) => {
      const y = relu(x)
      return [sum(y), { y, positive: cast(y, 'bool'), count: 2 }] as const
    }
    const [[value, aux], gradient] = valueAndGrad(f, { aux: true })(tensor([-1, 2]))
    expect(value.item()).toBe(2)
    expect(aux.y.toArray()).toEqual([0, 2])
    expect(aux.positive.toArray()).toEqual([false, true])
    expect(gradient.toArray()).toEqual([0, 1])
  })
})

describe('mistakes', () => {
  test('a result that is no number', () => {
    expect(() =>
      grad((x: Tensor) => square(x))(tensor([1, 2])),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in grad
        result  float32[2]
        rule    the function must return one number: a gradient is that of a scalar
        hint    sum or average the result, or use vjp or jacobian]
    `)
    expect(() =>
      grad((x: Tensor) => cast(sum(x), 'int32'))(tensor([1, 2])),
    ).toThrowErrorMatchingInlineSnapshot(`
      [NotDifferentiable: NotDifferentiable in grad
        result  int32[]
        rule    the result must be float32 or float64]
    `)
  })

  test('an argument without derivative', () => {
    const labels = tensor([1, 2], { dtype: 'int32' })
    expect(() => grad((x: Tensor) => sum(x))(labels)).toThrowErrorMatchingInlineSnapshot(`
      [NotDifferentiable: NotDifferentiable in grad
        argument 0  int32[2]
        rule        only float32 and float64 tensors have derivatives
        hint        cast it, or pass it as an argument that is not differentiated]
    `)
    expect(() =>
      grad((p: { w: { ids: Tensor } }) => sum(p.w.ids))({ w: { ids: labels } }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [NotDifferentiable: NotDifferentiable in grad
        argument 0, w/ids  int32[2]
        rule               only float32 and float64 tensors have derivatives
        hint               cast it, or pass it as an argument that is not differentiated]
    `)
  })

  test('an argument that is not there, or no data', () => {
    const at = { argument: 1 as 0 }
    expect(() => grad((x: Tensor) => sum(x), at)(tensor([1]))).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in grad
        argument  1
        given     1
        rule      argument must be the position of an argument that was passed]
    `)
    expect(() =>
      grad((p: { f: () => number }) => tensor(p.f()))({ f: () => 1 }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in grad
        leaf  () => 1
        rule  leaves of arguments and results must be tensors, numbers or booleans
        hint  a function is not data: close over it instead of passing it]
    `)
    expect(() =>
      grad((x: Tensor) => (x.size > 1 ? 'two' : 'one') as never)(tensor([1])),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in grad
        leaf  one
        rule  leaves of arguments and results must be tensors, numbers or booleans]
    `)
  })
})
