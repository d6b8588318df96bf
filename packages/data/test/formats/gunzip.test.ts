import { gzipSync } from 'node:zlib'
import { gunzip } from '@rootstock/data'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { message, right } from '../right.ts'

test('what was compressed comes back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
      expect(right(await gunzip(gzipSync(bytes), 'a.gz')())).toEqual(bytes)
    }),
    { numRuns: 50, seed: 1 },
  )
})

test('a file of several parts is read whole', async () => {
  const parts = Buffer.concat([gzipSync('one '), gzipSync('two')])
  expect(new TextDecoder().decode(right(await gunzip(parts, 'a.gz')()))).toBe('one two')
})

test('a file cut off anywhere is an error', async () => {
  const bytes = gzipSync('dish,price\nfish,12\n')
  for (let end = 0; end < bytes.length; end++) {
    expect(message(await gunzip(bytes.subarray(0, end), 'a.gz')())).toMatch(/^a\.gz: /)
  }
})

test('a file cut off, changed, or with something behind it says so', async () => {
  const bytes = gzipSync('dish,price\nfish,12\n')
  const read = async (changed: Uint8Array) => message(await gunzip(changed, 'menu.csv.gz')())
  expect(await read(bytes.subarray(0, -9))).toMatchInlineSnapshot(
    `"menu.csv.gz: ends too early: gzip: unexpected end of file"`,
  )
  const wrong = Uint8Array.from(bytes)
  wrong[bytes.length - 6]! ^= 1
  expect(await read(wrong)).toMatchInlineSnapshot(`"menu.csv.gz: gzip: incorrect data check"`)
  expect(await read(Buffer.concat([bytes, Buffer.from('garbage')]))).toMatchInlineSnapshot(
    `"menu.csv.gz: gzip: incorrect header check"`,
  )
})
