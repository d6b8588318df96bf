import { describe, expect, test } from 'vitest'
import {
  add,
  checkpoint,
  clamp,
  customVjp,
  exp,
  grad,
  jit,
  jvp,
  log,
  mul,
  sin,
  stopGradient,
  sum,
  type Tensor,
  tensor,
  vmap,
  withBackend,
} from '../../src/index.ts'
import { countOf, recordingBackend } from '../recording.ts'

const x = tensor([1, 2, 3])

describe('customVjp', () => {
  /** log(1 + e^x) with the gradient that does not overflow. */
  const softplus = customVjp((y: Tensor) => log(add(1, exp(y))), {
    forward: (y) => [log(add(1, exp(y))), y],
    backward: (y, ct) => [mul(ct, add(1, exp(mul(y, -1))).pow(-1))],
  })

  test('uses the rule for gradients and the function for values', () => {
    expect(softplus(tensor(0)).item()).toBeCloseTo(Math.log(2), 6)
    expect(grad((y: Tensor) => softplus(y))(tensor(100)).item()).toBe(1)
  })

  test('takes part in jit, vmap and second derivatives', () => {
    const gradient = grad((y: Tensor) => sum(softplus(y)))
    const wanted = gradient(x).toArray()
    expect(jit(gradient)(x).toArray()).toEqual(wanted)
    expect(vmap(grad((y: Tensor) => softplus(y)))(x).toArray()).toEqual(wanted)
    const second = grad((y: Tensor) => sum(gradient(y)))(tensor([0])).toArray() as number[]
    expect(second[0]).toBeCloseTo(1 / 4, 6)
  })

  test('may change the gradient, take several arguments, and remember nothing', () => {
    const clipped = customVjp((y: Tensor, scale: Tensor) => mul(y, scale), {
      forward: (y, scale) => [mul(y, scale), null],
      backward: (_, ct) => [clamp(ct, { min: -1, max: 1 }), tensor(0)],
    })
    const loss = (y: Tensor) => sum(mul(clipped(y, tensor(2)), 5))
    expect(grad(loss)(x).toArray()).toEqual([1, 1, 1])
  })

  test('leaves arguments that are no floats alone', () => {
    const scaled = customVjp((y: Tensor, n: Tensor) => mul(y, n), {
      forward: (y, n) => [mul(y, n), n],
      backward: (n, ct) => [mul(ct, n), tensor(0)],
    })
    const n = tensor(3, { dtype: 'int32' })
    expect(grad((y: Tensor) => sum(scaled(y, n)))(x).toArray()).toEqual([3, 3, 3])
  })

  describe('mistakes', () => {
    test('forward mode', () => {
      expect(() => jvp(softplus, [x], [x])[1].toArray()).toThrowErrorMatchingInlineSnapshot(`
        [NotDifferentiable: NotDifferentiable in customVjp
          rule  its rule is for reverse mode only: it has no forward-mode derivative]
      `)
    })

    test('a traced tensor from outside', () => {
      const loss = (w: Tensor) =>
        sum(
          customVjp((y: Tensor) => mul(y, w), {
            forward: (y) => [mul(y, w), y],
            backward: (y, ct) => [mul(ct, y)],
          })(x),
        )
      expect(() => grad(loss)(x)).toThrowErrorMatchingInlineSnapshot(`
        [TraceError: TraceError in customVjp
          x     float32[3]
          rule  the function uses a traced tensor from outside, whose derivative the rule could not give
          hint  pass it as an argument]
      `)
    })

    test('halves that return something else', () => {
      const same = (y: Tensor) => y
      const forward = (y: Tensor) => [y, null] as const
      const loss = (rule: Parameters<typeof customVjp<[Tensor], Tensor, unknown>>[1]) => () =>
        grad((y: Tensor) => sum(customVjp(same, rule)(y)))(x)
      const backward = (_: unknown, ct: Tensor): [Tensor] => [ct]
      expect(
        loss({ forward, backward: (_, ct) => [ct, ct] as never }),
      ).toThrowErrorMatchingInlineSnapshot(`
        [ShapeError: ShapeError in customVjp
          expected  [*]
          backward  [*,*]
          rule      backward must return a cotangent for each argument, where * is a leaf]
      `)
      expect(loss({ forward, backward: (_, ct) => [sum(ct)] })).toThrowErrorMatchingInlineSnapshot(`
        [ShapeError: ShapeError in customVjp
          expected  float32[3]
          backward  float32[]
          rule      backward must return a cotangent for each argument, of the same type]
      `)
      expect(
        loss({ forward: (y) => [sum(y), null], backward }),
      ).toThrowErrorMatchingInlineSnapshot(`
        [ShapeError: ShapeError in customVjp
          expected  float32[3]
          forward   float32[]
          rule      forward must return the value of the function, of the same type]
      `)
    })
  })
})

describe('checkpoint', () => {
  const twice = (y: Tensor) => sin(sin(y))

  test('has the value and gradient of the function', () => {
    const plain = grad((y: Tensor) => sum(twice(y)))
    const kept = grad((y: Tensor) => sum(checkpoint(twice)(y)))
    expect(checkpoint(twice)(x).toArray()).toEqual(twice(x).toArray())
    expect(kept(x).toArray()).toEqual(plain(x).toArray())
    expect(jit(kept)(x).toArray()).toEqual(plain(x).toArray())
    expect(grad((y: Tensor) => sum(kept(y)))(x).toArray()).toEqual(
      grad((y: Tensor) => sum(plain(y)))(x).toArray(),
    )
  })

  test('computes the function again for its gradient', () => {
    const exponentials = (f: (y: Tensor) => Tensor) => {
      const backend = recordingBackend()
      withBackend(backend, () => grad((y: Tensor) => sum(mul(f(y), f(y))))(x))
      return countOf(backend.ran, 'exp')
    }
    const f = (y: Tensor) => exp(sin(y))
    expect(exponentials(f)).toBe(2)
    expect(exponentials(checkpoint(f))).toBe(4)
  })

  test('passes gradients to tensors it captured', () => {
    const loss = (w: Tensor) => sum(checkpoint((y: Tensor) => mul(y, w))(x))
    expect(grad(loss)(tensor([1, 1, 1])).toArray()).toEqual([1, 2, 3])
  })
})

describe('stopGradient', () => {
  test('makes constants of whole trees', () => {
    const loss = (p: { a: Tensor; b: Tensor }) => {
      const fixed = stopGradient(p)
      return sum(add(mul(fixed.a, p.a), mul(fixed.b, fixed.b)))
    }
    const found = grad(loss)({ a: tensor([3]), b: tensor([4]) })
    expect([found.a.toArray(), found.b.toArray()]).toEqual([[3], [0]])
  })
})
