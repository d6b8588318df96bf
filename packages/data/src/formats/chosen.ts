/** Which columns of a file to read; the others are not decoded, whatever they hold. */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import { nearest } from '../nearest.ts'

/** The wanted names if all are available; all names when none are wanted. Left: `ColumnMissing`. */
export const chosenColumns = (
  file: string,
  available: readonly string[],
  wanted: readonly string[] | undefined,
): E.Either<DataError, readonly string[]> => {
  if (wanted === undefined) return E.right(available)
  const column = wanted.find((name) => !available.includes(name))
  return column === undefined
    ? E.right(wanted)
    : E.left({
        _tag: 'ColumnMissing',
        file,
        column,
        available,
        nearest: nearest(column, available),
      })
}
