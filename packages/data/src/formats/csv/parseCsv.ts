/**
 * CSV to a table, written for this package because readers that make an object per row cost ten times the memory and time
 * of the file. A column is numbers if every cell that has a value is a number; else it is texts.
 */
import * as E from 'fp-ts/lib/Either.js'
import { expectCharacter, expectWhole } from '../../argument.ts'
import { cellCount, type DataError } from '../../error.ts'
import { nearest } from '../../nearest.ts'
import type { Column } from '../../table/column.ts'
import { type Table, table } from '../../table/table.ts'
import { cellDecoder, missingTest } from './cell.ts'
import { corrupt, type Reading, readColumn, textOf } from './readColumn.ts'
import { type Cells, scanCells } from './scan.ts'

/** The type of a column of a text file. */
export type ColumnType = 'number' | 'string'

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
  readonly types?: Readonly<Record<string, ColumnType>>
  /**
   * A table of the same columns: those that are texts there are texts here too, so that a code such as `01` means the same in a
   * training file and in a test file where all codes happen to be digits. `types` goes before.
   */
  readonly like?: Table
  /** NaN and infinities in number columns: an error (default), or missing values. */
  readonly nonFinite?: 'error' | 'missing'
  /** Default UTF-8; `latin1` is read as browsers do, as Windows-1252. */
  readonly encoding?: 'utf-8' | 'latin1'
  /** The quoting character, default `"`. */
  readonly quote?: string
  /** Lines that begin with this character are left out. */
  readonly comment?: string
}

/**
 * The missing markers of a CSV file unless others are given.
 *
 * @example
 * ```ts
 * import { defaultMissing, parseCsv } from '@rootstock/data'
 *
 * const menu = parseCsv('price\n12\n-\n', { missing: [...defaultMissing, '-'] })
 * console.log(menu._tag) // Right
 * ```
 */
export const defaultMissing: readonly string[] = ['', 'NA', '?']

const namesOf = (
  r: Reading,
  { names, header }: CsvOptions,
): E.Either<DataError, readonly string[]> => {
  const { width } = r.cells
  if (names !== undefined) {
    const reason = `a row has ${cellCount(width)}, but ${names.length === 1 ? '1 name is' : `${names.length} names are`} given`
    return names.length === width ? E.right(names) : E.left(corrupt(r.file, reason))
  }
  if (header === false) return E.right(Array.from({ length: width }, (_, i) => `column${i}`))
  const read: string[] = []
  for (let cell = 0; cell < width; cell++) {
    const name = textOf(r, cell)
    if (E.isLeft(name)) return name
    read.push(name.right)
  }
  return E.right(read)
}

const code = (text: string): number => text.charCodeAt(0)

const notText = (bytes: Uint8Array, file: string): DataError | undefined => {
  const unsupported = (reason: string): DataError => ({ _tag: 'FormatUnsupported', file, reason })
  if (bytes.length > 0x7fffffff) return unsupported('it is larger than 2 GiB')
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  if (wide) return unsupported('it is UTF-16; save it as UTF-8')
  return bytes.includes(0)
    ? unsupported('it has zero bytes, so that it is not a text file')
    : undefined
}

// Behind the byte order mark and the lines to leave out.
const startOf = (bytes: Uint8Array, skip: number): { from: number; line: number } => {
  let from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  let line = 1
  for (; line <= skip && from < bytes.length; line++) {
    const end = bytes.indexOf(10, from)
    from = end === -1 ? bytes.length : end + 1
  }
  return { from, line }
}

const scan = (bytes: Uint8Array, options: CsvOptions): E.Either<DataError, Reading> => {
  const { file = 'csv', quote = '"', delimiter = ',', comment, header = true } = options
  const wrong = notText(bytes, file)
  if (wrong !== undefined) return E.left(wrong)
  const scanned = scanCells(bytes, {
    file,
    delimiter: code(delimiter),
    quote: code(quote),
    comment: comment === undefined ? -1 : code(comment),
    ...startOf(bytes, options.skip ?? 0),
  })
  if (E.isLeft(scanned)) return scanned
  const cells: Cells = scanned.right
  const first = header ? 1 : 0
  if (cells.rows <= first) {
    const reason = bytes.length === 0 ? 'no bytes' : cells.rows === 0 ? 'no row' : 'only a header'
    return E.left({ _tag: 'FileEmpty', file, reason })
  }
  return E.right({
    bytes,
    cells,
    first,
    file,
    isMissing: missingTest(options.missing ?? defaultMissing),
    decoder: cellDecoder(options.encoding ?? 'utf-8'),
    quote,
    nonFinite: options.nonFinite ?? 'error',
  })
}

const typesOf = (
  file: string,
  names: readonly string[],
  { types = {}, like }: CsvOptions,
): E.Either<DataError, ReadonlyMap<string, ColumnType>> => {
  const known = new Map<string, ColumnType>()
  for (const { name, kind } of like?.columns ?? []) if (kind === 'string') known.set(name, kind)
  for (const [column, type] of Object.entries(types)) {
    if (!names.includes(column)) {
      const near = nearest(column, names)
      return E.left({ _tag: 'ColumnMissing', file, column, available: names, nearest: near })
    }
    known.set(column, type)
  }
  return E.right(known)
}

/**
 * Parses CSV: quotes with doubled quotes, quoted newlines and delimiters, CRLF, LF or CR, a byte order mark, blanks around
 * cells (dropped, unless quoted), blank lines (left out).
 *
 * Left: `RowRagged`, `ColumnType` (a text where `types` says number), `NumberNonFinite`, `ColumnDuplicate`,
 * `ColumnNameForbidden`, `ColumnMissing` (in `types`), `FileEmpty`, `FileTruncated` (an open quote), `FileCorrupt`,
 * `FormatUnsupported` (UTF-16, binary). Throws when `delimiter`, `quote` or `comment` is not one ASCII character.
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
  expectWhole('parseCsv', 'skip', options.skip ?? 0)
  for (const name of ['delimiter', 'quote', 'comment'] as const) {
    const character = options[name]
    if (character !== undefined) expectCharacter('parseCsv', name, character)
  }
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source
  const scanned = scan(bytes, options)
  if (E.isLeft(scanned)) return scanned
  const reading = scanned.right
  const { file, cells, first } = reading
  const names = namesOf(reading, options)
  if (E.isLeft(names)) return names
  const types = typesOf(file, names.right, options)
  if (E.isLeft(types)) return types
  const columns: Column[] = []
  for (const [position, name] of names.right.entries()) {
    const read = readColumn(reading, position, name, types.right.get(name))
    if (E.isLeft(read)) return read
    columns.push(read.right)
  }
  return table(columns, { file, lines: cells.lines.slice(first) })
}
