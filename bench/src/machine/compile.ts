/** Programs in C for this processor, where there is a compiler. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const compilers = ['cc', 'gcc', 'clang'] as const

/**
 * Compiles a program with the first list of flags that a compiler takes, and returns its path, or null where none does.
 * The program is removed with the process.
 */
export const compileProgram = (
  sources: readonly string[],
  choices: readonly (readonly string[])[],
): string | null => {
  const folder = mkdtempSync(join(tmpdir(), 'rootstock-program-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const program = join(folder, 'program')
  const isCompiled = choices.some((flags) =>
    compilers.some((compiler) => {
      const args = ['-std=gnu11', '-O3', '-march=native', ...sources, ...flags, '-o', program]
      return spawnSync(compiler, args, { stdio: 'ignore' }).status === 0
    }),
  )
  return isCompiled ? program : null
}
