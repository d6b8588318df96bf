import type { Backend } from '@rootstock/core'
import { conformance } from '@rootstock/core/conformance'
import { afterAll, describe, expect, it } from 'vitest'
import { open } from './open.ts'
import { targets } from './targets.ts'

/**
 * Each program takes the compiler some 50 ms, so this runs one case in `stride`, another one for each target, and all of those
 * that a compiler has got wrong, that loops would get wrong in another order, or that test code no other case comes to. `npm run agreement -- --all` runs all of them.
 */
const stride = 24
const notorious = /^(choices|rows|zeros)/

let count = 0
afterAll(() => {
  console.log(`conformance of native code: ${count} cases, one in ${stride} for each target`)
})

describe.each(targets.map((target, i) => ({ ...target, i })))(
  'native code for $name',
  ({ options, missing, i }) => {
    const created: { backend: Backend | null } = { backend: null }
    const cases = conformance(() => created.backend!, { graphs: 10 }).filter(
      ({ name }, k) => notorious.test(name) || k % stride === (7 * i) % stride,
    )
    const title = `is compiled and loaded${missing === null ? '' : `: ${missing}`}`
    it.skipIf(missing !== null)(title, async () => {
      created.backend = await open({ threads: 3, always: true, ...options })
      expect(created.backend?.name).toBe('native')
    })
    if (missing !== null) return
    it.each(cases.map((given) => [given.name, given.run] as const))('agrees: %s', (_, run) => {
      count++
      expect(run).not.toThrow()
    })
  },
)
