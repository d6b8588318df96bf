/** IDX, the format of MNIST and its relatives: a few bytes of shape, then big-endian numbers in row-major order. */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import { type ArrayValues, type Column, sizeOf } from '../table/column.ts'
import { type Table, table } from '../table/table.ts'

/** How to name what an IDX file holds. */
export interface IdxOptions {
  /** Name of the file in messages. */
  readonly file?: string
  /** Name of the only column. Default `values`. */
  readonly name?: string
}

interface ElementType {
  readonly size: number
  readonly make: (length: number) => ArrayValues
  readonly read: (view: DataView, offset: number) => number
}

// Type bytes of the format; only unsigned bytes can be used without a copy.
const types: ReadonlyMap<number, ElementType> = new Map([
  [0x08, { size: 1, make: (n) => new Uint8Array(n), read: (v, at) => v.getUint8(at) }],
  [0x09, { size: 1, make: (n) => new Int8Array(n), read: (v, at) => v.getInt8(at) }],
  [0x0b, { size: 2, make: (n) => new Int16Array(n), read: (v, at) => v.getInt16(at) }],
  [0x0c, { size: 4, make: (n) => new Int32Array(n), read: (v, at) => v.getInt32(at) }],
  [0x0d, { size: 4, make: (n) => new Float32Array(n), read: (v, at) => v.getFloat32(at) }],
  [0x0e, { size: 8, make: (n) => new Float64Array(n), read: (v, at) => v.getFloat64(at) }],
])

/** True if bytes begin like an IDX file: two zero bytes, a known type, a rank of 1 to 8. */
export const isIdx = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 &&
  bytes[0] === 0 &&
  bytes[1] === 0 &&
  types.has(bytes[2]!) &&
  bytes[3]! >= 1 &&
  bytes[3]! <= 8

const valuesOf = (bytes: Uint8Array, offset: number, type: ElementType): ArrayValues => {
  if (type === types.get(0x08)) return bytes.subarray(offset)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const values = type.make((bytes.length - offset) / type.size)
  for (let i = 0; i < values.length; i++) values[i] = type.read(view, offset + i * type.size)
  return values
}

const nonFinite = (values: ArrayValues): number => {
  if (!(values instanceof Float32Array || values instanceof Float64Array)) return -1
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i
  return -1
}

/**
 * Parses IDX. One axis gives a number column, more give an array column with the later axes as its shape.
 *
 * Left: `FileTruncated`, `FileCorrupt` (more bytes than the shape says), `FormatUnsupported`, `FileEmpty`,
 * `NumberNonFinite`.
 *
 * @example
 * ```ts
 * import { parseIdx } from '@rootstock/data'
 *
 * const bytes = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9)
 * const parsed = parseIdx(bytes, { name: 'image' })
 * if (parsed._tag === 'Right') console.log(parsed.right.columns)
 * // [ { kind: 'array', name: 'image', shape: [ 2 ], values: Uint8Array(2) [ 7, 9 ] } ]
 * ```
 */
export const parseIdx = (
  bytes: Uint8Array,
  { file = 'idx', name = 'values' }: IdxOptions = {},
): E.Either<DataError, Table> => {
  if (bytes.length === 0) return E.left({ _tag: 'FileEmpty', file, reason: 'no bytes' })
  if (!isIdx(bytes)) {
    return E.left({ _tag: 'FormatUnsupported', file, reason: 'it does not begin like an IDX file' })
  }
  const rank = bytes[3]!
  const header = 4 + 4 * rank
  if (bytes.length < header) {
    const reason = `${bytes.length} bytes where the header alone has ${header}`
    return E.left({ _tag: 'FileTruncated', file, reason })
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sizes = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis))
  const type = types.get(bytes[2]!)!
  const expected = header + type.size * sizeOf(sizes)
  const [rows = 0, ...shape] = sizes
  if (expected === header) {
    return E.left({ _tag: 'FileEmpty', file, reason: `its shape is [${sizes.join(', ')}]` })
  }
  const reason = `${bytes.length} bytes where shape [${sizes.join(', ')}] needs ${expected}`
  if (bytes.length < expected) return E.left({ _tag: 'FileTruncated', file, reason })
  if (bytes.length > expected) return E.left({ _tag: 'FileCorrupt', file, reason })
  const values = valuesOf(bytes, header, type)
  const wrong = nonFinite(values)
  if (wrong !== -1) {
    const row = Math.floor(wrong / (values.length / rows))
    return E.left({
      _tag: 'NumberNonFinite',
      file,
      row,
      column: name,
      found: String(values[wrong]),
    })
  }
  const only: Column =
    rank === 1
      ? { kind: 'number', name, values: Float64Array.from(values) }
      : { kind: 'array', name, shape, values }
  return table([only], { file })
}
