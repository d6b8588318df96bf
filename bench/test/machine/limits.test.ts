import { describe, expect, it } from 'vitest'
import { createProbe, highest, limitOf } from '../../src/machine/machine.ts'
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

  it('see what the machine can do, of which the highest counts', () => {
    const probe = createProbe([1])
    const looks = [probe(), probe()]
    for (const [i, { code, gflops, gbps }] of highest(looks).entries()) {
      expect(code).toBe(i === 0 ? 'wasm' : 'native')
      expect(gflops).toBeGreaterThan(0.1)
      expect(gbps).toBeGreaterThan(0.1)
      expect(gflops).toBe(Math.max(...looks.map((seen) => seen[i]!.gflops)))
      expect(gbps).toBe(Math.max(...looks.map((seen) => seen[i]!.gbps)))
    }
  })

  it('say for several threads of WebAssembly what follows from one, and no more', () => {
    const wasm = { code: 'wasm', threads: 1, gflops: 60, gbps: 30 } as const
    const native = { code: 'native', threads: 2, gflops: 400, gbps: 80 } as const
    expect(limitOf([wasm], 'wasm', 1)).toEqual(wasm)
    expect(limitOf([wasm], 'wasm', 2)).toEqual({ gflops: 120 })
    expect(limitOf([wasm, native], 'wasm', 2)).toEqual({ gflops: 120, gbps: 80 })
    expect(limitOf([wasm], 'native', 1)).toEqual({})
  })
})
