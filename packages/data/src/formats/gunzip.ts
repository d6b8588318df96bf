/** gzip, found by its magic bytes and undone wherever it occurs, in one part or in several one after the other. */
import { gunzip as unpack } from 'node:zlib'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { DataError } from '../error.ts'

/** True if bytes begin like a gzip file. */
export const isGzip = (bytes: Uint8Array): boolean =>
  bytes.length >= 3 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8

// A few kilobytes can unpack to a terabyte; nothing that this package reads is larger.
const mostBytes = 0x7fffffff

const failure = (thrown: Error, file: string): DataError => {
  const code = 'code' in thrown ? thrown.code : undefined
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return { _tag: 'FormatUnsupported', file, reason: 'it unpacks to more than 2 GiB' }
  }
  const reason = `gzip: ${thrown.message}`
  return { _tag: code === 'Z_BUF_ERROR' ? 'FileTruncated' : 'FileCorrupt', file, reason }
}

/**
 * The bytes that were compressed. Left: `FileTruncated`, `FileCorrupt`, `FormatUnsupported` (more than 2 GiB).
 *
 * @example
 * ```ts
 * import { gzipSync } from 'node:zlib'
 * import { gunzip } from '@rootstock/data'
 *
 * const unpacked = await gunzip(gzipSync('price'), 'menu.csv.gz')()
 * if (unpacked._tag === 'Right') console.log(new TextDecoder().decode(unpacked.right)) // price
 * ```
 */
export const gunzip =
  (bytes: Uint8Array, file: string): TE.TaskEither<DataError, Uint8Array> =>
  () =>
    new Promise((resolve) => {
      unpack(bytes, { maxOutputLength: mostBytes }, (thrown, unpacked) => {
        if (thrown !== null) resolve(E.left(failure(thrown, file)))
        else resolve(E.right(new Uint8Array(unpacked.buffer, unpacked.byteOffset, unpacked.length)))
      })
    })
