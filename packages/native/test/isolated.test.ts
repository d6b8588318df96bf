import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { open } from './open.ts'

const script = fileURLToPath(new URL('./isolated.ts', import.meta.url))

const run = async (what: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, what], {
    timeout: 50_000,
  })
  return stdout.trim()
}

const native = await open({ threads: 2 })

describe.skipIf(native === null)('a process with native code', () => {
  it('computes in several threads at once, with one result', async () => {
    expect(await run('together')).toBe('1')
  })

  it('burns no processor time when it has nothing to do', async () => {
    expect(Number(await run('idle'))).toBeLessThan(0.1)
  })

  it('goes on when a thread is terminated in the middle of its work', async () => {
    expect(await run('terminated')).toBe('true')
  })

  it('keeps the pool when the thread that started it has ended', async () => {
    expect(await run('ended')).toBe('true')
  })

  it('lets threads come and go that used it each for itself', async () => {
    expect(await run('alone')).toBe('1')
  })

  it('ends while a thread computes', async () => {
    expect(await run('exit')).toBe('')
  })
})
