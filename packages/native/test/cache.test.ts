import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { type Cache, objectOf, openCache, type Source } from '../src/cache.ts'
import { findCompiler } from '../src/compiler.ts'

const compiler = findCompiler()

const folder = (): string => mkdtempSync(join(tmpdir(), 'rootstock-'))

const source = (text: string): Source => ({ role: 'program', files: { 'program.c': text } })

const right = <A>(found: E.Either<unknown, A>): A => {
  if (E.isRight(found)) return found.right
  throw new Error(JSON.stringify(found.left))
}

const objects = ({ folder: at }: Cache): string[] =>
  readdirSync(at).filter((name) => name.endsWith('.so'))

describe.skipIf(E.isLeft(compiler))('the cache of compiled code', () => {
  const cc = E.isRight(compiler) ? compiler.right : null!

  it('is a folder for its owner alone, also where it was open before', () => {
    const at = join(folder(), 'a', 'b')
    right(openCache({ folder: at }))
    expect(statSync(at).mode & 0o777).toBe(0o700)
    chmodSync(at, 0o777)
    right(openCache({ folder: at }))
    expect(statSync(at).mode & 0o777).toBe(0o700)
  })

  it('compiles a source once', () => {
    const cache = right(openCache({ folder: folder() }))
    const first = right(objectOf(cache, cc, source('int x;')))
    const { mtimeMs } = statSync(first)
    expect(right(objectOf(cache, cc, source('int x;')))).toBe(first)
    // setting a time drops what is below a millisecond
    expect(statSync(first).mtimeMs).toBeGreaterThanOrEqual(Math.floor(mtimeMs))
    expect(objects(cache)).toHaveLength(1)
    right(objectOf(cache, cc, source('int y;')))
    expect(objects(cache)).toHaveLength(2)
  })

  it('keeps code for another processor apart, in a folder that machines share', () => {
    const cache = right(openCache({ folder: folder() }))
    const other = { ...cc, macros: new Set([...cc.macros, '__OTHER__']) }
    const paths = [cc, other].map((one) => right(objectOf(cache, one, source('int x;'))))
    expect(new Set(paths).size).toBe(2)
  })

  it('makes a damaged entry again', () => {
    const cache = right(openCache({ folder: folder() }))
    const path = right(objectOf(cache, cc, source('int x;')))
    const whole = statSync(path).size
    truncateSync(path, 100)
    expect(statSync(right(objectOf(cache, cc, source('int x;')))).size).toBe(whole)
    expect(objects(cache)).toHaveLength(1)
  })

  it('says what the compiler said about a wrong source, and leaves nothing behind', () => {
    const cache = right(openCache({ folder: folder() }))
    const found = objectOf(cache, cc, source('int x = ;'))
    expect(E.isLeft(found) && found.left).toContain('program.c')
    expect(readdirSync(cache.folder)).toEqual([])
  })

  it('keeps to its limit, the longest unused entries going first', () => {
    const cache = right(openCache({ folder: folder() }))
    const size = statSync(right(objectOf(cache, cc, source('int first;')))).size
    const small = { ...cache, limit: Math.floor(2.5 * size) }
    const kept = ['second', 'third'].map((name) =>
      right(objectOf(small, cc, source(`int ${name};`))),
    )
    expect(
      objects(small)
        .map((name) => join(small.folder, name))
        .toSorted(),
    ).toEqual(kept.toSorted())
  })

  it('serves several processes that want the same thing at once', async () => {
    const at = folder()
    const script = join(at, 'script.ts')
    const module = (name: string) =>
      JSON.stringify(new URL(`../src/${name}.ts`, import.meta.url).href)
    writeFileSync(
      script,
      `import { openCache, objectOf } from ${module('cache')}
       import { findCompiler } from ${module('compiler')}
       const cache = openCache({ folder: ${JSON.stringify(join(at, 'cache'))} }).right
       const files = { 'program.c': 'int answer(void) { return 42; }' }
       console.log(objectOf(cache, findCompiler().right, { role: 'program', files }).right)`,
    )
    const runs = await Promise.all(
      Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, [script])),
    )
    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(1)
    expect(readdirSync(join(at, 'cache'))).toHaveLength(1)
  })
})
