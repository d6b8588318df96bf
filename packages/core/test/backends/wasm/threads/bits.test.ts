import { random, type Tensor, withBackend } from '@rootstock/core'
import { team, trained, trainings } from '@rootstock/core/conformance'
import { describe, expect, it } from 'vitest'
import { createWasmBackend } from '../../../../src/backends/wasm/backend.ts'

const bitsOf = (tensors: readonly Tensor[]): Buffer =>
  Buffer.concat(tensors.map((x) => Buffer.from(Float32Array.from(x.data()).buffer)))

const alone = createWasmBackend({ threads: 1 })
const teams = [2, 4].map(team)

describe('sixty steps of Adam', () => {
  it.each(Object.entries(trainings))(
    'leave one set of bits for 1, 2 and 4 threads: %s',
    (_, training) => {
      const run = () => bitsOf(trained(training(), 60))
      const expected = withBackend(alone, run)
      for (const backend of teams) expect(withBackend(backend, run).equals(expected)).toBe(true)
    },
  )
})

describe('a long sum', () => {
  it('has the same bits for 1, 2 and 4 threads', () => {
    const run = () => bitsOf([random.normal(random.key(1), [300_001]).sum()])
    const expected = withBackend(alone, run)
    for (const backend of teams) expect(withBackend(backend, run).equals(expected)).toBe(true)
  })
})
