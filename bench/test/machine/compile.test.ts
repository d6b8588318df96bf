import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { compileProgram } from '../../src/machine/compile.ts'

const folder = mkdtempSync(join(tmpdir(), 'rootstock-compile-'))
afterAll(() => rmSync(folder, { recursive: true }))
const source = join(folder, 'answer.c')
writeFileSync(source, '#include <stdio.h>\nint main(void) { return puts(WORD) < 0; }\n')

const hasCompiler = compileProgram([source], [['-DWORD="here"']]) !== null
const skipped = hasCompiler ? '' : ' (skipped: no C compiler)'

describe(`programs in C${skipped}`, () => {
  it.skipIf(!hasCompiler)('are compiled with the first flags that a compiler takes', () => {
    const choices = [
      ['-lno-such-library', '-DWORD="first"'],
      ['-DWORD="second"'],
      ['-DWORD="third"'],
    ]
    const program = compileProgram([source], choices)!
    expect(spawnSync(program, { encoding: 'utf8' }).stdout).toBe('second\n')
  })

  it('are left out where no flags will do', () => {
    expect(compileProgram([source], [['-lno-such-library', '-DWORD="none"']])).toBe(null)
  })
})
