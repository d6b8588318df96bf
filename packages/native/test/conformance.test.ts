import type { Backend } from '@rootstock/core'
import { conformance } from '@rootstock/core/conformance'
import { afterAll, describe, expect, it } from 'vitest'
import { open } from './open.ts'

/**
 * Each program takes the compiler some 50 ms, so this runs one case in `stride`, another one for each target.
 * `npm run agreement -- --all` runs all of them.
 */
const stride = 24

const targets = ['native', 'x86-64-v4', 'x86-64-v3', 'x86-64-v2'] as const
const widest = await open()

/** Why a target cannot be tested here, or null. */
const missing = (target: string): string | null => {
  if (widest === null) return 'no compiler'
  if (target !== 'native' && process.arch !== 'x64') return `this is ${process.arch}`
  return null
}

let count = 0
afterAll(() => {
  console.log(`conformance of native code: ${count} cases, one in ${stride} for each target`)
})

describe.each(targets.map((target, i) => [target, i] as const))(
  'native code for %s',
  (target, i) => {
    const why = missing(target)
    const created: { backend: Backend | null } = { backend: null }
    const cases = conformance(() => created.backend!, { graphs: 10 }).filter(
      (_, k) => k % stride === (7 * i) % stride,
    )
    it.skipIf(why !== null)(`is compiled and loaded${why === null ? '' : `: ${why}`}`, async () => {
      created.backend = await open({ threads: 3, always: true, target: [`-march=${target}`] })
      expect(created.backend?.name).toBe('native')
    })
    it.skipIf(why !== null).each(cases.map((given) => [given.name, given.run] as const))(
      'agrees: %s',
      (_, run) => {
        count++
        expect(run).not.toThrow()
      },
    )
  },
)
