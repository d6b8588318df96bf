import { type Backend, referenceBackend, wasmBackend } from '@rootstock/core'
import { conformance } from '@rootstock/core/conformance'
import { afterAll, describe, expect, it } from 'vitest'
import { createWasmBackend } from '../../src/backends/wasm/backend.ts'

const backends: Readonly<Record<string, () => Backend>> = {
  reference: referenceBackend,
  'reference with fused contractions': () => referenceBackend({ fused: true }),
  wasm: wasmBackend,
  'wasm on three threads': () => createWasmBackend({ threads: 3, always: true }),
}

let count = 0
afterAll(() => {
  console.log(`conformance: ${count} cases on ${Object.keys(backends).length} backends`)
})

describe.each(Object.entries(backends))('the %s backend', (name, create) => {
  const cases = conformance(create, {
    graphs: name === 'wasm' ? 60 : name.startsWith('wasm') ? 20 : 5,
  })
  it.each(cases.map((given) => [given.name, given.run] as const))('agrees: %s', (_, run) => {
    count++
    expect(run).not.toThrow()
  })
})
