import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  add,
  checkpoint,
  exp,
  grad,
  hessian,
  hvp,
  jacobian,
  jit,
  jvp,
  mul,
  type Nested,
  sin,
  stopGradient,
  sum,
  type Tensor,
  tanh,
  tensor,
  vjp,
  vmap,
} from '../../src/index.ts'

const double = (x: Nested) => tensor(x, { dtype: 'float64' })

describe('perturbations of nested derivatives do not mix', () => {
  test('d/dx x (d/dy (x + y)) is 1, not 2', () => {
    // the classic of Siskind and Pearlmutter, Perturbation confusion and referential transparency, 2005
    const f = (x: Tensor) => mul(x, grad((y: Tensor) => add(x, y))(tensor(1)))
    expect(grad(f)(tensor(1)).item()).toBe(1)
    const g = (x: Tensor) => mul(x, jvp((y: Tensor) => add(x, y), [tensor(1)], [tensor(1)])[1])
    expect(jvp(g, [tensor(1)], [tensor(1)])[1].item()).toBe(1)
  })

  test('an inner derivative may depend on the outer variable', () => {
    // d/dx d/dy (x y)^2 = d/dx 2 x^2 y = 4 x y
    const inner = (x: Tensor) => grad((y: Tensor) => mul(mul(x, y), mul(x, y)))(tensor(3))
    expect(grad(inner)(tensor(2)).item()).toBe(24)
  })

  test('a constant of an outer derivative is one of the inner too', () => {
    const f = (x: Tensor) => grad((y: Tensor) => mul(stopGradient(x), y))(x)
    expect(grad(f)(tensor(2)).item()).toBe(0)
  })
})

describe('derivatives of any order', () => {
  const modes = {
    reverse: (f: (x: Tensor) => Tensor) => grad(f),
    forward: (f: (x: Tensor) => Tensor) => (x: Tensor) => jvp(f, [x], [double(1)])[1],
  }
  const wanted = [Math.sin, Math.cos, (x: number) => -Math.sin(x), (x: number) => -Math.cos(x)]

  test('are the same in every mixture of forward and reverse mode', () => {
    const mode = fc.constantFrom<keyof typeof modes>('forward', 'reverse')
    fc.assert(
      fc.property(fc.array(mode, { maxLength: 5 }), fc.boolean(), (order, compiled) => {
        const derivative = order.reduce(
          (f, name) => modes[name](f),
          (x: Tensor) => sin(x),
        )
        const run = compiled ? jit(derivative) : derivative
        expect(run(double(0.7)).item()).toBeCloseTo(wanted[order.length % 4]!(0.7), 13)
      }),
      { numRuns: 40 },
    )
  })
})

describe('transformations commute', () => {
  const f = (x: Tensor) => sum(mul(tanh(x), exp(mul(x, 0.5))))
  const xs = double([
    [0.1, -0.5],
    [1.5, 0.25],
  ])

  test('jit with everything', () => {
    const transformed = {
      gradient: vmap(grad(f)),
      hessian: vmap(hessian(f)),
      jacobian: (x: Tensor) => jacobian((y: Tensor) => vmap(f)(y))(x),
      product: (x: Tensor) => hvp(f, [x], [x])[0],
      pullback: (x: Tensor) => vjp(f, x)[1](double(2))[0],
      recomputed: vmap(grad(checkpoint(f))),
    }
    for (const g of Object.values(transformed)) {
      expect(jit(g)(xs).toArray()).toEqual(g(xs).toArray())
    }
  })

  test('vmap of grad with grad of vmap, when examples are apart', () => {
    const whole = grad((x: Tensor) => sum(vmap(f)(x)))
    expect(whole(xs).toArray()).toEqual(vmap(grad(f))(xs).toArray())
  })

  test('a Hessian by rows, by columns and by products', () => {
    const x = double([0.1, -0.5])
    const columns = [double([1, 0]), double([0, 1])].map((v) => hvp(f, [x], [v])[0].toArray())
    const found = hessian(f)(x).toArray() as number[][]
    const reverse = jacobian(grad(f))(x).toArray() as number[][]
    for (const i of [0, 1]) {
      for (const j of [0, 1]) {
        expect(found[i]![j]).toBeCloseTo((columns[j] as number[])[i]!, 14)
        expect(found[i]![j]).toBeCloseTo(reverse[i]![j]!, 14)
      }
    }
  })
})
