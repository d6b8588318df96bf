/**
 * The second pass over a CSV file: one column at a time, straight from bytes into typed arrays, with the type it turns out to
 * have.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../../error.ts'
import type { Column, NumberColumn, StringColumn } from '../../table/column.ts'
import { cellText, type IsMissing, isNonFiniteWord } from './cell.ts'
import { parseDecimal } from './decimal.ts'
import { interner } from './intern.ts'
import type { Cells } from './scan.ts'

/** A scanned file and how its cells are to be understood. */
export interface Reading {
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

/** A `FileCorrupt` without empty fields. */
export const corrupt = (file: string, reason: string, hint?: string, line?: number): DataError => ({
  _tag: 'FileCorrupt',
  file,
  reason,
  ...(hint === undefined ? {} : { hint }),
  ...(line === undefined ? {} : { line }),
})

/** The text of a cell of the whole file, header included. Left: `FileCorrupt` when its bytes are no text. */
export const textOf = (r: Reading, cell: number): E.Either<DataError, string> => {
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

/**
 * The column at a position: numbers if every cell that has a value is a number, else texts. Left: `ColumnType` where `type` asks
 * for numbers and a cell is none, `NumberNonFinite`, `FileCorrupt` (bytes that are no text).
 */
export const readColumn = (
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
