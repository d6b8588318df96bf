/** Texts from files. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DataError } from '../error.ts'
import { gunzip, isGzip } from '../formats/gunzip.ts'
import { readBytes } from '../readTable.ts'

const decoded = (bytes: Uint8Array, file: string): E.Either<DataError, string> => {
  try {
    return E.right(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return E.left({ _tag: 'FileCorrupt', file, reason: 'it is not UTF-8' })
  }
}

/**
 * The text of a file in UTF-8, compressed by gzip or not; a byte order mark is left out. Left: `FileAbsent`, `FileUnreadable`,
 * `FileCorrupt`, and what `gunzip` gives.
 *
 * @example
 * ```ts
 * import { explain, readText } from '@rootstock/data'
 *
 * const read = await readText('no-such-file.txt')()
 * if (read._tag === 'Left') console.log(explain(read.left)) // no-such-file.txt: there is no such file
 * ```
 */
export const readText = (path: string): TE.TaskEither<DataError, string> =>
  pipe(
    readBytes(path),
    TE.flatMap((bytes) => (isGzip(bytes) ? gunzip(bytes, path) : TE.right(bytes))),
    TE.flatMapEither((bytes) => decoded(bytes, path)),
  )
