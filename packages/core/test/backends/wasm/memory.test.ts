import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { Backend } from '../../../src/backends/backend.ts'
import { hostStorage, readStorage, type Storage } from '../../../src/backends/storage.ts'
import { createWasmBackend } from '../../../src/backends/wasm/backend.ts'
import { jit, matmul, ones, type Tensor, transpose, withBackend } from '../../../src/index.ts'
import type { Program } from '../../../src/loop/loop.ts'
import * as s from '../../../src/loop/scalar.ts'
import { kernel, programOf } from './agree.ts'
import { hasWideMemory } from './wide.ts'

const kibibyte = 1024

/** out[i] = x[i] + 1 for a number of float32 elements. */
const increment = (length: number): Program => {
  const at = { base: 0, terms: [{ index: 0, stride: 1 }] }
  const value = s.add(s.load('float32', 0, at), s.constant('float32', 1))
  return programOf(
    [{ dtype: 'float32', length }],
    [{ dtype: 'float32', length }],
    [
      kernel({
        kind: 'for',
        index: 0,
        extent: length,
        parallel: true,
        body: [{ kind: 'store', buffer: 1, at, value }],
      }),
    ],
  )
}

const filled = (length: number, value: number): Storage =>
  hostStorage('float32', new Float32Array(length).fill(value))

/** One step of a training loop: the next state from the last. */
const stepper = (backend: Backend, length: number, donate: boolean) => {
  const { run } = backend.compile(increment(length))
  return (state: Storage): Storage => {
    const [next] = run([state], [donate])
    if (donate) state.resident = null
    return next!
  }
}

const firstOf = (cell: Storage): number | undefined => readStorage(cell)[0]

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

