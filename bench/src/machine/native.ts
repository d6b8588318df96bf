/** What threads of this machine can do at best in native code, where there is a C compiler: `peak.c`, compiled and run. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Limit } from './limits.ts'

const source = fileURLToPath(new URL('./peak.c', import.meta.url))
const flags = ['-std=gnu11', '-O3', '-march=native', '-ffp-contract=fast', '-pthread']

/** A probe of so many threads together, or null where nothing compiles it. Its program is removed with the process. */
export const createNativeProbe = (): ((threads: number) => Limit) | null => {
  const folder = mkdtempSync(join(tmpdir(), 'rootstock-peak-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const program = join(folder, 'peak')
  const isCompiled = ['cc', 'gcc', 'clang'].some(
    (compiler) =>
      spawnSync(compiler, [...flags, '-o', program, source], { stdio: 'ignore' }).status === 0,
  )
  if (!isCompiled) return null
  return (threads) => {
    const { stdout } = spawnSync(program, [String(threads)], { encoding: 'utf8' })
    return JSON.parse(stdout) as Limit
  }
}
