import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const script = fileURLToPath(new URL('./training.ts', import.meta.url))

/** What the process prints; it is killed, and this fails, when it does not end by itself. */
const outputOf = async (mode: string): Promise<number> => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, mode], {
    timeout: 50_000,
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  return Number(stdout)
}

describe('a process that has used threads', () => {
  it('takes no processor time without work, and ends by itself', async () => {
    expect(await outputOf('idle')).toBeLessThan(30)
  })

  it('may use the backend in worker threads of its own too', async () => {
    expect(await outputOf('workers')).toBe(1)
  })
})
