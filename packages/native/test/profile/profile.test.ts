import {
  add,
  type Backend,
  cond,
  jit,
  matmul,
  ones,
  scan,
  setBackend,
  sum,
  type Tensor,
  tanh,
  tensor,
  wasmBackend,
} from '@rootstock/core'
import { explain, type Profile, profile } from '@rootstock/native'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { open } from '../open.ts'

const native = await open({ threads: 2 })
const backends: Readonly<Record<string, Backend | null>> = { wasm: wasmBackend(), native }

const figures = ({ kernels }: Profile) =>
  kernels.map(({ name, loops, flops, bytes }) => ({ name, loops, flops, bytes }))

describe.each(Object.entries(backends))('a profile on %s', (name, backend) => {
  beforeEach(({ skip }) => {
    if (backend === null) skip('no compiler')
    setBackend(backend!)
  })
  afterEach(() => {
    setBackend(wasmBackend())
  })

  it('has the operations and bytes of each kernel, and times', () => {
    const layer = jit((x: Tensor, w: Tensor) => add(matmul(x, w), 1))
    const found = profile(layer, ones([32, 64]), ones([64, 16]))
    expect(figures(found)).toEqual([
      {
        name: 'contract 32 x 64 x 16',
        loops: [],
        flops: 2 * 32 * 64 * 16,
        bytes: 4 * (32 * 64 + 64 * 16 + 32 * 16),
      },
      { name: 'add', loops: [], flops: 32 * 16, bytes: 4 * 2 * 32 * 16 },
    ])
    expect(found.backend).toBe(name)
    for (const { seconds, share } of found.kernels) {
      expect(seconds).toBeGreaterThan(0)
      expect(share).toBeGreaterThan(0)
    }
    expect(found.limits.flops).toBeGreaterThan(1e8)
    expect(found.limits.bandwidth).toBeGreaterThan(1e8)
  })

  it('leaves donated arguments as they were, and counts in-place updates as reads and writes', () => {
    const step = jit((x: Tensor) => add(x, 1), { donate: [0] })
    const x = ones([100])
    expect(figures(profile(step, x))).toEqual([{ name: 'add', loops: [], flops: 100, bytes: 800 }])
    expect(x.toArray()).toEqual(Array(100).fill(1))
  })

  it('counts what is in a loop as often as the loop runs', () => {
    const run = jit(
      (xs: Tensor) =>
        scan((h: Tensor, x: Tensor) => [tanh(add(h, x)), sum(x)] as const, ones([8]), xs)[0],
    )
    const { kernels } = profile(run, ones([5, 8]))
    const inside = kernels.filter(({ loops }) => loops.length > 0)
    expect(inside.map(({ loops }) => loops)).toEqual(inside.map(() => [5]))
    expect(inside.length).toBeGreaterThan(0)
    for (const { flops } of inside) expect(flops % 5).toBe(0)
  })

  it('follows the branch that was taken', () => {
    const choose = jit((x: Tensor, c: Tensor) =>
      cond(
        c,
        (y: Tensor) => tanh(y),
        (y: Tensor) => matmul(y, y),
        x,
      ),
    )
    const names = (flag: boolean) =>
      profile(choose, ones([16, 16]), tensor(flag)).kernels.map((kernel) => kernel.name)
    expect(names(true)).not.toContain('contract 16 x 16 x 16')
    expect(names(false)).toContain('contract 16 x 16 x 16')
  })
})

describe('an explanation', () => {
  it('is the program that runs, fused', () => {
    const f = jit((x: Tensor, y: Tensor) => sum(add(x.mul(y), 1), { axis: 0 }))
    expect(explain(f, ones([2, 3]), ones([3]))).toMatchInlineSnapshot(`
      "buffers in0: float32[6], in1: float32[3], out0: float32[3]
      kernel reduce_add
        parallel for i0 < 3
          let v2: float32 = in1[i0]
          let v3: float32 = reduce add in sequence for i1 < 2
            yield in0[i0 + 3 i1] * v2 + 1.0
          out0[i0] = v3"
    `)
  })

  it('has a program for each operation of a function that is not compiled', () => {
    const f = (x: Tensor) => tanh(tanh(x))
    expect(explain(f, ones([2])).split('\n\n')).toHaveLength(2)
  })
})
