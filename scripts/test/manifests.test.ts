import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findFiles, root } from '../source/sourceFile.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, string>>
  readonly publishConfig: { readonly exports: Readonly<Record<string, unknown>> }
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const folders = findFiles('packages/*/package.json').map((path) =>
  path.replace('/package.json', ''),
)

describe.each(folders)('%s', (folder) => {
  const manifest = JSON.parse(read(`${folder}/package.json`)) as Manifest

  test('is named after its folder and says what all packages say', () => {
    expect(manifest).toMatchObject({
      name: `@rootstock/${folder.replace('packages/', '')}`,
      license: 'MIT',
      type: 'module',
      engines: { node: '>=22.12' },
      files: expect.arrayContaining(['dist', 'src']) as unknown,
      scripts: { build: 'tsc -b' },
      publishConfig: { access: 'public' },
    })
  })

  test('has the same version as the others', () => {
    const core = JSON.parse(read('packages/core/package.json')) as Manifest
    expect(manifest.version).toBe(core.version)
  })

  test('publishes what the workspace exports, built', () => {
    const { exports, publishConfig } = manifest
    const built = Object.entries(exports).map(([name, source]) => {
      if (!source.endsWith('.ts')) return [name, source]
      const path = source.replace('./src/', './dist/').replace(/\.ts$/, '')
      return [name, { types: `${path}.d.ts`, default: `${path}.js` }]
    })
    expect(publishConfig.exports).toEqual(Object.fromEntries(built))
  })

  test('carries a page and the licence', () => {
    expect(existsSync(join(root, folder, 'README.md'))).toBe(true)
    expect(read(`${folder}/LICENSE`)).toBe(read('LICENSE'))
  })
})
