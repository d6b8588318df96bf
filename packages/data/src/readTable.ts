/** Tables from files: the only module of this package that needs Node. */
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DataError } from './error.ts'
import { parseTable, type TableOptions } from './formats/parseTable.ts'
import { nearest } from './nearest.ts'
import type { Table } from './table/table.ts'

const reasons: ReadonlyMap<unknown, string> = new Map([
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['ERR_FS_FILE_TOO_LARGE', 'it is larger than 2 GiB'],
])

const neighbours = async (path: string): Promise<readonly string[]> => {
  try {
    return await readdir(dirname(path))
  } catch {
    return []
  }
}

/**
 * The bytes of a file. Left: `FileAbsent` with the nearest name in its folder, `FileUnreadable`.
 *
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 * import { explain, readBytes } from '@rootstock/data'
 *
 * await writeFile('menu.csv', 'dish,price\n')
 * const read = await readBytes('menu.cvs')()
 * if (read._tag === 'Left') console.log(explain(read.left)) // ... did you mean "menu.csv"?
 * ```
 */
export const readBytes =
  (path: string): TE.TaskEither<DataError, Uint8Array> =>
  async () => {
    try {
      const { buffer, byteOffset, length } = await readFile(path)
      return E.right(new Uint8Array(buffer, byteOffset, length))
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
      if (code === 'ENOENT' || code === 'ENOTDIR') {
        const near = nearest(basename(path), await neighbours(path))
        return E.left({ _tag: 'FileAbsent', file: path, nearest: near })
      }
      const reason = reasons.get(code) ?? String(thrown)
      return E.left({ _tag: 'FileUnreadable', file: path, reason })
    }
  }

/**
 * Reads a table from a file: CSV, Arrow IPC, Parquet, IDX or ARFF, compressed by gzip or not, told apart by the first
 * bytes, then by the name. Never rejects.
 *
 * @example
 * ```ts
 * import { explain, readTable } from '@rootstock/data'
 *
 * const read = await readTable('no-such-file.csv')()
 * if (read._tag === 'Left') console.log(explain(read.left)) // no-such-file.csv: there is no such file
 * ```
 */
export const readTable = (
  path: string,
  options: TableOptions = {},
): TE.TaskEither<DataError, Table> =>
  pipe(
    readBytes(path),
    TE.mapLeft((error): DataError => ({ ...error, file: options.file ?? error.file })),
    TE.flatMap((bytes) => parseTable(bytes, { file: path, ...options })),
  )
