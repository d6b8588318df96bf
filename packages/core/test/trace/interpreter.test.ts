import { describe, expect, test } from 'vitest'
import {
  add,
  checkpoint,
  cond,
  customVjp,
  evalShape,
  grad,
  jit,
  jvp,
  mul,
  placeholder,
  scan,
  sum,
  type Tensor,
  tensor,
  trace,
  vjp,
  vmap,
} from '../../src/index.ts'
import { isEager } from '../../src/trace/interpreter.ts'

const x = tensor([1, 2])
const fails = (_: Tensor): Tensor => {
  throw new Error('the function failed')
}

const transformations: Readonly<Record<string, () => unknown>> = {
  grad: () => grad(fails)(x),
  vjp: () => vjp(fails, x),
  jvp: () => jvp(fails, [x], [x]),
  vmap: () => vmap(fails)(x),
  jit: () => jit(fails)(x),
  trace: () => trace(fails)(x),
  evalShape: () => evalShape(fails)(placeholder([2])),
  checkpoint: () => checkpoint(fails)(x),
  customVjp: () => customVjp(fails, { forward: (y) => [y, y], backward: (y) => [y] })(x),
  'the forward half of a rule': () =>
    grad((y: Tensor) =>
      sum(customVjp((z: Tensor) => z, { forward: fails as never, backward: () => [x] })(y)),
    )(x),
  'the backward half of a rule': () =>
    grad((y: Tensor) =>
      sum(customVjp((z: Tensor) => z, { forward: (z) => [z, z], backward: fails as never })(y)),
    )(x),
  scan: () => scan((c: Tensor) => [fails(c), c], tensor(0), x),
  cond: () => cond(true, fails, (y: Tensor) => y, x),
  'many of them': () => jit(vmap(grad((y: Tensor) => sum(jit(vmap(fails))(y)))))(tensor([[1, 2]])),
}

describe('a function that throws leaves nothing behind', () => {
  test.each(Object.keys(transformations))('in %s', (name) => {
    expect(transformations[name]!).toThrow('the function failed')
    expect(isEager()).toBe(true)
    expect(add(x, 1).toArray()).toEqual([2, 3])
    expect(grad((y: Tensor) => sum(mul(y, y)))(x).toArray()).toEqual([2, 4])
  })

  test('in a derivative whose error is caught inside another', () => {
    const careful = (y: Tensor): Tensor => {
      try {
        return grad(fails)(y)
      } catch {
        return mul(y, 3)
      }
    }
    expect(grad((y: Tensor) => sum(careful(y)))(x).toArray()).toEqual([3, 3])
  })
})

describe('a tensor that escapes its transformation', () => {
  const leak = (run: (f: (y: Tensor) => Tensor) => unknown): Tensor => {
    let escaped: Tensor | null = null
    run((y) => {
      escaped = mul(y, 2)
      return sum(escaped)
    })
    return escaped!
  }

  test('says so when it is used or read', () => {
    const escaped = leak((f) => grad(f)(x))
    expect(() => add(escaped, 1)).toThrowErrorMatchingInlineSnapshot(`
      [TraceError: TraceError in add
        x     float32[2]
        rule  x was made inside a transformation that has ended
        hint  return it from the transformed function instead of keeping it in an outer variable]
    `)
    expect(() => escaped.toArray()).toThrowErrorMatchingInlineSnapshot(`
      [TraceError: TraceError in toArray
        x     float32[2]
        rule  x is traced: it stands for every possible value and has no elements yet
        hint  use where or cond to depend on a value, or return it from the traced function and read it outside]
    `)
    expect(() => jit((y: Tensor) => add(y, 1))(escaped)).toThrowErrorMatchingInlineSnapshot(`
      [TraceError: TraceError in jit
        x     float32[2]
        rule  x is traced: it stands for every possible value and has no elements yet
        hint  use where or cond to depend on a value, or return it from the traced function and read it outside]
    `)
    const traced = leak((f) => jit(f)(x))
    expect(() => add(traced, 1)).toThrowErrorMatchingInlineSnapshot(`
      [TraceError: TraceError in add
        x     float32[2]
        rule  x was made inside a transformation that has ended
        hint  return it from the transformed function instead of keeping it in an outer variable]
    `)
    expect(() => jit(() => add(traced, 1))()).toThrowErrorMatchingInlineSnapshot(`
      [TraceError: TraceError in jit
        x     float32[2]
        rule  x is traced: it stands for every possible value and has no elements yet
        hint  use where or cond to depend on a value, or return it from the traced function and read it outside]
    `)
  })
})
