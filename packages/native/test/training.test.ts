import {
  type Backend,
  referenceBackend,
  type Tensor,
  wasmBackend,
  withBackend,
} from '@rootstock/core'
import { trained, trainings } from '@rootstock/core/conformance'
import { describe, expect, it } from 'vitest'
import { open } from './open.ts'

const bitsOf = (tensors: readonly Tensor[]): Buffer =>
  Buffer.concat(tensors.map((x) => Buffer.from(Float32Array.from(x.data()).buffer)))

const teams = [1, 2, 4] as const
const native = await Promise.all(teams.map((threads) => open({ threads })))
const backends: Readonly<Record<string, readonly (Backend | null)[]>> = {
  native,
  wasm: teams.map((threads) => wasmBackend({ threads })),
}

describe.each(Object.entries(backends))('sixty steps of Adam on %s', (_, [one, two, four]) => {
  it.skipIf(one === null).each(Object.entries(trainings))(
    'leave one set of bits for 1, 2 and 4 threads: %s',
    (__, training) => {
      const [alone, ...shared] = [one, two, four].map((backend) =>
        withBackend(backend!, () => bitsOf(trained(training(), 60))),
      )
      for (const found of shared) expect(found.equals(alone!)).toBe(true)
    },
  )

  it.skipIf(one === null).each(Object.entries(trainings))(
    'train, with the bits of the reference: %s',
    (__, training) => {
      const run = (steps: number) => trained(training(), steps)
      const losses = withBackend(two!, () =>
        run(60)
          .slice(0, 60)
          .map((x) => x.item()),
      )
      expect(losses.at(-1)).toBeLessThan(0.9 * losses[0]!)
      const oracle = referenceBackend({ fused: two!.fused })
      const [found, wanted] = [two!, oracle].map((backend) =>
        withBackend(backend, () => bitsOf(run(2))),
      )
      expect(found!.equals(wanted!)).toBe(true)
    },
  )
})
