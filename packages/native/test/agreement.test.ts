import { jit, referenceBackend, type Tensor, withBackend } from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { models } from './models.ts'
import { open } from './open.ts'
import { targets } from './targets.ts'

const bits = (tensors: readonly Tensor[]): string[] =>
  tensors.map((x) => Array.from(x.data(), (v) => (Object.is(v, -0) ? '-0' : String(v))).join())

const run = (model: () => readonly Tensor[]): string[] => bits(jit(model)())

const native = await open({ threads: 2 })

describe.skipIf(native === null)('the native backend', () => {
  for (const { name: target, options, missing } of targets) {
    it.skipIf(missing !== null)(
      `agrees with the reference to the bit on ${target}${missing === null ? '' : `: ${missing}`}`,
      async () => {
        const backend = (await open({ threads: 2, ...options }))!
        const oracle = referenceBackend({ fused: backend.fused })
        for (const [name, model] of Object.entries(models)) {
          const wanted = withBackend(oracle, () => run(model))
          expect([name, ...withBackend(backend, () => run(model))]).toEqual([name, ...wanted])
        }
      },
    )
  }

  it('gives the same bits with 1, 2 and 4 threads', async () => {
    const [one, two, four] = await Promise.all(
      [1, 2, 4].map(async (threads) => (await open({ threads }))!),
    )
    for (const model of Object.values(models)) {
      const wanted = withBackend(one!, () => run(model))
      expect(withBackend(two!, () => run(model))).toEqual(wanted)
      expect(withBackend(four!, () => run(model))).toEqual(wanted)
    }
  })
})
