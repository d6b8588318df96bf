import { referenceBackend, type Tensor, withBackend } from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { open } from './open.ts'
import { tasks, trained } from './trained.ts'

const bitsOf = (tensors: readonly Tensor[]): Buffer =>
  Buffer.concat(tensors.map((x) => Buffer.from(Float32Array.from(x.data()).buffer)))

const backends = await Promise.all([1, 2, 4].map((threads) => open({ threads })))

describe.skipIf(backends.includes(null))('sixty steps of Adam', () => {
  it.each(Object.entries(tasks))('leave one set of bits for 1, 2 and 4 threads: %s', (_, task) => {
    const [one, two, four] = backends.map((backend) =>
      withBackend(backend!, () => bitsOf(trained(task(), 60))),
    )
    expect(two!.equals(one!)).toBe(true)
    expect(four!.equals(one!)).toBe(true)
  })

  it.each(Object.entries(tasks))('train, with the bits of the reference: %s', (_, task) => {
    const run = (steps: number) => trained(task(), steps)
    const losses = withBackend(backends[1]!, () =>
      run(60)
        .slice(0, 60)
        .map((x) => x.item()),
    )
    expect(losses.at(-1)).toBeLessThan(0.9 * losses[0]!)
    const oracle = referenceBackend({ fused: backends[1]!.fused })
    const [found, wanted] = [backends[1]!, oracle].map((backend) =>
      withBackend(backend, () => bitsOf(run(2))),
    )
    expect(found!.equals(wanted!)).toBe(true)
  })
})
