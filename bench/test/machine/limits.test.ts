import { describe, expect, it } from 'vitest'
import { createProbe } from '../../src/machine/limits.ts'
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
    const probe = createProbe()
    const first = probe()
    const second = probe()
    expect(first.gflops).toBeGreaterThan(0.1)
    expect(first.gbps).toBeGreaterThan(0.1)
    expect(second.gflops).toBeGreaterThanOrEqual(first.gflops)
    expect(second.gbps).toBeGreaterThanOrEqual(first.gbps)
  })
})
