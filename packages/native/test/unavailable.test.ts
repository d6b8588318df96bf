import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { explainUnavailable, nativeBackend, selectBackend } from '@rootstock/native'
import { describe, expect, it } from 'vitest'

const explained = async (options: Parameters<typeof nativeBackend>[0]): Promise<string> => {
  const found = await nativeBackend(options)()
  return found._tag === 'Left' ? explainUnavailable(found.left) : 'there is one'
}

describe('a machine without what the native backend needs', () => {
  it('has no compiler: the reason names those that were tried', async () => {
    expect(await explained({ compilers: ['no-such-cc', 'nor-this'] })).toMatchInlineSnapshot(
      `"no native backend: none of these C compilers was found: no-such-cc, nor-this"`,
    )
  })

  it('has a compiler that fails: the reason is what it said', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rootstock-'))
    const script = join(folder, 'cc')
    // answers the two questions that find a compiler, then refuses every file
    writeFileSync(
      script,
      '#!/bin/sh\ncase "$*" in *--version*) echo "fake 1.0";; *-dM*) cat >/dev/null; echo "#define A 1";; *) echo "no space left" >&2; exit 1;; esac\n',
      { mode: 0o755 },
    )
    const text = await explained({ compilers: [script], cacheFolder: join(folder, 'cache') })
    expect(text.replaceAll(folder, 'FOLDER')).toMatchInlineSnapshot(`
      "no native backend: FOLDER/cc could not compile the runtime:
      no space left"
    `)
  })

  it('has a cache that cannot be a folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rootstock-'))
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const text = await explained({ cacheFolder: join(file, 'cache') })
    expect(text.replaceAll(folder, 'FOLDER')).toMatchInlineSnapshot(
      `"no native backend: FOLDER/file/cache cannot hold compiled code: ENOTDIR: not a directory, mkdir 'FOLDER/file/cache'"`,
    )
  })

  it('gets WASM when it asks for what is best, and the reason when it insists', async () => {
    const options = { compilers: ['no-such-cc'] }
    const best = await selectBackend('auto', options)()
    expect(best._tag === 'Right' && best.right.name).toBe('wasm')
    expect((await selectBackend('native', options)())._tag).toBe('Left')
    for (const name of ['wasm', 'reference'] as const) {
      const found = await selectBackend(name)()
      expect(found._tag === 'Right' && found.right.name).toBe(name)
    }
  })
})