describe('memory of the WASM backend', () => {
  it('is flat over a thousand runs that donate their state', () => {
    const backend = createWasmBackend()
    const step = stepper(backend, 16 * kibibyte, true)
    let state = step(step(filled(16 * kibibyte, 0)))
    const before = backend.memory()
    for (let i = 0; i < 1000; i++) state = step(state)
    expect(backend.memory()).toEqual(before)
    expect(before.resident).toBe(64 * kibibyte)
    expect(firstOf(state)).toBe(1002)
  })

  it('stays below the budget over a thousand runs that donate nothing', () => {
    const budget = 1024 * kibibyte
    const backend = createWasmBackend({ budget })
    const step = stepper(backend, 16 * kibibyte, false)
    const states = [filled(16 * kibibyte, 0)]
    for (let i = 0; i < 1000; i++) {
      states.push(step(states.at(-1)!))
      expect(backend.memory().resident).toBeLessThanOrEqual(budget)
    }
    expect(backend.memory().reserved).toBeLessThan(4 * budget)
    // spilled or not, every result is still there
    states.forEach((state, i) => {
      expect(firstOf(state)).toBe(i)
    })
  })

  it('uses spilled results again as inputs', () => {
    const backend = createWasmBackend({ budget: 200 * kibibyte })
    const step = stepper(backend, 16 * kibibyte, false)
    const first = step(filled(16 * kibibyte, 0))
    for (let i = 0; i < 10; i++) step(filled(16 * kibibyte, i))
    expect(firstOf(step(step(first)))).toBe(3)
  })

  it('lets one run exceed the budget', () => {
    const backend = createWasmBackend({ budget: 1 })
    const step = stepper(backend, 16 * kibibyte, false)
    expect(firstOf(step(step(step(filled(16 * kibibyte, 0)))))).toBe(3)
  })

  it('keeps host arrays from their second use on', () => {
    const backend = createWasmBackend()
    const { run } = backend.compile(increment(16 * kibibyte))
    const batch = filled(16 * kibibyte, 5)
    run([batch], [false])
    expect(backend.memory().resident).toBe(64 * kibibyte)
    run([batch], [false])
    expect(backend.memory().resident).toBe(3 * 64 * kibibyte)
    const [result] = run([batch], [false])
    expect(backend.memory().resident).toBe(4 * 64 * kibibyte)
    expect(firstOf(result!)).toBe(6)
  })

  it('does not keep small tensors', () => {
    const backend = createWasmBackend()
    const step = stepper(backend, 8, false)
    let state = filled(8, 0)
    for (let i = 0; i < 100; i++) state = step(state)
    expect(backend.memory().resident).toBe(0)
    expect(firstOf(state)).toBe(100)
  })

  it('takes elements from the memory of another backend', () => {
    const [one, other] = [createWasmBackend(), createWasmBackend()]
    const state = stepper(one, kibibyte, false)(filled(kibibyte, 0))
    expect(firstOf(stepper(other, kibibyte, false)(state))).toBe(2)
    expect(firstOf(stepper(one, kibibyte, false)(state))).toBe(2)
  })

  it('says what it was asked for when there is no more memory, and goes on afterwards', () => {
    const backend = createWasmBackend({ pages: 32 })
    const huge = backend.compile(increment(512 * kibibyte))
    expect(() =>
      huge.run([filled(512 * kibibyte, 0)], [false]),
    ).toThrowErrorMatchingInlineSnapshot(`
      [OutOfMemory: OutOfMemory in the wasm backend
        asked     2.0 MiB
        tensors   0.0 MiB
        arena     0.0 MiB
        reserved  1.0 MiB
        limit     2.0 MiB
        rule      the tensors of one program and its intermediates must fit into memory
        hint      use smaller batches, or donate the state of a training step to jit]
    `)
    const step = stepper(backend, 16 * kibibyte, false)
    expect(firstOf(step(filled(16 * kibibyte, 1)))).toBe(2)
    expect(backend.memory().resident).toBe(64 * kibibyte)
  })

  it('says at once that an array is larger than what 32 bits address', () => {
    const narrow = createWasmBackend({ addresses: 32 })
    const f = jit((x: Tensor) => matmul(x, transpose(x)).sum({ axis: 0 }))
    const x = withBackend(narrow, () => ones([40_000, 2]))
    expect(() => withBackend(narrow, () => f(x))).toThrowErrorMatchingInlineSnapshot(`
      [OutOfMemory: OutOfMemory in the wasm backend
        array  float32[1600000000]
        bytes  6103.5 MiB
        limit  4096.0 MiB
        rule   each array of a program must fit into the memory that 32 bits can address
        hint   use smaller batches, the native backend, or a host that has memories with 64-bit addresses]
    `)
    expect(() => narrow.compile(increment(2 ** 30))).not.toThrow()
    expect(() => narrow.compile(increment(2 ** 30 + 1))).toThrow('4096.0 MiB')
  })

  it('leaves nothing behind in a long synchronous loop that donates', () => {
    const step = stepper(createWasmBackend(), kibibyte, true)
    let state = step(filled(kibibyte, 0))
    const heap = (): number => {
      collect()
      return process.memoryUsage().heapUsed
    }
    const before = heap()
    for (let i = 0; i < 100_000; i++) state = step(state)
    expect(heap() - before).toBeLessThan(4 * 2 ** 20)
    expect(firstOf(state)).toBe(100_001)
  })

  it('gets memory back from the collector in asynchronous programs', async () => {
    const backend = createWasmBackend()
    const step = stepper(backend, 16 * kibibyte, false)
    for (let i = 0; i < 20; i++) step(filled(16 * kibibyte, i))
    expect(backend.memory().resident).toBe(20 * 64 * kibibyte)
    for (let i = 0; i < 50 && backend.memory().resident > 0; i++) {
      collect()
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    expect(backend.memory().resident).toBe(0)
  })
})

describe.skipIf(!hasWideMemory)('memory with wide addresses', () => {
  it('is there only when a program does not fit into 4 GiB', () => {
    const backend = createWasmBackend({ threads: 1 })
    const { reserved } = backend.memory()
    backend.compile(increment(2 ** 28))
    expect(backend.memory().reserved).toBe(reserved)
    backend.compile(increment(2 ** 29))
    expect(backend.memory().reserved).toBe(2 * reserved)
  })

  it('takes elements from the other memory and gives them back', () => {
    const [narrow, wide] = ([32, 64] as const).map((addresses) => createWasmBackend({ addresses }))
    const state = stepper(narrow!, kibibyte, false)(filled(kibibyte, 0))
    const next = stepper(wide!, kibibyte, false)(state)
    expect(firstOf(stepper(narrow!, kibibyte, false)(next))).toBe(3)
  })

  it('says at once that an array is too large', () => {
    const backend = createWasmBackend({ threads: 1 })
    expect(() => backend.compile(increment(2 ** 31 - 1))).not.toThrow()
    expect(() => backend.compile(increment(2 ** 31))).toThrowErrorMatchingInlineSnapshot(`
      [OutOfMemory: OutOfMemory in the wasm backend
        array  float32[2147483648]
        bytes  8192.0 MiB
        limit  16384.0 MiB
        rule   each array of a program must fit into memory and have at most 2147483647 elements
        hint   use smaller batches, or the native backend]
    `)
    expect(() => backend.compile(increment(2 ** 33))).toThrow('32768.0 MiB')
  })
})
