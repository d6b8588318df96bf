import { readFile } from 'node:fs/promises'
import { parseParquet } from '@rootstock/data'
import fc from 'fast-check'
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, test } from 'vitest'
import { decodeParquet } from '../../../src/formats/parquet/decode.ts'
import { decodeInThread } from '../../../src/formats/parquet/parseParquet.ts'
import { columns, fixture } from '../../fixtures/expected.ts'
import { isReadOrExplained, message, right } from '../../right.ts'
import { valuesOf } from '../../table/values.ts'

const codecs = ['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4', 'pages2']

describe('files that pyarrow wrote', () => {
  test.for(codecs)('%s.parquet', async (name) => {
    const read = right(await parseParquet(await readFile(fixture(`${name}.parquet`)))())
    expect(valuesOf(read)).toEqual(columns)
  })

  test('only the columns one asks for are decoded', async () => {
    const bytes = await readFile(fixture('nested.parquet'))
    const read = async (options = {}) =>
      parseParquet(bytes, { file: 'nested.parquet', ...options })()
    expect(message(await read())).toMatchInlineSnapshot(
      `"nested.parquet, row 1, column "place": a structure where a number, a text or a list of numbers is needed"`,
    )
    expect(valuesOf(right(await read({ columns: ['price'] })))).toEqual({ price: [2.5] })
    expect(message(await read({ columns: ['prize'] }))).toMatchInlineSnapshot(`
      "nested.parquet: there is no column "prize"; it has "place", "price"
        hint  did you mean "price"?"
    `)
  })
})

const file = (columnData: ColumnSource[]) =>
  new Uint8Array(parquetWriteBuffer({ columnData, codec: 'SNAPPY', rowGroupSize: 5 }))

test('what is written is read', async () => {
  const row = fc.record({
    real: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    whole: fc.integer(),
    truth: fc.option(fc.boolean()),
    text: fc.option(fc.string({ unit: 'grapheme', maxLength: 10 })),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 14 }), async (rows) => {
      const bytes = file([
        { name: 'real', type: 'DOUBLE', data: rows.map((r) => r.real) },
        { name: 'whole', type: 'INT32', data: rows.map((r) => r.whole) },
        { name: 'truth', type: 'BOOLEAN', data: rows.map((r) => r.truth) },
        { name: 'text', type: 'STRING', data: rows.map((r) => r.text) },
      ])
      expect(valuesOf(right(await decodeParquet(bytes.buffer, {})))).toEqual({
        real: rows.map((r) => r.real),
        whole: rows.map((r) => r.whole),
        truth: rows.map((r) => (r.truth === null ? null : Number(r.truth))),
        text: rows.map((r) => r.text),
      })
    }),
    { numRuns: 200, seed: 1 },
  )
})

describe('files that are wrong end in an error that says where', () => {
  const read = async (bytes: Uint8Array, options = {}) =>
    message(await parseParquet(bytes, { file: 'menu.parquet', ...options })())
  const numbers = (name: string, data: number[]): ColumnSource => ({ name, type: 'DOUBLE', data })

  test('an empty file', async () =>
    expect(await read(new Uint8Array(0))).toMatchInlineSnapshot(
      `"menu.parquet: is empty: no bytes"`,
    ))
  test('another format', async () =>
    expect(await read(new TextEncoder().encode('dish,price'))).toMatchInlineSnapshot(
      `"menu.parquet: cannot be read as a table: it does not begin with PAR1"`,
    ))
  test('a file cut off', async () =>
    expect(await read(file([numbers('price', [1])]).slice(0, -1))).toMatchInlineSnapshot(
      `"menu.parquet: ends too early: it does not end with PAR1"`,
    ))
  test('no row', async () =>
    expect(await read(file([numbers('price', [])]))).toMatchInlineSnapshot(
      `"menu.parquet: is empty: no row"`,
    ))
  test('a number that is not finite', async () => {
    const bytes = file([numbers('price', [1, Number.POSITIVE_INFINITY])])
    expect(await read(bytes)).toMatchInlineSnapshot(`
      "menu.parquet, row 2, column "price": Infinity is not a finite number
        hint  if it means that the value is missing, list it in the missing markers, or read with nonFinite: "missing""
    `)
    const missing = right(await parseParquet(bytes, { nonFinite: 'missing' })())
    expect(valuesOf(missing)).toEqual({ price: [1, null] })
  })
  test('two columns of one name', async () =>
    expect(await read(file([numbers('price', [1]), numbers('price', [2])]))).toMatchInlineSnapshot(`
      "menu.parquet: two columns are named "price"
        hint  rename one, or give names: [...] for all"
    `))
  test('a column named __proto__', async () =>
    expect(await read(file([numbers('__proto__', [1])]))).toMatchInlineSnapshot(`
      "menu.parquet: a column may not be named "__proto__"
        hint  rename it, or give names: [...] for all"
    `))
})

describe('hostile files', () => {
  test('cut off anywhere is an error', async () => {
    const bytes = await readFile(fixture('nested.parquet'))
    for (let end = 0; end < bytes.length; end++) {
      const read = await parseParquet(bytes.subarray(0, end), { file: 'cut.parquet' })()
      expect(message(read)).toMatch(/^cut\.parquet: /)
    }
  })

  test('a run length of billions is given up on', async () => {
    const bytes = new Uint8Array(await readFile(fixture('pages2.parquet')))
    bytes[460] = 194
    const name = 'long.parquet'
    expect(message(await decodeInThread(bytes, name, { file: name }, 2)())).toMatchInlineSnapshot(
      `"long.parquet: it could not be decoded in 2 seconds"`,
    )
  })

  test('with a byte changed is read or explained', async () => {
    const bytes = new Uint8Array(await readFile(fixture('snappy.parquet')))
    const change = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }))
    await fc.assert(
      fc.asyncProperty(change, async ([at, byte]) => {
        const changed = bytes.slice()
        changed[at] = byte
        const name = 'changed.parquet'
        const read = await decodeInThread(changed, name, { file: name }, 10)()
        expect(isReadOrExplained(read, name)).toBe(true)
      }),
      { numRuns: 20, seed: 1 },
    )
  })
})
