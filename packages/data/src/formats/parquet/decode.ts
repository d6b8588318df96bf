/** Parquet through hyparquet, column by column, so that no row object is ever made. */
import * as E from 'fp-ts/lib/Either.js'
import { parquetMetadata, parquetScan, parquetSchema } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import type { DataError } from '../../error.ts'
import type { Column } from '../../table/column.ts'
import { type Table, table } from '../../table/table.ts'
import { chosenColumns } from '../chosen.ts'
import type { ColumnarOptions } from '../columnar.ts'
import { decodeHadoopLz4, decodeLz4Block } from '../lz4.ts'
import { columnOfValues } from '../values.ts'

// A corrupt file can declare any number of rows; this is more than fits into the columns of a table anyway.
const mostRows = 0x7fffffff

// A page is written in one piece, a megabyte as a rule; a damaged header can declare any size.
const mostPageBytes = 2 ** 28

type Decompress = (input: Uint8Array, length: number) => Uint8Array

const bounded =
  (decompress: Decompress): Decompress =>
  (input, length) => {
    if (length <= mostPageBytes) return decompress(input, length)
    throw new Error(`a page of ${length} bytes is more than a page can be`)
  }

// The LZ4 decoder of the package stumbles over a block that ends in an empty run of literals, as pyarrow writes them.
const decompressors: Readonly<Record<string, Decompress>> = Object.fromEntries(
  Object.entries<Decompress>({
    ...compressors,
    LZ4: decodeHadoopLz4,
    LZ4_RAW: decodeLz4Block,
  }).map(([codec, decompress]) => [codec, bounded(decompress)]),
)

type Scan = Awaited<ReturnType<typeof parquetScan>>

const valuesOf = async (scan: Scan, column: string): Promise<readonly unknown[]> => {
  const values: unknown[] = []
  for (const { rowStart, rowEnd } of scan.ranges) {
    const chunk = await scan.readColumn({ column, rowStart, rowEnd })
    for (let i = 0; i < chunk.length; i++) values.push(chunk[i])
  }
  return values
}

const decode = async (
  buffer: ArrayBuffer,
  file: string,
  { columns: wanted, nonFinite = 'error' }: ColumnarOptions,
): Promise<E.Either<DataError, Table>> => {
  const corrupt = (reason: string): E.Either<DataError, never> =>
    E.left({ _tag: 'FileCorrupt', file, reason })
  const metadata = parquetMetadata(buffer)
  const rows = Number(metadata.num_rows)
  if (rows === 0) return E.left({ _tag: 'FileEmpty', file, reason: 'no row' })
  if (!(rows > 0 && rows <= mostRows)) return corrupt(`it declares ${rows} rows`)
  const available = parquetSchema(metadata).children.map((child) => child.element.name)
  const names = chosenColumns(file, available, wanted)
  if (E.isLeft(names)) return names
  const options = { file: buffer, metadata, compressors: decompressors }
  const scan = await parquetScan({ ...options, columns: [...names.right] })
  const columns: Column[] = []
  for (const name of names.right) {
    const values = await valuesOf(scan, name)
    if (values.length !== rows) {
      const where = `column ${JSON.stringify(name)}`
      return corrupt(`${where} has ${values.length} values where ${rows} rows are declared`)
    }
    const column = columnOfValues({ file, name, rows, at: (row) => values[row], nonFinite })
    if (E.isLeft(column)) return column
    columns.push(column.right)
  }
  return table(columns, { file })
}

/** Decodes a Parquet file. Left: as `parseParquet`. */
export const decodeParquet = async (
  buffer: ArrayBuffer,
  options: ColumnarOptions,
): Promise<E.Either<DataError, Table>> => {
  const { file = 'parquet' } = options
  try {
    return await decode(buffer, file, options)
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    return E.left({ _tag: 'FileCorrupt', file, reason })
  }
}
