import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { type Compiler, findCompiler } from '../src/compiler.ts'
import { createNativeBackend } from '../src/native.ts'

const usual = findCompiler()

const right = (found: E.Either<unknown, Compiler>): Compiler => {
  if (E.isRight(found)) return found.right
  throw new Error(JSON.stringify(found.left))
}

/** The usual compiler, but for flags that it refuses, by a pattern of the shell. */
const refusing = (pattern: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'rootstock-')), 'cc')
  const { command } = right(usual)
  const lines = ['#!/bin/sh', `case "$*" in ${pattern}) exit 1;; esac`, `exec ${command} "$@"`, '']
  writeFileSync(path, lines.join('\n'), { mode: 0o755 })
  return path
}

describe.skipIf(E.isLeft(usual))('the compiler of a machine', () => {
  // elsewhere it depends on the compiler whether it knows the processor
  it.skipIf(process.arch !== 'x64')('is told to make code for this processor', () => {
    expect(right(usual).target).toEqual(['-march=native'])
  })

  it('makes code for any processor of the architecture where it does not know this one', async () => {
    const compilers = [refusing('*=native*')]
    expect(right(findCompiler({ compilers })).target).toEqual([])
    const cacheFolder = mkdtempSync(join(tmpdir(), 'rootstock-'))
    expect((await createNativeBackend({ compilers, cacheFolder })())._tag).toBe('Right')
  })

  it('is not asked for less than what was asked for', () => {
    const found = findCompiler({ compilers: [refusing('*=other*')], target: ['-march=other'] })
    expect(found._tag).toBe('Left')
  })

  it('is the one that CC names, if there is such a one', () => {
    const { CC } = process.env
    try {
      process.env.CC = refusing('*=other*')
      expect(right(findCompiler()).command).toBe(process.env.CC)
      process.env.CC = 'no-such-compiler'
      expect(right(findCompiler()).command).not.toBe('no-such-compiler')
    } finally {
      if (CC === undefined) delete process.env.CC
      else process.env.CC = CC
    }
  })
})
