import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { compileFile, findCompiler } from '../src/compiler.ts'
import { open } from './open.ts'

const script = fileURLToPath(new URL('./isolated.ts', import.meta.url))

const run = async (what: string, env: NodeJS.ProcessEnv = {}): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, what], {
    timeout: 50_000,
    env: { ...process.env, ...env },
  })
  return stdout.trim()
}

/** A library with which threads that have slept come late now and then, as on a busy machine. */
const lateness = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>
int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *lock) {
  static atomic_int waits;
  int (*const wait)(pthread_cond_t *, pthread_mutex_t *) = dlsym(RTLD_NEXT, "pthread_cond_wait");
  const int result = wait(condition, lock);
  if (waits++ % 3 != 0) return result;
  pthread_mutex_unlock(lock);
  usleep(20000);
  pthread_mutex_lock(lock);
  return result;
}`

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

  // other systems have no LD_PRELOAD
  it.skipIf(process.platform !== 'linux')(
    'lets go of code that a late thread has not left',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'rootstock-'))
      const [source, object] = [join(folder, 'late.c'), join(folder, 'late.so')]
      writeFileSync(source, lateness)
      const compiler = findCompiler()
      if (compiler._tag === 'Left') throw new Error('no compiler')
      expect(compileFile(compiler.right, 'program', [source], object)._tag).toBe('Right')
      expect(await run('dropped', { LD_PRELOAD: object })).toBe('true')
    },
  )

  it('lets threads come and go that used it each for itself', async () => {
    expect(await run('alone')).toBe('1')
  })

  it('ends while a thread computes', async () => {
    expect(await run('exit')).toBe('')
  })
})
