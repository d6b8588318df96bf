import { type Backend, referenceBackend, setBackend, wasmBackend } from '@rootstock/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { samples } from '../../src/conformance/samples/samples.ts'
import { type PrimitiveName, primitives } from '../../src/primitives/all.ts'
import { lawsOf } from './laws.ts'

const backends: Readonly<Record<string, () => Backend>> = {
  reference: referenceBackend,
  wasm: wasmBackend,
}

const names = Object.keys(primitives) as PrimitiveName[]

let cases = 0
afterAll(() => {
  console.log(`laws: ${cases} cases of ${names.length} primitives`)
})

describe.each(Object.entries(backends))('on the %s backend', (_, create) => {
  beforeAll(() => {
    setBackend(create())
  })

  it.each(names)('%s keeps every law at every sample', (name) => {
    const failures: string[] = []
    expect(samples[name]).not.toEqual([])
    for (const sample of samples[name]) {
      for (const law of lawsOf(sample, primitives[name].derivative)) {
        cases++
        try {
          law.check()
        } catch (error) {
          failures.push(`${sample.name}, ${law.name}: ${String(error)}`)
        }
      }
    }
    expect(failures).toEqual([])
  })
})
