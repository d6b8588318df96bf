/**
 * CSV to a table, written for this package because readers that make an object per row cost ten times the memory and time
 * of the file. A column is numbers if every cell that has a value is a number; else it is texts.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../../error.ts'
import { nearest } from '../../nearest.ts'
import type { Column, NumberColumn, StringColumn } from '../../table/column.ts'
import { type Table, table } from '../../table/table.ts'
import { cellDecoder, cellText, type IsMissing, isNonFiniteWord, missingTest } from './cell.ts'
import { parseDecimal } from './decimal.ts'
import { interner } from './intern.ts'
import { type Cells, scanCells } from './scan.ts'

/** How a CSV file is written. */
export interface CsvOptions {
  /** Name of the file in messages. */
  readonly file?: string
  /** One character; `' '` means any run of blanks. Default `,`. */
  readonly delimiter?: string
  /** Whether the first row holds the names of the columns. Default true. */
  readonly header?: boolean
  /** Names of all columns, instead of those of the header; without either they are `column0`, `column1` ... */
  readonly names?: readonly string[]
  /** Lines to leave out before everything else. Default 0. */
  readonly skip?: number
  /** Cells that mean "no value", compared exactly, quoted or not. Default empty, `NA` and `?`. */
  readonly missing?: readonly string[]
  /** Columns whose type is not to be found out: a text in a `number` column is then an error naming its line. */
  readonly types?: Readonly<Record<string, 'number' | 'string'>>
  /** NaN and infinities in number columns: an error (default), or missing values. */
  readonly nonFinite?: 'error' | 'missing'
  /** Default UTF-8. */
  readonly encoding?: 'utf-8' | 'latin1'
  /** The quoting character, default `"`. */
  readonly quote?: string
  /** Lines that begin with this character are left out. */
  readonly comment?: string
}

/** The missing markers of a CSV file unless others are given. */
export const defaultMissing: readonly string[] = ['', 'NA', '?']

interface Reading {
  readonly bytes: Uint8Array
  readonly cells: Cells
  /** Index of the first row of data: 1 after a header. */
  readonly first: number
  readonly file: string
  readonly isMissing: IsMissing
  readonly decoder: TextDecoder
  readonly quote: string
  readonly nonFinite: 'error' | 'missing'
}

const corrupt = (file: string, reason: string, hint?: string, line?: number): DataError => ({
  _tag: 'FileCorrupt',
  file,
  reason,
  ...(hint === undefined ? {} : { hint }),
  ...(line === undefined ? {} : { line }),
})

// The text of a cell of the whole file (header included), or why it is not text.
const textOf = (r: Reading, cell: number): E.Either<DataError, string> => {
  try {
    return E.right(
      cellText(r.bytes, r.cells.starts[cell]!, r.cells.ends[cell]!, r.decoder, r.quote),
    )
  } catch {
    const line = r.cells.lines[Math.floor(cell / r.cells.width)]
    return E.left(corrupt(r.file, 'the text is not UTF-8', 'read it with encoding: "latin1"', line))
  }
}

interface Cell {
  readonly row: number
  readonly text: string
}

// A number column, or the first cell that is not a number.
const numbersOf = (
  r: Reading,
  position: number,
  name: string,
): E.Either<DataError, NumberColumn | Cell> => {
  const { bytes, cells, first } = r
  const { starts, ends, width } = cells
  const rows = cells.rows - first
  const values = new Float64Array(rows)
  const valid = new Uint8Array(rows)
  let present = 0
  let nonFinite: Cell | undefined
  for (let row = 0; row < rows; row++) {
    const cell = (row + first) * width + position
    const start = starts[cell]!
    const end = ends[cell]!
    if (r.isMissing(bytes, start, end)) continue
    const value = end < 0 ? Number.NaN : parseDecimal(bytes, start, end)
    if (Number.isFinite(value)) {
      values[row] = value
      valid[row] = 1
      present++
      continue
    }
    const text = textOf(r, cell)
    if (E.isLeft(text)) return text
    if (Number.isNaN(value) && !isNonFiniteWord(text.right))
      return E.right({ row, text: text.right })
    nonFinite ??= { row, text: text.right }
  }
  if (nonFinite !== undefined && r.nonFinite === 'error') {
    const { row, text } = nonFinite
    const line = cells.lines[row + first]
    return E.left({ _tag: 'NumberNonFinite', file: r.file, row, line, column: name, found: text })
  }
  return E.right({ kind: 'number', name, values, ...(present === rows ? {} : { valid }) })
}

const stringsOf = (
  r: Reading,
  position: number,
  name: string,
): E.Either<DataError, StringColumn> => {
  const { bytes, cells, first } = r
  const { starts, ends, width } = cells
  const rows = cells.rows - first
  const codes = new Int32Array(rows)
  const texts = interner(bytes)
  let wrong: DataError | undefined
  for (let row = 0; row < rows && wrong === undefined; row++) {
    const cell = (row + first) * width + position
    const start = starts[cell]!
    const end = ends[cell]!
    if (r.isMissing(bytes, start, end)) codes[row] = -1
    else {
      codes[row] = texts.codeOf(start, end, () => {
        const text = textOf(r, cell)
        if (E.isRight(text)) return text.right
        wrong = text.left
        return ''
      })
    }
  }
  return wrong === undefined
    ? E.right({ kind: 'string', name, codes, dictionary: texts.dictionary })
    : E.left(wrong)
}

