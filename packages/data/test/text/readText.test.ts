import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { readText } from '@rootstock/data'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { message, right } from '../right.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rootstock-text-'))
})
afterAll(() => rm(folder, { recursive: true }))

const read = async (name: string, content: string | Uint8Array) => {
  const path = join(folder, name)
  await writeFile(path, content)
  return readText(path)()
}

test('a text is read as it is, line ends and all, without its byte order mark', async () => {
  expect(right(await read('plain.txt', '\uFEFFça\r\nva 😀\n'))).toBe('ça\r\nva 😀\n')
  expect(right(await read('empty.txt', ''))).toBe('')
})

test('gzip is undone, whatever the name', async () => {
  expect(right(await read('packed.txt', gzipSync('fish')))).toBe('fish')
})

test('what is wrong with a file is said', async () => {
  const latin = await read('latin.txt', Uint8Array.of(0x66, 0xfc, 0x72))
  expect(message(latin).replace(folder, '')).toMatchInlineSnapshot(`"/latin.txt: it is not UTF-8"`)
  const absent = await readText(join(folder, 'plane.txt'))()
  expect(message(absent).replace(folder, '')).toMatchInlineSnapshot(`
    "/plane.txt: there is no such file
      hint  did you mean "plain.txt"?"
  `)
})
