/** One reader for all formats: it looks at the first bytes, then at the name, and undoes gzip first. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DataError } from '../error.ts'
import { nearest } from '../nearest.ts'
import { columnNames, type Table, table } from '../table/table.ts'
import { parseArff } from './arff.ts'
import { isArrow, parseArrow } from './arrow/parseArrow.ts'
import { type CsvOptions, parseCsv } from './csv/parseCsv.ts'
import { gunzip, isGzip } from './gunzip.ts'
import { isIdx, parseIdx } from './idx.ts'
import { isParquet, parseParquet } from './parquet/parseParquet.ts'

/** A format of tables. */
export type Format = 'csv' | 'arrow' | 'parquet' | 'idx' | 'arff'

/** How to read a table. The options of CSV count for CSV only, `missing` also for ARFF. */
export interface TableOptions extends CsvOptions {
  /** Default: found out from the first bytes and the ending of the name. */
  readonly format?: Format
  /** Read only these columns, in this order. */
  readonly columns?: readonly string[]
  /** Name of the only column of an IDX file. */
  readonly name?: string
}

/**
 * The format of bytes: by magic bytes, else by the ending of the name (`.gz` left out); else CSV.
 *
 * @example
 * ```ts
 * import { formatOf } from '@rootstock/data'
 *
 * console.log(formatOf(new TextEncoder().encode('@relation menu'), 'menu.arff')) // arff
 * ```
 */
export const formatOf = (bytes: Uint8Array, file: string): Format => {
  if (isArrow(bytes)) return 'arrow'
  if (isParquet(bytes)) return 'parquet'
  if (isIdx(bytes)) return 'idx'
  const ending = /\.(\w+)(?:\.gz)?$/i.exec(file)?.[1]?.toLowerCase()
  switch (ending) {
    case 'parquet':
    case 'arff':
    case 'arrow':
      return ending
    case 'feather':
    case 'ipc':
      return 'arrow'
    default:
      return /idx\d-u?byte/.test(file) ? 'idx' : 'csv'
  }
}

const onlyColumns = (
  from: Table,
  names: readonly string[] | undefined,
): E.Either<DataError, Table> => {
  if (names === undefined) return E.right(from)
  const available = columnNames(from)
  const chosen = names.map((name) => from.columns.find((c) => c.name === name))
  const missing = chosen.indexOf(undefined)
  if (missing !== -1) {
    const column = names[missing]!
    const { file } = from
    return E.left({
      _tag: 'ColumnMissing',
      file,
      column,
      available,
      nearest: nearest(column, available),
    })
  }
  const columns = chosen.filter((c) => c !== undefined)
  return table(columns, { file: from.file, lines: from.lines })
}

const parse = (
  bytes: Uint8Array,
  file: string,
  options: TableOptions,
): TE.TaskEither<DataError, Table> => {
  const named = { ...options, file }
  switch (options.format ?? formatOf(bytes, file)) {
    case 'arrow':
      return parseArrow(bytes, named)
    case 'parquet':
      return parseParquet(bytes, named)
    case 'idx':
      return TE.fromEither(
        pipe(
          parseIdx(bytes, named),
          E.flatMap((t) => onlyColumns(t, options.columns)),
        ),
      )
    case 'arff':
      return TE.fromEither(
        pipe(
          parseArff(bytes, named),
          E.flatMap((t) => onlyColumns(t, options.columns)),
        ),
      )
    case 'csv': {
      const tabs = options.delimiter === undefined && /\.tsv(\.gz)?$/i.test(file)
      const csv = tabs ? { ...named, delimiter: '\t' } : named
      return TE.fromEither(
        pipe(
          parseCsv(bytes, csv),
          E.flatMap((t) => onlyColumns(t, options.columns)),
        ),
      )
    }
  }
}

/**
 * Parses the bytes of a table in any format that is known, compressed by gzip or not. No file makes it throw or hang.
 *
 * @example
 * ```ts
 * import { parseTable } from '@rootstock/data'
 *
 * const parsed = await parseTable(new TextEncoder().encode('a,b\n1,2\n'), { file: 'numbers.csv' })()
 * console.log(parsed._tag) // Right
 * ```
 */
export const parseTable = (
  bytes: Uint8Array,
  options: TableOptions = {},
): TE.TaskEither<DataError, Table> => {
  const { file = 'table' } = options
  return pipe(
    isGzip(bytes) ? gunzip(bytes, file) : TE.right(bytes),
    TE.flatMap((plain) => parse(plain, file, options)),
  )
}
