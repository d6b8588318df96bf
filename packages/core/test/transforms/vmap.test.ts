import { describe, expect, test } from 'vitest'
import {
  add,
  cond,
  grad,
  less,
  matmul,
  mul,
  neg,
  random,
  scan,
  softmax,
  square,
  stack,
  sum,
  type Tensor,
  tanh,
  tensor,
  transpose,
  vmap,
  zeros,
} from '../../src/index.ts'

const rows = tensor([
  [1, 2, 3],
  [4, 5, 6],
])

/** Row i of a matrix. */
const row = (x: Tensor, i: number): Tensor => tensor((x.toArray() as number[][])[i]!)

test('a function of one example gives for each what it gives alone', () => {
  const f = (x: Tensor) => softmax(mul(x, x))
  expect(vmap(f)(rows).toArray()).toEqual(stack([f(row(rows, 0)), f(row(rows, 1))]).toArray())
})

test('arguments may be shared, and batch axes may be anywhere', () => {
  const f = (x: Tensor, w: Tensor) => matmul(x, w)
  const w = tensor([1, 10, 100])
  expect(vmap(f, { in: [0, null] })(rows, w).toArray()).toEqual([321, 654])
  expect(vmap(f, { in: [1, null] })(transpose(rows), w).toArray()).toEqual([321, 654])
  expect(vmap((x: Tensor) => mul(x, 2), { out: 1 })(rows).shape).toEqual([3, 2])
  expect(vmap((x: Tensor) => mul(x, 2), { out: -1 })(rows).shape).toEqual([3, 2])
})

test('trees go in and out, and results that do not depend on the example are repeated', () => {
  const f = ({ a, b }: { a: Tensor; b: Tensor }) => ({ total: add(a, b), one: tensor(1) })
  const found = vmap(f)({ a: tensor([1, 2]), b: tensor([10, 20]) })
  expect(found.total.toArray()).toEqual([11, 22])
  expect(found.one.toArray()).toEqual([1, 1])
})

test('gradients of single examples, of which the sum is the gradient of the sum', () => {
  const loss = (w: Tensor, x: Tensor) => sum(tanh(mul(w, x)))
  const w = tensor([0.1, -0.2, 0.3])
  const each = vmap(grad(loss), { in: [null, 0] })(w, rows)
  expect(each.shape).toEqual([2, 3])
  const whole = grad((v: Tensor) => sum(vmap(loss, { in: [null, 0] })(v, rows)))(w)
  const total = sum(each, { axis: 0 }).toArray() as number[]
  ;(whole.toArray() as number[]).forEach((value, i) => {
    expect(value).toBeCloseTo(total[i]!, 6)
  })
})

test('nested, it has one batch axis inside the other', () => {
  const table = vmap((x: Tensor) => vmap((y: Tensor) => mul(x, y))(tensor([1, 10])))
  expect(table(tensor([1, 2, 3])).toArray()).toEqual([
    [1, 10],
    [2, 20],
    [3, 30],
  ])
})

test('examples choose their own branch, and loops carry a state each', () => {
  const size = (x: Tensor) => cond(less(x, 0), neg, (y: Tensor) => y, x)
  expect(vmap(size)(tensor([-2, 3])).toArray()).toEqual([2, 3])
  const last = (xs: Tensor) =>
    scan((c: Tensor, x: Tensor) => [add(mul(c, 2), x), x], tensor(0), xs)[0]
  expect(vmap(last)(rows).toArray()).toEqual([1 * 4 + 2 * 2 + 3, 4 * 4 + 5 * 2 + 6])
})

test('an empty batch has no examples', () => {
  expect(vmap((x: Tensor) => square(x))(zeros([0, 3])).shape).toEqual([0, 3])
})

test('keys are mapped like any tensor', () => {
  const keys = stack(random.split(random.key(0), 3))
  expect(vmap((key: Tensor) => random.uniform(key, [2]))(keys).shape).toEqual([3, 2])
})

describe('mistakes', () => {
  const f = (x: Tensor) => x

  test('nothing is batched, or batches differ', () => {
    expect(() => vmap(f, { in: [null] })(rows)).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in vmap
        sizes  []
        rule   at least one argument must be batched, and all batch axes must have the same size]
    `)
    expect(() =>
      vmap((x: Tensor, y: Tensor) => add(x, y))(rows, tensor([1, 2, 3])),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in vmap
        sizes  [2, 3]
        rule   at least one argument must be batched, and all batch axes must have the same size]
    `)
  })

  test('axes that are not there', () => {
    expect(() => vmap(f, { in: [2] })(rows)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in vmap
        x     float32[2, 3]
        axis  2
        rule  every leaf of a batched argument must have the batch axis]
    `)
    expect(() => vmap(f)(tensor(1))).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in vmap
        x     float32[]
        axis  0
        rule  every leaf of a batched argument must have the batch axis]
    `)
    expect(() => vmap(f, { out: 2 })(rows)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in vmap
        result  float32[2, 3]
        out     2
        rule    out must be an axis of every result]
    `)
  })
})
