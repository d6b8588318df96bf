import { jit, referenceBackend, type Tensor, withBackend } from '@rootstock/core'
import { describe, expect, it } from 'vitest'
import { findCompiler } from '../src/compiler.ts'
import { models } from './models.ts'
import { open } from './open.ts'

const bits = (tensors: readonly Tensor[]): string[] =>
  tensors.map((x) => Array.from(x.data(), (v) => (Object.is(v, -0) ? '-0' : String(v))).join())

const run = (model: () => readonly Tensor[]): string[] => bits(jit(model)())

const targets = ['native', 'x86-64-v4', 'x86-64-v3', 'x86-64-v2'] as const

/** This machine can run what is compiled for it, and x86-64 levels that are its own or lower. */
const canRun = (target: string, isWide: boolean): boolean =>
  target === 'native' || (process.arch === 'x64' && (target !== 'x86-64-v4' || isWide))

const native = await open({ threads: 2 })
const compiler = findCompiler()
const hasAvx512 = compiler._tag === 'Right' && compiler.right.macros.has('__AVX512F__')

describe.skipIf(native === null)('the native backend', () => {
  for (const target of targets) {
    it.skipIf(!canRun(target, hasAvx512))(
      `agrees with the reference to the bit on ${target}`,
      async () => {
        const backend = (await open({ threads: 2, target: [`-march=${target}`] }))!
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
