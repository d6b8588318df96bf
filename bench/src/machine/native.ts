/** What threads of this machine can do at best in native code, where there is a C compiler: `peak.c`, compiled and run. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { compileProgram } from './compile.ts'
import type { Limit } from './limits.ts'

const source = fileURLToPath(new URL('./peak.c', import.meta.url))

/** A probe of so many threads together, or null where nothing compiles it. */
export const createNativeProbe = (): ((threads: number) => Limit) | null => {
  const program = compileProgram([source], [['-ffp-contract=fast', '-pthread']])
  if (program === null) return null
  return (threads) => {
    const { stdout } = spawnSync(program, [String(threads)], { encoding: 'utf8' })
    return JSON.parse(stdout) as Limit
  }
}
