import { describe, expect, test } from 'vitest'
import {
  add,
  grad,
  jit,
  mul,
  reshape,
  square,
  sum,
  type Tensor,
  tensor,
  vmap,
  where,
  withBackend,
} from '../../src/index.ts'
import { recordingBackend } from '../recording.ts'

/** A function and how often it was traced. */
const counting = <A extends readonly unknown[], R>(f: (...args: A) => R) => {
  let calls = 0
  const counted = (...args: A): R => {
    calls++
    return f(...args)
  }
  return { f: counted, calls: () => calls }
}

test('a function is traced once for each structure, shape and dtype', () => {
  const { f, calls } = counting((x: Tensor) => mul(x, 2))
  const compiled = jit(f)
  compiled(tensor([1, 2]))
  compiled(tensor([3, 4]))
  expect(calls()).toBe(1)
  compiled(tensor([1, 2, 3]))
  compiled(tensor([1, 2], { dtype: 'int32' }))
  compiled(tensor([5, 6]))
  expect(calls()).toBe(3)
})

test('64 programs are kept, and the one used least recently goes first', () => {
  const { f, calls } = counting((x: Tensor) => mul(x, 2))
  const compiled = jit(f)
  const call = (size: number) => compiled(tensor(new Float32Array(size)))
  for (let size = 1; size <= 64; size++) call(size)
  call(1)
  expect(calls()).toBe(64)
  call(65) // the programs of all sizes but 2 are still there
  for (const size of [1, 3, 64, 65]) call(size)
  expect(calls()).toBe(65)
  call(2)
  expect(calls()).toBe(66)
})

test('numbers and booleans are arguments like any other, not new programs', () => {
  const { f, calls } = counting((x: Tensor, n: Tensor | number, flag: Tensor | boolean) =>
    where(flag, add(x, n), x),
  )
  const compiled = jit(f)
  expect(compiled(tensor([1]), 2, true).toArray()).toEqual([3])
  expect(compiled(tensor([1]), 5, false).toArray()).toEqual([1])
  expect(calls()).toBe(1)
})

test('structures may be any tree, in and out', () => {
  const step = jit((p: { w: Tensor; more: readonly Tensor[] }) => ({
    total: p.more.reduce((a, b) => add(a, b), p.w),
    first: [p.w],
  }))
  const found = step({ w: tensor([1]), more: [tensor([2]), tensor([3])] })
  expect(found.total.toArray()).toEqual([6])
  expect(found.first[0]!.toArray()).toEqual([1])
})

test('tensors from outside are captured with the value they had', () => {
  let factor = tensor(2)
  const scaled = jit((x: Tensor) => mul(x, factor))
  expect(scaled(tensor([1])).toArray()).toEqual([2])
  factor = tensor(10)
  expect(scaled(tensor([1])).toArray()).toEqual([2])
})

test('one call runs one program', () => {
  const backend = recordingBackend()
  withBackend(backend, () => {
    const x = tensor([1, 2])
    const f = jit((y: Tensor) => sum(square(add(y, 1))))
    f(x)
    backend.ran.length = 0
    f(x)
    expect(backend.ran).toEqual(['reduce_add'])
    expect(backend.compiled()).toBe(1)
  })
})

test('inside other transformations it is part of them', () => {
  const f = jit((x: Tensor) => sum(square(x)))
  expect(grad(f)(tensor([1, 2])).toArray()).toEqual([2, 4])
  expect(
    vmap(f)(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ).toArray(),
  ).toEqual([5, 25])
  expect(jit((x: Tensor) => add(f(x), 1))(tensor([1, 2])).item()).toBe(6)
})

test('a result may be an argument, a constant, or the same value twice', () => {
  const f = jit((x: Tensor) => {
    const y = add(x, 1)
    return [x, y, y, tensor([7]), reshape(x, [2, 1])]
  })
  expect(f(tensor([1, 2])).map((x) => x.toArray())).toEqual([
    [1, 2],
    [2, 3],
    [2, 3],
    [7],
    [[1], [2]],
  ])
})

test('a compiled function is compiled anew for another backend', () => {
  const [first, second] = [recordingBackend(), recordingBackend()]
  const f = jit((x: Tensor) => add(x, 1))
  for (const backend of [first, second, first]) withBackend(backend, () => f(tensor([1])))
  expect([first.compiled(), second.compiled()]).toEqual([1, 1])
})

describe('donation', () => {
  const step = () => jit((state: Tensor, x: Tensor) => add(state, x), { donate: [0] })

  test('lets go of the argument, whose use afterwards says so', () => {
    const [state, x] = [tensor([1, 2]), tensor([10, 10])]
    expect(step()(state, x).toArray()).toEqual([11, 12])
    expect(x.toArray()).toEqual([10, 10])
    expect(() => state.toArray()).toThrowErrorMatchingInlineSnapshot(`
      [TraceError: TraceError in toArray
        x     float32[2]
        rule  x was donated to a jitted function and its memory now holds something else
        hint  use the result of that call instead, or do not donate this argument]
    `)
    expect(() => add(state, 1)).toThrowErrorMatchingInlineSnapshot(`
      [TraceError: TraceError in add
        x     float32[2]
        rule  x was donated to a jitted function and its memory now holds something else
        hint  use the result of that call instead, or do not donate this argument]
    `)
    expect(() => step()(state, x)).toThrowErrorMatchingInlineSnapshot(`
      [TraceError: TraceError in jit
        x     float32[2]
        rule  x was donated to a jitted function and its memory now holds something else
        hint  use the result of that call instead, or do not donate this argument]
    `)
  })

  test('of one tensor twice is a mistake, and leaves it alone', () => {
    const x = tensor([1, 2])
    expect(() => step()(x, x)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in jit
        donated  leaf 0
        rule     a donated tensor must not be passed twice in one call]
    `)
    expect(x.toArray()).toEqual([1, 2])
  })

  test('lasts for a thousand steps', () => {
    const run = step()
    let state = tensor([0, 0])
    for (let i = 0; i < 1000; i++) state = run(state, tensor([1, 2]))
    expect(state.toArray()).toEqual([1000, 2000])
  })

  test('does not happen when the function fails', () => {
    const x = tensor([1, 2])
    const failing = jit(
      (_: Tensor): Tensor => {
        throw new Error('no')
      },
      { donate: [0] },
    )
    expect(() => failing(x)).toThrow('no')
    expect(x.toArray()).toEqual([1, 2])
  })
})

test('reading a value while it is traced says what to do instead', () => {
  const f = jit((x: Tensor) => (x.item() > 0 ? x : mul(x, -1)))
  expect(() => f(tensor(1))).toThrowErrorMatchingInlineSnapshot(`
    [TraceError: TraceError in item
      x     float32[]
      rule  x is traced: it stands for every possible value and has no elements yet
      hint  use where or cond to depend on a value, or return it from the traced function and read it outside]
  `)
})
