/**
 * A table: named columns of equal length and where they came from, so that a mistake found much later can still name the
 * file and the line.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError, Place } from '../error.ts'
import { nearest } from '../nearest.ts'
import { type Column, isPresent, rowsOf, type StringColumn, takeColumn } from './column.ts'

/** Columns of equal length. `lines[row]` is the line of a text file on which the row begins. */
export interface Table {
  readonly file: string
  readonly rows: number
  readonly columns: readonly Column[]
  readonly lines?: Int32Array | undefined
}

/**
 * Names of the columns, in order.
 *
 * @example
 * ```ts
 * import { columnNames, parseCsv } from '@rootstock/data'
 *
 * const menu = parseCsv('dish,price\nfish,12\nsoup,NA\n')
 * if (menu._tag === 'Right') console.log(columnNames(menu.right)) // [ 'dish', 'price' ]
 * ```
 */
export const columnNames = (table: Table): readonly string[] => table.columns.map((c) => c.name)

/** The place of a row of a table, for messages. */
export const placeOf = (table: Table, row: number, column?: string): Place => ({
  file: table.file,
  row,
  line: table.lines?.[row],
  column,
})

const forbidden = (
  columns: readonly { readonly name: string }[],
  file: string,
): DataError | undefined => {
  const seen = new Set<string>()
  for (const { name } of columns) {
    // As a key of a plain object this name would replace the prototype instead of making an entry.
    if (name === '__proto__' || name === '')
      return { _tag: 'ColumnNameForbidden', file, column: name }
    if (seen.has(name)) return { _tag: 'ColumnDuplicate', file, column: name }
    seen.add(name)
  }
  return undefined
}

/**
 * A table from columns.
 *
 * Left: `ColumnDuplicate`, `ColumnNameForbidden` (`__proto__` or empty), `RowsDiffer`, `FileEmpty` (no columns).
 *
 * @example
 * ```ts
 * import { numberColumn, stringColumn, table } from '@rootstock/data'
 *
 * const menu = table([numberColumn('price', [12, null]), stringColumn('dish', ['soup', 'fish'])])
 * if (menu._tag === 'Right') console.log(menu.right.rows) // 2
 * ```
 */
export const table = (
  columns: readonly Column[],
  {
    file = 'table',
    lines,
  }: { readonly file?: string; readonly lines?: Int32Array | undefined } = {},
): E.Either<DataError, Table> => {
  const [first] = columns
  if (first === undefined)
    return E.left({ _tag: 'FileEmpty', file, reason: 'there are no columns' })
  const wrong = forbidden(columns, file)
  if (wrong !== undefined) return E.left(wrong)
  const rows = rowsOf(first)
  const other = columns.find((c) => rowsOf(c) !== rows)
  if (other !== undefined) {
    return E.left({
      _tag: 'RowsDiffer',
      file: `${file}, column "${first.name}"`,
      rows,
      other: `${file}, column "${other.name}"`,
      otherRows: rowsOf(other),
    })
  }
  return E.right({ file, rows, columns, ...(lines === undefined ? {} : { lines }) })
}

/**
 * The column of a name. Left: `ColumnMissing` with the nearest name.
 *
 * @example
 * ```ts
 * import { column, explain, parseCsv } from '@rootstock/data'
 *
 * const menu = parseCsv('dish,price\nfish,12\nsoup,NA\n')
 * if (menu._tag === 'Left') throw new Error(menu.left._tag)
 * const found = column(menu.right, 'pirce')
 * if (found._tag === 'Left') console.log(explain(found.left)) // ... did you mean "price"?
 * ```
 */
export const column = (from: Table, name: string): E.Either<DataError, Column> => {
  const found = from.columns.find((c) => c.name === name)
  if (found !== undefined) return E.right(found)
  const available = columnNames(from)
  return E.left({
    _tag: 'ColumnMissing',
    file: from.file,
    column: name,
    available,
    nearest: nearest(name, available),
  })
}

/**
 * The given rows of a table, in the given order.
 *
 * @example
 * ```ts
 * import { formatCsv, parseCsv, takeRows } from '@rootstock/data'
 *
 * const menu = parseCsv('dish,price\nfish,12\nsoup,NA\n')
 * if (menu._tag === 'Right') console.log(formatCsv(takeRows(menu.right, Int32Array.of(1, 0))))
 * // dish,price
 * // soup,
 * // fish,12
 * ```
 */
export const takeRows = (from: Table, rows: Int32Array): Table => ({
  ...from,
  rows: rows.length,
  columns: from.columns.map((c) => takeColumn(c, rows)),
  ...(from.lines === undefined ? {} : { lines: rows.map((row) => from.lines![row]!) }),
})

