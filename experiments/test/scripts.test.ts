/** The scripts beside the configs run as they are. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const shared = join(root, '../shared/data')

const run = async (script: string, ...args: readonly string[]): Promise<string> => {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs')
  const path = join(root, 'experiments', script)
  const { stdout } = await promisify(execFile)(process.execPath, [tsx, path, ...args], {
    cwd: root,
  })
  return stdout
}

test('restaurants.ts compares three arms on two tasks', async () => {
  const printed = await run('restaurants.ts')
  expect(printed).toContain('restaurants: gains over scratch, 5 seeds, 95 % intervals')
  for (const arm of ['probe', 'tuned']) {
    expect(printed.match(new RegExp(`${arm}: (helps|no gain shown|hurts), `, 'g'))).toHaveLength(2)
  }
})

test.skipIf(!existsSync(shared))(
  'penguins.ts compares three arms on three tasks (skipped without ../shared/data)',
  async () => {
    const printed = await run('penguins.ts', join(shared, 'penguins'))
    expect(printed.match(/tuned: (helps|no gain shown|hurts), /g)).toHaveLength(3)
  },
)

test('penguins.ts says what is wrong with its folder', async () => {
  expect(await run('penguins.ts', 'no-such-folder')).toBe(
    'no-such-folder/penguins.csv: there is no such file\n',
  )
})
