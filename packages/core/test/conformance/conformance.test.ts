import { type Backend, referenceBackend, wasmBackend } from '@rootstock/core'
import { conformance } from '@rootstock/core/conformance'
import { afterAll, describe, expect, it } from 'vitest'
import { createWasmBackend } from '../../src/backends/wasm/backend.ts'
import { hasWideMemory } from '../backends/wasm/wide.ts'

const backends: Readonly<Record<string, () => Backend>> = {
  reference: referenceBackend,
  'reference with fused contractions': () => referenceBackend({ fused: true }),
  wasm: wasmBackend,
  'wasm on three threads': () => createWasmBackend({ threads: 3, always: true }),
  'wasm with wide addresses': () => createWasmBackend({ threads: 2, always: true, addresses: 64 }),
}

/** Hosts before Node 24 have no memories with 64-bit addresses. */
const isMissing = (name: string): boolean => name.includes('wide') && !hasWideMemory

let count = 0
afterAll(() => {
  const run = Object.keys(backends).filter((name) => !isMissing(name))
  console.log(`conformance: ${count} cases on ${run.length} backends`)
})

describe.each(Object.entries(backends))('the %s backend', (name, create) => {
  const cases = conformance(create, {
    graphs: name === 'wasm' ? 60 : name.startsWith('wasm') ? 20 : 5,
  })
  const named = cases.map((given) => [given.name, given.run] as const)
  it.skipIf(isMissing(name)).each(named)('agrees: %s', (_, run) => {
    count++
    expect(run).not.toThrow()
  })
})
