import { readFile } from 'node:fs/promises'
import { parseArrow } from '@rootstock/data'
import * as arrow from 'apache-arrow'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { arrowColumns, columns, fixture } from '../../fixtures/expected.ts'
import { message, right } from '../../right.ts'
import { valuesOf } from '../../table/values.ts'
import { registerEncoders, write } from './compressedWriter.ts'

const files = [
  'plain.arrow',
  'lz4.arrow',
  'zstd.arrow',
  'plain.arrows',
  'lz4.arrows',
  'zstd.arrows',
]

describe('files that pyarrow wrote', () => {
  test.for(files)('%s', async (name) => {
    const read = right(await parseArrow(await readFile(fixture(name)))())
    expect(valuesOf(read)).toEqual({ ...columns, ...arrowColumns })
    const image = read.columns.find((column) => column.name === 'image')
    expect(image).toMatchObject({ kind: 'array', shape: [2, 3], values: expect.any(Uint8Array) })
  })

  test('only the columns one asks for are decoded', async () => {
    const bytes = await readFile(fixture('nested.arrow'))
    expect(message(await parseArrow(bytes, { file: 'nested.arrow' })())).toMatchInlineSnapshot(`
      "nested.arrow, column "place": a column of Struct<{zip:Int64}> where a column of numbers, texts or lists of numbers is needed
        hint  leave it out: name the other columns in columns: [...]"
    `)
    expect(valuesOf(right(await parseArrow(bytes, { columns: ['price'] })()))).toEqual({
      price: [2.5],
    })
    expect(
      message(await parseArrow(bytes, { file: 'nested.arrow', columns: ['prize'] })()),
    ).toMatchInlineSnapshot(`
      "nested.arrow: there is no column "prize"; it has "place", "price"
        hint  did you mean "price"?"
    `)
  })
})

const number = fc.double({ noNaN: true, noDefaultInfinity: true })
const row = fc.record({
  real: fc.option(number),
  whole: fc.option(fc.integer()),
  big: fc.option(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n })),
  truth: fc.option(fc.boolean()),
  text: fc.option(fc.string({ unit: 'grapheme', maxLength: 12 })),
  category: fc.option(fc.constantFrom('fish', 'soup', '')),
  pair: fc.tuple(
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.float({ noNaN: true, noDefaultInfinity: true }),
  ),
})
type Row = typeof row extends fc.Arbitrary<infer R> ? R : never

const pairType = () => new arrow.FixedSizeList(2, new arrow.Field('item', new arrow.Float32()))

const tableOf = (rows: readonly Row[]): arrow.Table => {
  const vector = <T extends arrow.DataType>(key: keyof Row, type: T) =>
    arrow.vectorFromArray(
      rows.map((r) => r[key]),
      type,
    )
  return new arrow.Table({
    real: vector('real', new arrow.Float64()),
    whole: vector('whole', new arrow.Int32()),
    big: vector('big', new arrow.Int64()),
    truth: vector('truth', new arrow.Bool()),
    text: vector('text', new arrow.Utf8()),
    category: vector('category', new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8())),
    pair: vector('pair', pairType()),
  })
}

const concatenated = ([first, ...rest]: readonly arrow.Table[]): arrow.Table =>
  rest.reduce((all, next) => all.concat(next), first!)

// Each batch brings a dictionary of its own.
const tableOfBatches = (parts: readonly (readonly Row[])[]): arrow.Table =>
  concatenated(parts.map(tableOf))

// A file holds one dictionary for all of its batches.
const cutTable = (parts: readonly (readonly Row[])[]): arrow.Table => {
  const whole = tableOf(parts.flat())
  let from = 0
  return concatenated(
    parts.map(({ length }) => {
      const part = whole.slice(from, from + length)
      from += length
      return part
    }),
  )
}

const expectedOf = (rows: readonly Row[]) => ({
  real: rows.map((r) => r.real),
  whole: rows.map((r) => r.whole),
  big: rows.map((r) => (r.big === null ? null : Number(r.big))),
  truth: rows.map((r) => (r.truth === null ? null : Number(r.truth))),
  text: rows.map((r) => r.text),
  category: rows.map((r) => r.category),
  pair: rows.map((r) => [...r.pair]),
})

beforeAll(registerEncoders)

describe('what apache-arrow writes is read', () => {
  const batches = fc.array(fc.array(row, { minLength: 1, maxLength: 12 }), {
    minLength: 1,
    maxLength: 3,
  })

  test.for([
    ['file', 'none'],
    ['file', 'lz4'],
    ['file', 'zstd'],
    ['stream', 'none'],
    ['stream', 'lz4'],
    ['stream', 'zstd'],
  ] as const)('%s, %s', async ([kind, compression]) => {
    await fc.assert(
      fc.asyncProperty(batches, async (parts) => {
        const table = kind === 'file' ? cutTable(parts) : tableOfBatches(parts)
        const bytes = write(table, kind, compression)
        const read = right(await parseArrow(bytes)())
        expect(valuesOf(read)).toEqual(expectedOf(parts.flat()))
      }),
      { numRuns: 40, seed: 1 },
    )
  })
})

const ipc = (columnsOfTable: Record<string, arrow.Vector>, kind: 'file' | 'stream' = 'file') =>
  arrow.tableToIPC(new arrow.Table(columnsOfTable), kind)

