import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageDirections } from '../directions/rules.ts'
import { cycles, violations } from '../directions/violations.ts'
import { findFiles, parseSource, readSources, root } from '../source/sourceFile.ts'

const sources = readSources('packages/*/{src,test}/**/*.ts')

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
}

const manifests = findFiles('packages/*/package.json').map(
  (path) => JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest,
)

describe('the workspace', () => {
  test('has no import in a wrong direction', () => {
    expect(sources.length).toBeGreaterThan(100)
    expect(violations(sources)).toEqual([])
  })

  test('has no cycle of imports', () => {
    expect(cycles(sources)).toEqual([])
  })

  test.each(manifests)('$name depends on the packages it may know and no other', (manifest) => {
    const name = manifest.name.replace('@rootstock/', '') as keyof typeof packageDirections
    const known = Object.keys(manifest.dependencies ?? {}).filter((key) =>
      key.startsWith('@rootstock/'),
    )
    const allowed = packageDirections[name].map((other) => `@rootstock/${other}`)
    expect(known.filter((key) => !allowed.some((other) => other === key))).toEqual([])
  })
})

const importing = (path: string, ...lines: string[]) => parseSource(path, lines.join('\n'))

describe('an import in a wrong direction is named', () => {
  test('between packages', () => {
    const file = importing(
      'packages/eval/src/compare.ts',
      "import { denoise } from '@rootstock/pretrain'",
      "import { sum } from '../../core/src/index.ts'",
    )
    expect(violations([file])).toMatchInlineSnapshot(`
      [
        "packages/eval/src/compare.ts:1: eval may not know pretrain",
        "packages/eval/src/compare.ts:2: packages/core/src/index.ts is in another package: import it by name",
      ]
    `)
  })

  test('from core to a package of the registry or of Node', () => {
    const file = importing(
      'packages/core/src/tree.ts',
      "import * as O from 'fp-ts/lib/Option.js'",
      "const fs = await import('node:fs')",
    )
    expect(violations([file])).toMatchInlineSnapshot(`
      [
        "packages/core/src/tree.ts:1: fp-ts/lib/Option.js is not among the packages that core may import",
        "packages/core/src/tree.ts:2: node:fs is not among the packages that core may import",
      ]
    `)
  })

  test('inside core, unless it is a type that is allowed', () => {
    const value = importing('packages/core/src/loop/loop.ts', "export * from '../graph/graph.ts'")
    const type = importing(
      'packages/core/src/graph/graph.ts',
      "import type { Primitive } from '../primitives/define.ts'",
      "import { type Primitive, define } from '../primitives/define.ts'",
    )
    expect(violations([value, type])).toMatchInlineSnapshot(`
      [
        "packages/core/src/loop/loop.ts:1: loop may not import values of graph",
        "packages/core/src/graph/graph.ts:2: graph may not import values of calculus",
      ]
    `)
  })

  test('from a new folder of core that no rule speaks of', () => {
    const file = importing('packages/core/src/misc/a.ts', "import '../shape.ts'")
    expect(violations([file])).toMatchInlineSnapshot(`
      [
        "packages/core/src/misc/a.ts:1: packages/core/src/misc/a.ts is in no part of core",
      ]
    `)
  })
})

test('a cycle is the list of its files; type imports make none', () => {
  const a = importing('a.ts', "import './b.ts'")
  const b = importing('b.ts', "export { c } from './c.ts'")
  const c = importing('c.ts', "import { a } from './a.ts'")
  const typed = importing('c.ts', "import type { a } from './a.ts'")
  expect(cycles([a, b, c])).toEqual([['a.ts', 'b.ts', 'c.ts']])
  expect(cycles([a, b, typed])).toEqual([])
})
