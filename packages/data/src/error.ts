/**
 * What can go wrong between a file and a data set. Files are the world, not the program: every failure is a value of this
 * union that knows the file, the row or line and the column, and `explain` turns it into the sentence a user needs.
 */

/** The place of a cell: `line` is the line of a text file, `row` the 0-based data row. Both may be unknown. */
export interface Place {
  readonly file: string
  readonly row?: number | undefined
  readonly line?: number | undefined
  readonly column?: string | undefined
}

/** A failure of reading, choosing or preparing data. `hint` is a sentence that says what to do. */
export type DataError =
  /** There is no such file; `nearest` is a file of a similar name in the same folder. */
  | { readonly _tag: 'FileAbsent'; readonly file: string; readonly nearest?: string | undefined }
  /** The system refused to read the file. */
  | { readonly _tag: 'FileUnreadable'; readonly file: string; readonly reason: string }
  /** No bytes, or no data row. */
  | { readonly _tag: 'FileEmpty'; readonly file: string; readonly reason: string }
  /** The file ends before it should. */
  | { readonly _tag: 'FileTruncated'; readonly file: string; readonly reason: string }
  /** The bytes contradict the format. */
  | {
      readonly _tag: 'FileCorrupt'
      readonly file: string
      readonly reason: string
      readonly line?: number | undefined
      readonly hint?: string | undefined
    }
  /** Not a format or a feature of it that is read here. */
  | { readonly _tag: 'FormatUnsupported'; readonly file: string; readonly reason: string }
  /** A row with more or fewer cells than the first. */
  | {
      readonly _tag: 'RowRagged'
      readonly file: string
      readonly line: number
      readonly expected: number
      readonly found: number
    }
  /** Two columns of one name. */
  | { readonly _tag: 'ColumnDuplicate'; readonly file: string; readonly column: string }
  /** A name that would break objects keyed by it, or no name at all. */
  | { readonly _tag: 'ColumnNameForbidden'; readonly file: string; readonly column: string }
  /** No column of this name. */
  | {
      readonly _tag: 'ColumnMissing'
      readonly file: string
      readonly column: string
      readonly available: readonly string[]
      readonly nearest?: string | undefined
    }
  /** A cell or a column of another type than needed. */
  | ({
      readonly _tag: 'ColumnType'
      readonly expected: string
      readonly found: string
      readonly hint?: string | undefined
    } & Place)
  /** NaN or an infinity where a number is needed. */
  | ({ readonly _tag: 'NumberNonFinite'; readonly found: string } & Place)
  /** A label that no training row has. */
  | ({
      readonly _tag: 'ClassUnknown'
      readonly found: string
      readonly classes: readonly string[]
      readonly nearest?: string | undefined
    } & Place)
  /** A target without a single label in the training rows. */
  | {
      readonly _tag: 'LabelsAbsent'
      readonly file: string
      readonly column: string
      readonly task: string
    }
  /** Files that should describe the same rows do not. */
  | {
      readonly _tag: 'RowsDiffer'
      readonly file: string
      readonly rows: number
      readonly other: string
      readonly otherRows: number
    }
  /** A split without a training row or without a test row. */
  | {
      readonly _tag: 'SplitEmpty'
      readonly file: string
      readonly part: 'train' | 'test'
      readonly reason: string
    }
  /** A selection that asks for nothing, or for one thing twice. */
  | { readonly _tag: 'SelectionInvalid'; readonly file: string; readonly reason: string }

const quote = (text: string): string => {
  const printed = JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text)
  return printed
}

const at = ({ file, row, line, column }: Place): string => {
  const parts = [file]
  if (line !== undefined) parts.push(`line ${line}`)
  else if (row !== undefined) parts.push(`row ${row + 1}`)
  if (column !== undefined) parts.push(`column ${quote(column)}`)
  return parts.join(', ')
}

/** `1 cell`, `2 cells` ... */
export const cellCount = (count: number): string => (count === 1 ? '1 cell' : `${count} cells`)

const rowCount = (count: number): string => (count === 1 ? '1 row' : `${count} rows`)

const some = (names: readonly string[], limit = 12): string => {
  const shown = names.slice(0, limit).map(quote).join(', ')
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown
}

const hint = (text: string | undefined): string => (text === undefined ? '' : `\n  hint  ${text}`)

const suggestion = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : `did you mean ${quote(name)}?`

/**
 * The message for a user: where it happened, what is wrong and, when one can be computed, a hint. Lines are counted from 1
 * as editors do; where a file has no lines, rows are counted from 1 without the header.
 *
 * @example
 * ```ts
 * import { explain } from '@rootstock/data'
 *
 * console.log(explain({ _tag: 'RowRagged', file: 'a.csv', line: 7, expected: 3, found: 2 }))
 * // a.csv, line 7: 2 cells where the first row has 3
 * //   hint  is the line cut off, or the delimiter another one?
 * ```
 */
export const explain = (error: DataError): string => {
  switch (error._tag) {
    case 'FileAbsent':
      return `${error.file}: there is no such file${hint(suggestion(error.nearest))}`
    case 'FileUnreadable':
      return `${error.file}: cannot be read: ${error.reason}`
    case 'FileEmpty':
      return `${error.file}: is empty: ${error.reason}`
    case 'FileTruncated':
      return `${error.file}: ends too early: ${error.reason}`
    case 'FileCorrupt':
      return `${at(error)}: ${error.reason}${hint(error.hint)}`
    case 'FormatUnsupported':
      return `${error.file}: cannot be read as a table: ${error.reason}`
    case 'RowRagged':
      return `${at(error)}: ${cellCount(error.found)} where the first row has ${error.expected}${hint(
        error.found > error.expected
          ? 'a cell that holds the delimiter must be in double quotes'
          : 'is the line cut off, or the delimiter another one?',
      )}`
    case 'ColumnDuplicate':
      return `${error.file}: two columns are named ${quote(error.column)}${hint('rename one, or give names: [...] for all')}`
    case 'ColumnNameForbidden':
      return error.column === ''
        ? `${error.file}: a column has no name${hint('give it one, or names: [...] for all')}`
        : `${error.file}: a column may not be named ${quote(error.column)}${hint('rename it, or give names: [...] for all')}`
    case 'ColumnMissing':
      return `${error.file}: there is no column ${quote(error.column)}; it has ${some(error.available)}${hint(
        suggestion(error.nearest),
      )}`
    case 'ColumnType':
      return `${at(error)}: ${error.found} where ${error.expected} is needed${hint(error.hint)}`
    case 'NumberNonFinite':
      return `${at(error)}: ${error.found} is not a finite number${hint(
        `if it means that the value is missing, list it in the missing markers, or read with nonFinite: "missing"`,
      )}`
    case 'ClassUnknown':
      return `${at(error)}: the class ${quote(error.found)} is not one of ${some(error.classes)}${hint(
        suggestion(error.nearest) ??
          'classes come from the training rows; list them all as classes: [...] if this one belongs to them',
      )}`
    case 'LabelsAbsent':
      return `${error.file}, column ${quote(error.column)}: no training row has a label for task ${quote(error.task)}`
    case 'RowsDiffer':
      return `${error.other}: has ${rowCount(error.otherRows)}, but ${error.file} has ${error.rows}; side by side they must describe the same rows`
    case 'SplitEmpty':
      return `${error.file}: the split leaves no ${error.part} row: ${error.reason}`
    case 'SelectionInvalid':
      return `${error.file}: ${error.reason}`
  }
}
