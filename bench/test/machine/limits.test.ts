import { describe, expect, it } from 'vitest'
import { createProbe, limitOf, machineNow } from '../../src/machine/machine.ts'
import {
  constant,
  encodeModule,
  firstLane,
  get,
  instantiate,
  integer,
  mul,
  repeat,
  set,
} from '../../src/machine/module.ts'

describe('probes', () => {
  it('are valid modules that compute what they say', () => {
    const power = {
      name: 'power',
      params: 1,
      vectors: 1,
      body: [set(1, constant(1)), repeat(0, set(1, mul(get(1), constant(2)))), firstLane(get(1))],
    }
    const exports = instantiate(encodeModule([power], 200)) as Readonly<
      Record<string, (count: number) => number>
    >
    expect(exports.power!(10)).toBe(1024)
    expect(integer(-1)).toEqual([0x41, 0x7f])
    expect(integer(64)).toEqual([0x41, 0xc0, 0x00])
  })

  it('see limits that only grow', () => {
    const probe = createProbe([1])
    const first = probe()
    const second = probe()
    expect(first[0]!.code).toBe('wasm')
    for (const [i, { gflops, gbps }] of first.entries()) {
      expect(gflops).toBeGreaterThan(0.1)
      expect(gbps).toBeGreaterThan(0.1)
      expect(second[i]!.gflops).toBeGreaterThanOrEqual(gflops)
      expect(second[i]!.gbps).toBeGreaterThanOrEqual(gbps)
    }
  })

  it('say for several threads of WebAssembly what follows from one, and no more', () => {
    const wasm = { code: 'wasm', threads: 1, gflops: 60, gbps: 30 } as const
    const native = { code: 'native', threads: 2, gflops: 400, gbps: 80 } as const
    expect(limitOf(machineNow([wasm]), 'wasm', 1)).toEqual(wasm)
    expect(limitOf(machineNow([wasm]), 'wasm', 2)).toEqual({ gflops: 120 })
    expect(limitOf(machineNow([wasm, native]), 'wasm', 2)).toEqual({ gflops: 120, gbps: 80 })
    expect(limitOf(machineNow([wasm]), 'native', 1)).toEqual({})
  })
})
