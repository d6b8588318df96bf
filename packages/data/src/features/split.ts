/** Which rows train and which test. A split is data, depends on nothing but the table and itself, and keeps file order. */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import { valueAt } from '../table/column.ts'
import { column, type Table } from '../table/table.ts'
import { shuffled } from './shuffle.ts'

/** How to split the rows of one table. */
export type Split =
  /** `round(test * rows)` random rows are for testing. */
  | { readonly by: 'fraction'; readonly test: number; readonly seed: number }
  /** Row `i` is for testing if `i % divisor === test`. */
  | { readonly by: 'modulo'; readonly divisor: number; readonly test: number }
  /** Rows whose `column` says `test` are for testing; with `train`, only those that say so are for training. */
  | {
      readonly by: 'column'
      readonly column: string
      readonly test: string
      readonly train?: string | undefined
    }
  /** Ranges of rows `[from, to)`, for series and for splits that a publisher gave. */
  | {
      readonly by: 'rows'
      readonly train: readonly [from: number, to: number]
      readonly test: readonly [from: number, to: number]
    }

/** Row numbers of the two parts, each ascending. */
export interface SplitRows {
  readonly train: Int32Array
  readonly test: Int32Array
}

type Part = 'train' | 'test' | undefined

const byFraction = (fraction: number, seed: number, rows: Int32Array): ((row: number) => Part) => {
  const order = shuffled(rows.length, seed, 1)
  const test = new Set<number>()
  const count = Math.round(fraction * rows.length)
  for (let i = 0; i < count; i++) test.add(rows[order[i]!]!)
  return (row) => (test.has(row) ? 'test' : 'train')
}

const within = (row: number, [from, to]: readonly [number, number]): boolean =>
  row >= from && row < to

const partOf = (
  split: Split,
  from: Table,
  rows: Int32Array,
): E.Either<DataError, (row: number) => Part> => {
  switch (split.by) {
    case 'fraction':
      return E.right(byFraction(split.test, split.seed, rows))
    case 'modulo':
      return E.right((row) => (row % split.divisor === split.test ? 'test' : 'train'))
    case 'rows':
      return E.right((row) =>
        within(row, split.test) ? 'test' : within(row, split.train) ? 'train' : undefined,
      )
    case 'column': {
      const found = column(from, split.column)
      if (E.isLeft(found)) return found
      const { right } = found
      return E.right((row) => {
        const value = String(valueAt(right, row))
        if (value === split.test) return 'test'
        return split.train === undefined || value === split.train ? 'train' : undefined
      })
    }
  }
}

/** All row numbers of a table. */
export const allRows = (from: Table): Int32Array =>
  Int32Array.from({ length: from.rows }, (_, i) => i)

/**
 * Splits the rows of a table, or the given rows of it (to take validation rows from the training rows; row numbers stay
 * those of the table).
 *
 * Left: `SplitEmpty` when a part has no row, `ColumnMissing`.
 *
 * @example
 * ```ts
 * import { numberColumn, splitRows, table } from '@rootstock/data'
 *
 * const numbers = table([numberColumn('x', [1, 2, 3, 4, 5, 6, 7])])
 * if (numbers._tag === 'Right') {
 *   const split = splitRows({ by: 'modulo', divisor: 5, test: 4 }, numbers.right)
 *   if (split._tag === 'Right') console.log(split.right.test) // Int32Array [ 4 ]
 * }
 * ```
 */
export const splitRows = (
  split: Split,
  from: Table,
  rows: Int32Array = allRows(from),
): E.Either<DataError, SplitRows> => {
  const part = partOf(split, from, rows)
  if (E.isLeft(part)) return part
  const train = rows.filter((row) => part.right(row) === 'train')
  const test = rows.filter((row) => part.right(row) === 'test')
  const empty = train.length === 0 ? 'train' : test.length === 0 ? 'test' : undefined
  return empty === undefined
    ? E.right({ train, test })
    : E.left({ _tag: 'SplitEmpty', file: from.file, part: empty, reason: JSON.stringify(split) })
}
