/**
 * Parquet, decoded in a thread of its own with a limit of time: its run lengths can say anything, and the decoder obeys; one
 * wrong bit can keep it busy for hours.
 */
import { Worker } from 'node:worker_threads'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DataError } from '../../error.ts'
import type { Table } from '../../table/table.ts'
import type { ColumnarOptions } from '../columnar.ts'
import type { Work } from './worker.ts'

const magicAt = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x50 && bytes[at + 1] === 0x41 && bytes[at + 2] === 0x52 && bytes[at + 3] === 0x31

/** True if bytes begin with `PAR1`. */
export const isParquet = (bytes: Uint8Array): boolean => bytes.length >= 4 && magicAt(bytes, 0)

// Sources run as they are; what is published is JavaScript, and nobody rewrites a URL.
const program = new URL(
  import.meta.url.endsWith('.ts') ? 'worker.ts' : 'worker.js',
  import.meta.url,
)

// Many times what the slowest compression needs on a slow machine.
const secondsFor = (bytes: number): number => 20 + bytes / 1e6

// Values are held one by one before they become columns, some dozen bytes for each, and compression saves as much again.
const megabytesFor = (bytes: number): number => 512 + Math.ceil(bytes / 1e4)

/** Decodes in a thread that is ended when its time is over. */
export const decodeInThread =
  (
    bytes: Uint8Array,
    file: string,
    options: ColumnarOptions,
    seconds = secondsFor(bytes.length),
  ): TE.TaskEither<DataError, Table> =>
  () =>
    new Promise((resolve) => {
      // Not slice: that of a Node buffer copies nothing and has the bytes of others around it.
      const { buffer } = new Uint8Array(bytes)
      const work: Work = { buffer, options }
      const worker = new Worker(program, {
        workerData: work,
        transferList: [buffer],
        resourceLimits: { maxOldGenerationSizeMb: megabytesFor(bytes.length) },
      })
      const settle = (result: E.Either<DataError, Table>): void => {
        clearTimeout(timer)
        resolve(result)
        void worker.terminate()
      }
      const corrupt = (reason: string): void =>
        settle(E.left({ _tag: 'FileCorrupt', file, reason }))
      const timer = setTimeout(
        () => corrupt(`it could not be decoded in ${seconds.toFixed(0)} seconds`),
        1000 * seconds,
      )
      worker.once('message', settle)
      worker.once('error', (thrown) => corrupt(String(thrown)))
      worker.once('exit', (code) => corrupt(`decoding ended with code ${code}`))
    })

/**
 * Parses Parquet (snappy, gzip, brotli, lz4, zstd). Numbers, booleans and dates (milliseconds since 1970) become number
 * columns, texts string columns, lists of one length array columns. Integers beyond 2^53 become the nearest number.
 *
 * Left: `FileTruncated`, `FileCorrupt`, `FileEmpty`, `ColumnMissing`, `ColumnType` (a structure; name the other columns
 * in `columns` to leave it out), `NumberNonFinite`.
 *
 * @example
 * ```ts
 * import { explain, parseParquet } from '@rootstock/data'
 *
 * const bytes = new TextEncoder().encode('PAR1 and no more')
 * const parsed = await parseParquet(bytes, { file: 'menu.parquet' })()
 * if (parsed._tag === 'Left') console.log(explain(parsed.left))
 * // menu.parquet: ends too early: it does not end with PAR1
 * ```
 */
export const parseParquet = (
  bytes: Uint8Array,
  options: ColumnarOptions = {},
): TE.TaskEither<DataError, Table> => {
  const { file = 'parquet', columns, nonFinite } = options
  if (bytes.length === 0) return TE.left({ _tag: 'FileEmpty', file, reason: 'no bytes' })
  if (!isParquet(bytes)) {
    return TE.left({ _tag: 'FormatUnsupported', file, reason: 'it does not begin with PAR1' })
  }
  if (bytes.length < 12 || !magicAt(bytes, bytes.length - 4)) {
    return TE.left({ _tag: 'FileTruncated', file, reason: 'it does not end with PAR1' })
  }
  return decodeInThread(bytes, file, {
    file,
    ...(columns === undefined ? {} : { columns }),
    ...(nonFinite === undefined ? {} : { nonFinite }),
  })
}