/**
 * Tables side by side: the columns of all, which describe the same rows (images in one file, labels in another). Left:
 * `RowsDiffer`, `ColumnDuplicate`, `FileEmpty` (no table).
 *
 * @example
 * ```ts
 * import { columnNames, joinColumns, parseCsv } from '@rootstock/data'
 *
 * const dishes = parseCsv('dish\nfish\nsoup\n')
 * const prices = parseCsv('price\n12\n5\n')
 * if (dishes._tag === 'Left' || prices._tag === 'Left') throw new Error('not read')
 * const menu = joinColumns([dishes.right, prices.right])
 * if (menu._tag === 'Right') console.log(columnNames(menu.right)) // [ 'dish', 'price' ]
 * ```
 */
export const joinColumns = (tables: readonly Table[]): E.Either<DataError, Table> => {
  const [first, ...rest] = tables
  if (first === undefined)
    return E.left({ _tag: 'FileEmpty', file: 'table', reason: 'there are no files' })
  if (rest.length === 0) return E.right(first)
  const other = rest.find((t) => t.rows !== first.rows)
  if (other !== undefined) {
    const { file, rows } = first
    return E.left({ _tag: 'RowsDiffer', file, rows, other: other.file, otherRows: other.rows })
  }
  return table(
    tables.flatMap((t) => t.columns),
    { file: tables.map((t) => t.file).join(' + '), lines: first.lines },
  )
}

/**
 * The rows in which all of the named columns have a value. Left: `ColumnMissing`, `FileEmpty` when none is left.
 *
 * @example
 * ```ts
 * import { dropMissing, parseCsv } from '@rootstock/data'
 *
 * const menu = parseCsv('dish,price\nfish,12\nsoup,NA\n')
 * if (menu._tag === 'Left') throw new Error(menu.left._tag)
 * const priced = dropMissing(menu.right, ['price'])
 * if (priced._tag === 'Right') console.log(priced.right.rows) // 1
 * ```
 */
export const dropMissing = (from: Table, names: readonly string[]): E.Either<DataError, Table> => {
  const chosen: Column[] = []
  for (const name of names) {
    const found = column(from, name)
    if (E.isLeft(found)) return found
    chosen.push(found.right)
  }
  const rows = new Int32Array(from.rows)
  let count = 0
  for (let row = 0; row < from.rows; row++) {
    if (chosen.every((c) => isPresent(c, row))) rows[count++] = row
  }
  if (count === from.rows) return E.right(from)
  if (count > 0) return E.right(takeRows(from, rows.slice(0, count)))
  const reason = `every row misses a value in one of ${names.join(', ')}`
  return E.left({ _tag: 'FileEmpty', file: from.file, reason })
}

const renameIn = (strings: StringColumn, values: ReadonlyMap<string, string>): StringColumn => {
  const merged = new Map<string, number>()
  const recode = strings.dictionary.map((text) => {
    const next = values.get(text) ?? text
    const code = merged.get(next) ?? merged.size
    merged.set(next, code)
    return code
  })
  const codes = strings.codes.map((code) => (code === -1 ? -1 : recode[code]!))
  return { ...strings, codes, dictionary: [...merged.keys()] }
}

/**
 * Renames texts of one string column, merging what becomes equal: `{ '<=50K.': '<=50K' }`. Values that do not occur are
 * ignored. Left: `ColumnMissing`, `ColumnType` when the column holds no texts.
 *
 * @example
 * ```ts
 * import { formatCsv, parseCsv, renameValues } from '@rootstock/data'
 *
 * const menu = parseCsv('dish\nfish.\nfish\n')
 * if (menu._tag === 'Left') throw new Error(menu.left._tag)
 * const renamed = renameValues(menu.right, 'dish', { 'fish.': 'fish' })
 * if (renamed._tag === 'Right') console.log(formatCsv(renamed.right))
 * // dish
 * // fish
 * // fish
 * ```
 */
export const renameValues = (
  from: Table,
  name: string,
  values: Readonly<Record<string, string>>,
): E.Either<DataError, Table> => {
  const found = column(from, name)
  if (E.isLeft(found)) return found
  const old = found.right
  if (old.kind !== 'string') {
    return E.left({
      _tag: 'ColumnType',
      file: from.file,
      column: name,
      expected: 'a column of texts',
      found: `a column of ${old.kind}s`,
    })
  }
  const renamed = renameIn(old, new Map(Object.entries(values)))
  return E.right({ ...from, columns: from.columns.map((c) => (c === old ? renamed : c)) })
}
