/** Which rows train and which test. A split is data, depends on nothing but the table and itself, and keeps file order. */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import type { Table } from '../table/table.ts'
import { shuffled } from './shuffle.ts'
import { stringsNamed } from './typed.ts'

/** How to split the rows of one table. */
export type Split =
  /** `round(test * rows)` random rows are for testing. */
  | { readonly by: 'fraction'; readonly test: number; readonly seed: number }
  /** Row `i` is for testing if `i % divisor === test`. */
  | { readonly by: 'modulo'; readonly divisor: number; readonly test: number }
  /**
   * Rows whose `column` says `test` are for testing, the others for training; with `train`, only those that say so. Rows that
   * say nothing are for neither.
   */
  | {
      readonly by: 'column'
      readonly column: string
      readonly test: string
      readonly train?: string | undefined
    }
  /** Ranges of rows `[from, to)`, for series and for splits that a publisher gave; a row of both is for testing. */
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
      const texts = stringsNamed(from, split.column)
      if (E.isLeft(texts)) return texts
      const { codes, dictionary } = texts.right
      return E.right((row) => {
        const value = dictionary[codes[row]!]
        if (value === undefined) return undefined
        if (value === split.test) return 'test'
        return split.train === undefined || value === split.train ? 'train' : undefined
      })
    }
  }
}

const reasonOf = (split: Split, part: 'train' | 'test', rows: number): string => {
  switch (split.by) {
    case 'fraction':
      return `${split.test} of ${rows} rows are for testing`
    case 'modulo':
      return `row i of ${rows} is for testing if i % ${split.divisor} is ${split.test}`
    case 'rows':
      return `they are rows ${split[part][0]} to ${split[part][1]} of ${rows}`
    case 'column': {
      const text = part === 'test' ? split.test : split.train
      const column = `column ${JSON.stringify(split.column)}`
      return text === undefined
        ? `no row of ${column} says anything but ${JSON.stringify(split.test)}`
        : `no row of ${column} says ${JSON.stringify(text)}`
    }
  }
}

/**
 * All row numbers of a table.
 *
 * @example
 * ```ts
 * import { allRows, parseCsv } from '@rootstock/data'
 *
 * const menu = parseCsv('price\n5\n9\n')
 * if (menu._tag === 'Right') console.log(allRows(menu.right)) // Int32Array(2) [ 0, 1 ]
 * ```
 */
export const allRows = (from: Table): Int32Array =>
  Int32Array.from({ length: from.rows }, (_, i) => i)

/**
 * Splits the rows of a table, or the given rows of it (to take validation rows from the training rows; row numbers stay
 * those of the table).
 *
 * Left: `SplitEmpty` when a part has no row, `ColumnMissing`, `ColumnType`.
 *
 * @example
 * ```ts
 * import { numberColumn, splitRows, table } from '@rootstock/data'
 *
 * const numbers = table([numberColumn('x', [1, 2, 3, 4, 5, 6, 7])])
 * if (numbers._tag === 'Right') {
 *   const split = splitRows({ by: 'modulo', divisor: 5, test: 4 }, numbers.right)
 *   if (split._tag === 'Right') console.log(split.right.test) // Int32Array(1) [ 4 ]
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
    : E.left({
        _tag: 'SplitEmpty',
        file: from.file,
        part: empty,
        reason: reasonOf(split, empty, rows.length),
      })
}
