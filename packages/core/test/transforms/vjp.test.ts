import { describe, expect, test } from 'vitest'
import {
  add,
  jit,
  mul,
  sum,
  type Tensor,
  tanh,
  tensor,
  vjp,
  vmap,
  withBackend,
} from '../../src/index.ts'
import { countOf, recordingBackend } from '../recording.ts'

test('the pullback of a function of trees has their structure', () => {
  const f = ({ a, b }: { a: Tensor; b: Tensor }) => ({ product: mul(a, b), total: add(a, b) })
  const [y, pullback] = vjp(f, { a: tensor([1, 2]), b: tensor([3, 4]) })
  expect(y.product.toArray()).toEqual([3, 8])
  const [cotangents] = pullback({ product: tensor([1, 0]), total: tensor([0, 1]) })
  expect(cotangents.a.toArray()).toEqual([3, 1])
  expect(cotangents.b.toArray()).toEqual([1, 1])
})

test('many cotangents share one forward pass', () => {
  const backend = recordingBackend()
  withBackend(backend, () => {
    const [, pullback] = vjp((x: Tensor) => tanh(x), tensor([0.5, 1]))
    for (let i = 0; i < 5; i++) pullback(tensor([i, 1]))
  })
  expect(countOf(backend.ran, 'tanh')).toBe(1)
})

test('cotangents may be batched, which gives a Jacobian', () => {
  const [, pullback] = vjp((x: Tensor) => mul(x, x), tensor([1, 2, 3]))
  const rows = vmap((ct: Tensor) => pullback(ct)[0])(
    tensor([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]),
  )
  expect(rows.toArray()).toEqual([
    [2, 0, 0],
    [0, 4, 0],
    [0, 0, 6],
  ])
})

test('a pullback can be used inside jit', () => {
  const f = jit((x: Tensor, ct: Tensor) => vjp((y: Tensor) => mul(y, y), x)[1](ct)[0])
  expect(f(tensor([1, 2]), tensor([1, 10])).toArray()).toEqual([2, 40])
})

describe('mistakes', () => {
  const [, pullback] = vjp((x: Tensor) => sum(x), tensor([1, 2]))

  test('a cotangent of another structure or type', () => {
    expect(() => pullback([tensor(1)] as never)).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in vjp
        result     *
        cotangent  [*]
        rule       the cotangent must have the structure of the result, where * is a leaf]
    `)
    expect(() => pullback(tensor([1]))).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in vjp
        result     float32[]
        cotangent  float32[1]
        rule       the cotangent must have the type of the result, float32[]]
    `)
  })

  test('an argument without derivative', () => {
    expect(() => vjp((x: Tensor) => x, tensor([true]))).toThrowErrorMatchingInlineSnapshot(`
      [NotDifferentiable: NotDifferentiable in vjp
        argument 0  bool[1]
        rule        only float32 and float64 tensors have derivatives
        hint        cast it, or pass it as an argument that is not differentiated]
    `)
  })
})
