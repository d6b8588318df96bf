/**
 * Arrow IPC, file and stream, through apache-arrow. Its bytes are verified first, because apache-arrow trusts every length
 * in a file: a single wrong bit can make it loop for ever or give fewer rows without a word.
 */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { DataError } from '../../error.ts'
import type { Column } from '../../table/column.ts'
import { type Table, table } from '../../table/table.ts'
import { chosenColumns } from '../chosen.ts'
import type { ColumnarOptions } from '../columnar.ts'
import { decodeLz4Frame } from '../lz4.ts'
import { columnOfValues } from '../values.ts'
import { valuesOf } from './arrowValues.ts'
import { verifyArrow } from './verify.ts'

/** True if bytes begin like an Arrow file (`ARROW1`) or a stream (a continuation mark). */
export const isArrow = (bytes: Uint8Array): boolean =>
  String.fromCharCode(...bytes.subarray(0, 6)) === 'ARROW1' ||
  (bytes.length >= 8 && bytes.subarray(0, 4).every((byte) => byte === 0xff))

// apache-arrow hands a codec the bytes after the declared length, which stands in the eight bytes before them.
const declaredLength = (data: Uint8Array): number => {
  const view = new DataView(data.buffer, data.byteOffset - 8, 8)
  return Number(view.getBigInt64(0, true))
}

type Arrow = typeof import('apache-arrow')
type CompressionType = import('apache-arrow').CompressionType

const aligned = (bytes: Uint8Array): Uint8Array =>
  bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)

const decodeZstd = (unpack: (data: Uint8Array) => Uint8Array, data: Uint8Array): Uint8Array => {
  const unpacked = unpack(data)
  const declared = declaredLength(data)
  // apache-arrow looks at 64-bit numbers in place, which must then begin at a multiple of eight.
  if (unpacked.length === declared) return aligned(unpacked)
  throw new Error(`the zstd frame holds ${unpacked.length} bytes where ${declared} are declared`)
}

// Codecs belong to apache-arrow as a whole: those that somebody registered stay.
const registerCodecs = async ({ compressionRegistry, CompressionType }: Arrow): Promise<void> => {
  const register = (type: CompressionType, decode: (data: Uint8Array) => Uint8Array): void => {
    const codec = compressionRegistry.get(type)
    if (codec?.decode === undefined) compressionRegistry.set(type, { ...codec, decode })
  }
  const { decompressZstd } = await import('hyparquet-compressors')
  register(CompressionType.ZSTD, (data) => decodeZstd(decompressZstd, data))
  register(CompressionType.LZ4_FRAME, (data) => decodeLz4Frame(data, declaredLength(data)))
}

const shapeOf = (metadata: ReadonlyMap<string, string>): readonly number[] | undefined => {
  const text = metadata.get('shape')
  if (text === undefined || !/^\d{1,6}(,\d{1,6}){0,7}$/.test(text)) return undefined
  return text.split(',').map(Number)
}

const unsupported = (file: string, column: string, type: string): DataError => ({
  _tag: 'ColumnType',
  file,
  column,
  expected: 'a column of numbers, texts or lists of numbers',
  found: `a column of ${type}`,
  hint: 'leave it out: name the other columns in columns: [...]',
})

const read = async (
  bytes: Uint8Array,
  file: string,
  options: ColumnarOptions,
): Promise<E.Either<DataError, Table>> => {
  const verified = verifyArrow(bytes, file)
  if (E.isLeft(verified)) return verified
  const arrow = await import('apache-arrow')
  await registerCodecs(arrow)
  const decoded = arrow.tableFromIPC(aligned(bytes))
  const rows = verified.right
  if (decoded.numRows !== rows) {
    const reason = `${decoded.numRows} rows were decoded where ${rows} are declared`
    return E.left({ _tag: 'FileCorrupt', file, reason })
  }
  if (rows === 0) return E.left({ _tag: 'FileEmpty', file, reason: 'no row' })
  const { fields } = decoded.schema
  const available = fields.map((field) => field.name)
  const names = chosenColumns(file, available, options.columns)
  if (E.isLeft(names)) return names
  const columns: Column[] = []
  for (const name of names.right) {
    const index = available.indexOf(name)
    const vector = decoded.getChildAt(index)
    if (vector === null) return E.left({ _tag: 'FileCorrupt', file, reason: `no data for ${name}` })
    const at = valuesOf(arrow, vector)
    if (at === undefined) return E.left(unsupported(file, name, String(vector.type)))
    const shape = shapeOf(fields[index]!.metadata)
    const nonFinite = options.nonFinite ?? 'error'
    const column = columnOfValues({ file, name, rows, at, shape, nonFinite })
    if (E.isLeft(column)) return column
    columns.push(column.right)
  }
  return table(columns, { file })
}

/**
 * Parses an Arrow IPC file or stream (Feather version 2), plain or with buffers compressed by LZ4 or zstd. Types as for
 * `parseParquet`; a list column whose field metadata has `shape` (`28,28`) becomes an array column of that shape.
 *
 * Left: `FileTruncated` (also a stream without its end mark), `FileCorrupt`, `FileEmpty`, `ColumnMissing`, `ColumnType`,
 * `ColumnDuplicate`, `ColumnNameForbidden`, `NumberNonFinite`.
 *
 * @example
 * ```ts
 * import { tableFromArrays, tableToIPC } from 'apache-arrow'
 * import { columnNames, parseArrow } from '@rootstock/data'
 *
 * const bytes = tableToIPC(tableFromArrays({ price: Float32Array.of(12, 5) }))
 * const parsed = await parseArrow(bytes)()
 * if (parsed._tag === 'Right') console.log(columnNames(parsed.right)) // [ 'price' ]
 * ```
 */
export const parseArrow =
  (bytes: Uint8Array, options: ColumnarOptions = {}): TE.TaskEither<DataError, Table> =>
  async () => {
    const { file = 'arrow' } = options
    if (bytes.length === 0) return E.left({ _tag: 'FileEmpty', file, reason: 'no bytes' })
    try {
      return await read(bytes, file, options)
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown)
      return E.left({ _tag: 'FileCorrupt', file, reason })
    }
  }
