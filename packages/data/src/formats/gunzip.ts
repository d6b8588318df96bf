/** gzip, found by its magic bytes and undone wherever it occurs, with the decompressor that every platform has. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { DataError } from '../error.ts'

/** True if bytes begin like a gzip file. */
export const isGzip = (bytes: Uint8Array): boolean =>
  bytes.length >= 3 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8

// A few kilobytes can unpack to a terabyte; nothing that this package reads is larger.
const mostBytes = 0x7fffffff

const reasonOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.cause instanceof Error ? thrown.cause.message : thrown.message
}

const joined = (chunks: readonly Uint8Array[], length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
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
  async () => {
    const chunks: Uint8Array[] = []
    let length = 0
    try {
      const blob = new Blob([bytes as Uint8Array<ArrayBuffer>])
      const reader = blob.stream().pipeThrough(new DecompressionStream('gzip')).getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return E.right(joined(chunks, length))
        chunks.push(value)
        length += value.length
        if (length > mostBytes) {
          await reader.cancel()
          const reason = 'it unpacks to more than 2 GiB'
          return E.left({ _tag: 'FormatUnsupported', file, reason })
        }
      }
    } catch (thrown) {
      const reason = `gzip: ${reasonOf(thrown)}`
      return /unexpected end|truncated|incomplete/i.test(reason)
        ? E.left({ _tag: 'FileTruncated', file, reason })
        : E.left({ _tag: 'FileCorrupt', file, reason })
    }
  }