describe('files that are wrong end in an error that says where', () => {
  const floats = (...values: (number | null)[]) =>
    arrow.vectorFromArray(values, new arrow.Float64())
  const read = async (bytes: Uint8Array, options = {}) =>
    message(await parseArrow(bytes, { file: 'menu.arrow', ...options })())

  test('an empty file', async () =>
    expect(await read(new Uint8Array(0))).toMatchInlineSnapshot(`"menu.arrow: is empty: no bytes"`))

  test('no row', async () =>
    expect(await read(ipc({ price: floats() }))).toMatchInlineSnapshot(
      `"menu.arrow: is empty: no row"`,
    ))

  test('a stream without its end', async () =>
    expect(await read(ipc({ price: floats(1) }, 'stream').slice(0, -8))).toMatchInlineSnapshot(
      `"menu.arrow: ends too early: there is no end mark"`,
    ))

  test('a number that is not finite', async () => {
    const bytes = ipc({ price: floats(1, Number.NaN, null) })
    expect(await read(bytes)).toMatchInlineSnapshot(
      `
      "menu.arrow, row 2, column "price": NaN is not a finite number
        hint  if it means that the value is missing, list it in the missing markers, or read with nonFinite: "missing""
    `,
    )
    const rest = right(await parseArrow(bytes, { nonFinite: 'missing' })())
    expect(valuesOf(rest)).toEqual({ price: [1, null, null] })
  })

  test('two columns of one name', async () => {
    const bytes = ipc({ price: floats(1), prize: floats(2) }, 'stream')
    const name = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    name.write('price', name.indexOf('prize'))
    expect(await read(bytes)).toMatchInlineSnapshot(`
      "menu.arrow: two columns are named "price"
        hint  rename one, or give names: [...] for all"
    `)
  })

  test('a column named __proto__', async () => {
    const field = new arrow.Field('__proto__', new arrow.Float64())
    const schema = new arrow.Schema([field])
    const type = new arrow.Struct(schema.fields)
    const children = [floats(1).data[0]!]
    const batch = new arrow.RecordBatch(schema, arrow.makeData({ type, length: 1, children }))
    expect(await read(arrow.tableToIPC(new arrow.Table([batch])))).toMatchInlineSnapshot(`
      "menu.arrow: a column may not be named "__proto__"
        hint  rename it, or give names: [...] for all"
    `)
  })

  test('lists of different lengths, or with a missing element', async () => {
    const list = new arrow.List(new arrow.Field('item', new arrow.Float64(), true))
    const ragged = arrow.vectorFromArray([[1, 2], [3]], list)
    expect(await read(ipc({ window: ragged }))).toMatchInlineSnapshot(
      `"menu.arrow, row 2, column "window": a list of 1 where a list of 2 numbers as in row 1 is needed"`,
    )
    const holes = arrow.vectorFromArray(
      [
        [1, 2],
        [3, null],
      ],
      list,
    )
    expect(await read(ipc({ window: holes }))).toMatchInlineSnapshot(
      `"menu.arrow, row 2, column "window": a list with a missing element where a list of 2 numbers as in row 1 is needed"`,
    )
  })

  test('a column that is shorter than its batch', async () => {
    const bytes = ipc({ price: floats(1, 2, 3) }, 'stream')
    // The length of the only column, in the node of the only batch.
    const at = bytes.lastIndexOf(3, bytes.length - 33)
    expect(bytes[at]).toBe(3)
    bytes[at] = 2
    expect(await read(bytes)).toMatchInlineSnapshot(
      `"menu.arrow: a column is not as long as its batch"`,
    )
  })
})

const expectReadOrExplained = async (bytes: Uint8Array): Promise<boolean> => {
  const start = performance.now()
  const read = await parseArrow(bytes, { file: 'hostile.arrow' })()
  // Damaged files used to keep apache-arrow busy for minutes.
  expect(performance.now() - start).toBeLessThan(5000)
  if (read._tag === 'Left') expect(message(read)).toMatch(/^hostile\.arrow/)
  return read._tag === 'Right'
}

const flip = (bytes: Uint8Array, bit: number): Uint8Array => {
  const flipped = bytes.slice()
  flipped[bit >> 3]! ^= 1 << (bit & 7)
  return flipped
}

describe('hostile files', () => {
  const table = () =>
    new arrow.Table({
      price: arrow.vectorFromArray([1, null, 3], new arrow.Float64()),
      dish: arrow.vectorFromArray(['a', 'b', 'a']),
    })

  test.for(['file', 'stream'] as const)('a %s cut off anywhere is an error', async (kind) => {
    const bytes = write(table(), kind, 'none')
    for (let end = 0; end < bytes.length; end++) {
      const isRead = await expectReadOrExplained(bytes.subarray(0, end))
      expect(isRead, `the first ${end} of ${bytes.length} bytes`).toBe(false)
    }
  })

  test.for([
    ['file', 'none'],
    ['stream', 'zstd'],
  ] as const)(
    'a %s with any one bit flipped is read or explained, soon',
    async ([kind, packed]) => {
      const bytes = write(table(), kind, packed)
      for (let bit = 0; bit < bytes.length * 8; bit++) await expectReadOrExplained(flip(bytes, bit))
    },
  )

  test.for(files)('%s with one bit flipped is read or explained, soon', async (name) => {
    const bytes = new Uint8Array(await readFile(fixture(name)))
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length * 8 - 1 }), async (bit) => {
        await expectReadOrExplained(flip(bytes, bit))
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  test('a count of buffers that no file has makes none', async () => {
    const bytes = new Uint8Array(await readFile(fixture('zstd.arrows')))
    bytes[6811] = 244
    expect(message(await parseArrow(bytes, { file: 'views.arrow' })())).toMatchInlineSnapshot(
      `"views.arrow: a batch has fewer buffers than its columns"`,
    )
  })
})
