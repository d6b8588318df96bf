/** Parquet through hyparquet, column by column, so that no row object is ever made. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { DataError } from '../error.ts'
import type { Column } from '../table/column.ts'
import { type Table, table } from '../table/table.ts'
import { chosenColumns } from './chosen.ts'
import { decodeHadoopLz4, decodeLz4Block } from './lz4.ts'
import { columnOfValues } from './values.ts'

/** What to read of a Parquet or an Arrow file. */
export interface ColumnarOptions {
  /** Name of the file in messages. */
  readonly file?: string
  /** Read only these columns, in this order. */
  readonly columns?: readonly string[]
  /** NaN and infinities in number columns: an error (default), or missing values. */
  readonly nonFinite?: 'error' | 'missing'
}

const magicAt = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x50 && bytes[at + 1] === 0x41 && bytes[at + 2] === 0x52 && bytes[at + 3] === 0x31

/** True if bytes begin with `PAR1`. */
export const isParquet = (bytes: Uint8Array): boolean => bytes.length >= 4 && magicAt(bytes, 0)

// A corrupt file can declare any number of rows; this is more than fits into the columns of a table anyway.
const mostRows = 0x7fffffff

// A page is written in one piece, a megabyte as a rule; a damaged header can declare any size.
const mostPageBytes = 2 ** 28

const bounded =
  (decode: (input: Uint8Array, length: number) => Uint8Array) =>
  (input: Uint8Array, length: number): Uint8Array => {
    if (length <= mostPageBytes) return decode(input, length)
    throw new Error(`a page of ${length} bytes is more than a page can be`)
  }

const decompressors = async () => {
  const { compressors } = await import('hyparquet-compressors')
  // Its own LZ4 decoder stumbles over a block that ends in an empty run of literals, as pyarrow writes them.
  const all = { ...compressors, LZ4: decodeHadoopLz4, LZ4_RAW: decodeLz4Block }
  return Object.fromEntries(Object.entries(all).map(([codec, decode]) => [codec, bounded(decode)]))
}

const read = async (
  bytes: Uint8Array,
  file: string,
  options: ColumnarOptions,
): Promise<E.Either<DataError, Table>> => {
  const { parquetMetadata, parquetScan, parquetSchema } = await import('hyparquet')
  const compressors = await decompressors()
  // Not slice: that of a Node buffer copies nothing and has the bytes of others around it.
  const { buffer } = new Uint8Array(bytes)
  const metadata = parquetMetadata(buffer)
  const rows = Number(metadata.num_rows)
  if (rows === 0) return E.left({ _tag: 'FileEmpty', file, reason: 'no row' })
  if (!(rows > 0 && rows <= mostRows)) {
    return E.left({ _tag: 'FileCorrupt', file, reason: `it declares ${rows} rows` })
  }
  const available = parquetSchema(metadata).children.map((child) => child.element.name)
  const names = chosenColumns(file, available, options.columns)
  if (E.isLeft(names)) return names
  const columns: Column[] = []
  const scan = await parquetScan({ file: buffer, metadata, compressors, columns: [...names.right] })
  for (const name of names.right) {
    const values: unknown[] = []
    for (const { rowStart, rowEnd } of scan.ranges) {
      const chunk = await scan.readColumn({ column: name, rowStart, rowEnd })
      for (let i = 0; i < chunk.length; i++) values.push(chunk[i])
    }
    if (values.length !== rows) {
      const reason = `column ${JSON.stringify(name)} has ${values.length} values where ${rows} rows are declared`
      return E.left({ _tag: 'FileCorrupt', file, reason })
    }
    const nonFinite = options.nonFinite ?? 'error'
    const column = columnOfValues({ file, name, rows, at: (row) => values[row], nonFinite })
    if (E.isLeft(column)) return column
    columns.push(column.right)
  }
  return table(columns, { file })
}

/**
 * Parses Parquet (snappy, gzip, brotli, lz4, zstd). Numbers, booleans and dates (milliseconds since 1970) become number
 * columns, texts string columns, lists of one length array columns.
 *
 * Left: `FileTruncated`, `FileCorrupt`, `FileEmpty`, `ColumnMissing`, `ColumnType` (a structure; name the other columns
 * in `columns` to leave it out), `NumberNonFinite`.
 *
 * @example
 * ```ts
 * import { explain, parseParquet } from '@rootstock/data'
 *
 * const parsed = await parseParquet(new TextEncoder().encode('PAR1 and no more'), { file: 'menu.parquet' })()
 * if (parsed._tag === 'Left') console.log(explain(parsed.left))
 * // menu.parquet: ends too early: it does not end with PAR1
 * ```
 */
export const parseParquet =
  (bytes: Uint8Array, options: ColumnarOptions = {}): TE.TaskEither<DataError, Table> =>
  async () => {
    const { file = 'parquet' } = options
    if (bytes.length === 0) return E.left({ _tag: 'FileEmpty', file, reason: 'no bytes' })
    if (!isParquet(bytes)) {
      return E.left({ _tag: 'FormatUnsupported', file, reason: 'it does not begin with PAR1' })
    }
    if (bytes.length < 12 || !magicAt(bytes, bytes.length - 4)) {
      return E.left({ _tag: 'FileTruncated', file, reason: 'it does not end with PAR1' })
    }
    try {
      return await read(bytes, file, options)
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown)
      return E.left({ _tag: 'FileCorrupt', file, reason })
    }
  }