const columnOf = (
  r: Reading,
  position: number,
  name: string,
  type: 'number' | 'string' | undefined,
): E.Either<DataError, Column> => {
  if (type === 'string') return stringsOf(r, position, name)
  const numbers = numbersOf(r, position, name)
  if (E.isLeft(numbers)) return numbers
  const found = numbers.right
  if ('kind' in found) return E.right(found)
  if (type === undefined) return stringsOf(r, position, name)
  return E.left({
    _tag: 'ColumnType',
    file: r.file,
    row: found.row,
    line: r.cells.lines[found.row + r.first],
    column: name,
    expected: 'a number',
    found: JSON.stringify(found.text),
    hint: 'if it means that the value is missing, list it in the missing markers',
  })
}

const namesOf = (r: Reading, options: CsvOptions): E.Either<DataError, readonly string[]> => {
  const { width } = r.cells
  if (options.names !== undefined) {
    return options.names.length === width
      ? E.right(options.names)
      : E.left(
          corrupt(r.file, `${options.names.length} names are given, but rows have ${width} cells`),
        )
  }
  if (options.header === false)
    return E.right(Array.from({ length: width }, (_, i) => `column${i}`))
  const names: string[] = []
  for (let cell = 0; cell < width; cell++) {
    const name = textOf(r, cell)
    if (E.isLeft(name)) return name
    names.push(name.right)
  }
  return E.right(names)
}

const unknownType = (
  file: string,
  names: readonly string[],
  options: CsvOptions,
): DataError | undefined => {
  const column = Object.keys(options.types ?? {}).find((name) => !names.includes(name))
  return column === undefined
    ? undefined
    : { _tag: 'ColumnMissing', file, column, available: names, nearest: nearest(column, names) }
}

const code = (text: string): number => text.charCodeAt(0)

const notText = (bytes: Uint8Array, file: string): DataError | undefined => {
  if (bytes.length > 0x7fffffff) {
    return { _tag: 'FormatUnsupported', file, reason: 'it is larger than 2 GiB' }
  }
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  if (wide) return { _tag: 'FormatUnsupported', file, reason: 'it is UTF-16; save it as UTF-8' }
  if (bytes.includes(0)) {
    return {
      _tag: 'FormatUnsupported',
      file,
      reason: 'it has zero bytes, so that it is not a text file',
    }
  }
  return undefined
}

const start = (bytes: Uint8Array, skip: number): { from: number; line: number } => {
  let from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  let line = 1
  for (; line <= skip && from < bytes.length; line++) {
    const end = bytes.indexOf(10, from)
    from = end === -1 ? bytes.length : end + 1
  }
  return { from, line }
}

/**
 * Parses CSV: quotes with doubled quotes, quoted newlines and delimiters, CRLF, LF or CR, a byte order mark, blanks around
 * cells (dropped, unless quoted), blank lines (left out).
 *
 * Left: `RowRagged`, `ColumnType` (a text where `types` says number), `NumberNonFinite`, `ColumnDuplicate`,
 * `ColumnNameForbidden`, `ColumnMissing` (in `types`), `FileEmpty`, `FileTruncated` (an open quote), `FileCorrupt`,
 * `FormatUnsupported` (UTF-16, binary).
 *
 * @example
 * ```ts
 * import { parseCsv } from '@rootstock/data'
 *
 * const menu = parseCsv('dish,price\n"soup, red",12\nfish,NA\n')
 * if (menu._tag === 'Left') throw new Error(menu.left._tag)
 * console.log(menu.right.columns.map((column) => column.kind)) // [ 'string', 'number' ]
 * ```
 */
export const parseCsv = (
  source: string | Uint8Array,
  options: CsvOptions = {},
): E.Either<DataError, Table> => {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source
  const { file = 'csv', quote = '"' } = options
  const wrong = notText(bytes, file)
  if (wrong !== undefined) return E.left(wrong)
  const scanned = scanCells(bytes, {
    file,
    delimiter: code(options.delimiter ?? ','),
    quote: code(quote),
    comment: options.comment === undefined ? -1 : code(options.comment),
    ...start(bytes, options.skip ?? 0),
  })
  if (E.isLeft(scanned)) return scanned
  const cells = scanned.right
  const first = options.header === false ? 0 : 1
  if (cells.rows <= first) {
    const reason =
      bytes.length === 0
        ? 'no bytes'
        : first === 1 && cells.rows === 1
          ? 'a header and no row'
          : 'no row'
    return E.left({ _tag: 'FileEmpty', file, reason })
  }
  const reading: Reading = {
    bytes,
    cells,
    first,
    file,
    isMissing: missingTest(options.missing ?? defaultMissing),
    decoder: cellDecoder(options.encoding ?? 'utf-8'),
    quote,
    nonFinite: options.nonFinite ?? 'error',
  }
  const names = namesOf(reading, options)
  if (E.isLeft(names)) return names
  const unknown = unknownType(file, names.right, options)
  if (unknown !== undefined) return E.left(unknown)
  const columns: Column[] = []
  for (const [position, name] of names.right.entries()) {
    const type = Object.hasOwn(options.types ?? {}, name) ? options.types?.[name] : undefined
    const read = columnOf(reading, position, name, type)
    if (E.isLeft(read)) return read
    columns.push(read.right)
  }
  return table(columns, { file, lines: cells.lines.slice(first) })
}
