import { describe, expect, test } from 'vitest'
import {
  add,
  cond,
  grad,
  greater,
  jit,
  jvp,
  mul,
  placeholder,
  scan,
  sin,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  trace,
  withBackend,
} from '../../src/index.ts'
import { countOf, recordingBackend } from '../recording.ts'

const xs = tensor([1, 2, 3])
const running = (total: Tensor, x: Tensor) => [add(total, x), mul(total, x)] as const

/** Elements of a tree of tensors. */
const values = (tensors: readonly Tensor[]) => tensors.map((x) => x.toArray())

describe('scan', () => {
  test('carries state forwards or backwards', () => {
    expect(values(scan(running, tensor(0), xs))).toEqual([6, [0, 2, 9]])
    expect(values(scan(running, tensor(0), xs, { reverse: true }))).toEqual([6, [5, 6, 0]])
  })

  test('carries and stacks trees', () => {
    const [{ a, b }, { seen }] = scan(
      (c: { a: Tensor; b: Tensor }, x: { x: Tensor }) => [
        { a: c.b, b: add(c.a, x.x) },
        { seen: c.a },
      ],
      { a: tensor(0), b: tensor(1) },
      { x: xs },
    )
    expect(values([a, b, seen])).toEqual([3, 4, [0, 1, 1]])
  })

  test('needs only a length when there is nothing to walk', () => {
    const [last] = scan((c: Tensor, _: null[]) => [mul(c, 2), []], tensor(1), [], { length: 10 })
    expect(last.item()).toBe(1024)
  })

  test('over nothing returns its start', () => {
    const [last, all] = scan(running, tensor(7), tensor([]))
    expect([last.item(), all.shape]).toEqual([7, [0]])
  })

  test('of a thousand steps is one equation, and so is its gradient', () => {
    const loss = (w: Tensor, sequence: Tensor) =>
      sum(scan((h: Tensor, x: Tensor) => [tanh(add(mul(w, h), x)), h], tensor(0), sequence)[1])
    const graph = (n: number) => trace(grad(loss))(placeholder([]), placeholder([n])).graph
    expect(graph(1000).equations.length).toBe(graph(2).equations.length)
    const long = tensor(Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i)))
    const w = tensor(0.5, { dtype: 'float64' })
    const f = (v: Tensor) =>
      sum(
        scan(
          (h: Tensor, x: Tensor) => [tanh(add(mul(v, h), x)), h],
          tensor(0, { dtype: 'float64' }),
          long,
        )[1],
      )
    const step = 1e-6
    const slope = (f(add(w, step)).item() - f(sub(w, step)).item()) / (2 * step)
    expect(jit(grad(f))(w).item()).toBeCloseTo(slope, 4)
  })

  test('has the same value and gradient as the loop it stands for', () => {
    const step = (h: Tensor, x: Tensor) => sin(add(mul(h, 0.5), x))
    const looped = (x: Tensor) =>
      scan((h: Tensor, part: Tensor) => [step(h, part), h], tensor([0, 0]), x)[0]
    const unrolled = (parts: readonly Tensor[]) => parts.reduce(step, tensor([0, 0]))
    const parts = [tensor([1, 2]), tensor([3, 4]), tensor([5, 6])]
    expect(looped(stack(parts)).toArray()).toEqual(unrolled(parts).toArray())
    const gradient = grad((x: Tensor) => sum(looped(x)))(stack(parts))
    const each = grad((list: readonly Tensor[]) => sum(unrolled(list)))(parts)
    expect(gradient.toArray()).toEqual(each.map((x) => x.toArray()))
  })

  test('tells mistakes', () => {
    const one = tensor(0)
    expect(() => scan(running, one, [] as never)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in scan
        sequences  []
        length     undefined
        rule       all sequences must have the same first axis, which is the length of the loop; without sequences give length]
    `)
    expect(() => scan(running, one, xs, { length: 4 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in scan
        sequences  [float32[3]]
        length     4
        rule       all sequences must have the same first axis, which is the length of the loop; without sequences give length]
    `)
    expect(() =>
      scan((c: Tensor, x: Tensor) => [[c] as never, x], one, xs),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in scan
        given     *
        returned  [*]
        rule      the step must return a carry of the structure it was given, where * is a leaf]
    `)
    expect(() =>
      scan((c: Tensor, x: Tensor) => [stack([c, x]), x], one, xs),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in scan
        before  float32[]
        after   float32[2]
        rule    the body must return carry 0 with the type it was given: float32[]]
    `)
  })
})

describe('cond', () => {
  const f = (x: Tensor) => cond(greater(x, 1), square, (y: Tensor) => mul(y, 3), x)

  test('runs the branch that its predicate names, eagerly and compiled', () => {
    for (const run of [f, jit(f)]) {
      expect([run(tensor(2)).item(), run(tensor(1)).item()]).toEqual([4, 3])
    }
    expect(
      cond(
        true,
        () => tensor(1),
        () => tensor(2),
      ).item(),
    ).toBe(1)
  })

  test('leaves the other branch alone', () => {
    const backend = recordingBackend()
    withBackend(backend, () => cond(true, square, sin, tensor(2)))
    expect([countOf(backend.ran, 'mul'), countOf(backend.ran, 'sine')]).toEqual([1, 0])
  })

  test('is differentiated branch by branch, in both modes and twice', () => {
    expect([grad(f)(tensor(2)).item(), grad(f)(tensor(1)).item()]).toEqual([4, 3])
    expect(jvp(f, [tensor(2)], [tensor(10)])[1].item()).toBe(40)
    expect(grad(grad(f))(tensor(2)).item()).toBe(2)
    expect(jit(grad(f))(tensor(2)).item()).toBe(4)
  })

  test('passes gradients to what its branches captured', () => {
    const g = (w: Tensor, x: Tensor) =>
      cond(
        greater(x, 0),
        (y: Tensor) => mul(y, w),
        (y: Tensor) => y,
        x,
      )
    const both = grad(g, { argument: [0, 1] })
    expect(values(both(tensor(5), tensor(2)))).toEqual([2, 5])
    expect(values(both(tensor(5), tensor(-2)))).toEqual([0, 1])
  })

  test('tells mistakes', () => {
    const x = tensor(1)
    expect(() =>
      cond(
        true,
        (y: Tensor): unknown => y,
        (y: Tensor) => [y],
        x,
      ),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in cond
        then       *
        otherwise  [*]
        rule       both branches must return the same structure, where * is a leaf]
    `)
    expect(() =>
      cond(
        true,
        (y: Tensor) => y,
        (y: Tensor) => stack([y, y]),
        x,
      ),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in cond
        then       float32[]
        otherwise  float32[2]
        rule       both branches must return the same types; output 0 differs]
    `)
    expect(() => cond(tensor([true, false]), square, sin, x)).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in cond
        predicate  bool[2]
        rule       the predicate must be a scalar]
    `)
    expect(() => cond(tensor(1), square, sin, x)).toThrowErrorMatchingInlineSnapshot(`
      [DTypeError: DTypeError in cond
        predicate  float32[]
        rule       predicate must be bool, not float32]
    `)
  })
})
