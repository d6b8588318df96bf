/**
 * The first pass over a CSV file: where each cell begins and ends, on which line each row begins. No strings are made; the
 * columns are then read from these positions, each with the type it turns out to have.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../../error.ts'

/** Positions of cells, row by row. A negative end is `~end` of a quoted cell with doubled quotes inside. */
export interface Cells {
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly rows: number
  readonly width: number
  readonly lines: Int32Array
}

/** The characters that matter, as codes. */
export interface Syntax {
  readonly file: string
  readonly delimiter: number
  readonly quote: number
  /** First byte of lines to leave out, or -1. */
  readonly comment: number
  /** Where to start, and the line this is. */
  readonly from: number
  readonly line: number
}

const grown = (values: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> => {
  const next = new Int32Array(length)
  next.set(values)
  return next
}

const blank = (c: number | undefined): boolean => c === 32 || c === 9

const endOfLine = (bytes: Uint8Array, from: number): number => {
  let i = from
  while (i < bytes.length && bytes[i] !== 10 && bytes[i] !== 13) i++
  return i
}

// The closing quote of a cell whose content begins at `from`; bytes.length when there is none.
const closingQuote = (bytes: Uint8Array, from: number, quote: number): number => {
  let i = from
  for (; i < bytes.length; i++) {
    if (bytes[i] !== quote) continue
    if (bytes[i + 1] !== quote) break
    i++
  }
  return i
}

const contains = (bytes: Uint8Array, code: number, start: number, end: number): number => {
  let count = 0
  for (let i = start; i < end; i++) if (bytes[i] === code) count++
  return count
}

/** Scans all rows. Left: `RowRagged`, `FileCorrupt` (text after a closing quote), `FileTruncated` (an open quote). */
export const scanCells = (bytes: Uint8Array, syntax: Syntax): E.Either<DataError, Cells> => {
  const { file, delimiter, quote, comment } = syntax
  const { length } = bytes
  let starts = new Int32Array(Math.max(64, length >> 2))
  let ends = new Int32Array(starts.length)
  let lines = new Int32Array(Math.max(64, length >> 6))
  let count = 0
  let rows = 0
  let width = 0
  let line = syntax.line
  let i = syntax.from
  while (i < length) {
    // At the start of a line: leave out blank lines and comments.
    let c = bytes[i]!
    let first = i
    while (blank(bytes[first]) && bytes[first] !== delimiter) first++
    if (delimiter === 32) while (bytes[first] === 32) first++
    if (first === length) break
    c = bytes[first]!
    if (c === comment) first = endOfLine(bytes, first)
    if (c === comment || c === 10 || c === 13) {
      i = first + (bytes[first] === 13 && bytes[first + 1] === 10 ? 2 : 1)
      line++
      continue
    }
    if (rows === lines.length) lines = grown(lines, rows * 2)
    lines[rows] = line
    const rowStart = count
    let more = true
    while (more) {
      if (count === starts.length) {
        starts = grown(starts, count * 2)
        ends = grown(ends, count * 2)
      }
      while (blank(bytes[i]) && (bytes[i] !== delimiter || delimiter === 32)) i++
      // With blanks as delimiter, blanks at the end of a line make no cell.
      if (
        delimiter === 32 &&
        count > rowStart &&
        (i === length || bytes[i] === 10 || bytes[i] === 13)
      )
        break
      let start = i
      let end: number
      if (bytes[i] === quote) {
        start = i + 1
        const close = closingQuote(bytes, start, quote)
        if (close === length) {
          const reason = `the quote opened on line ${line} is never closed`
          return E.left({ _tag: 'FileTruncated', file, reason })
        }
        line += contains(bytes, 10, start, close)
        end = contains(bytes, quote, start, close) > 0 ? ~close : close
        i = close + 1
        while (blank(bytes[i]) && bytes[i] !== delimiter) i++
        c = i < length ? bytes[i]! : 10
        if (c !== delimiter && c !== 10 && c !== 13) {
          const reason = 'text follows a closing quote'
          const hint = 'a quote inside a quoted cell is written twice'
          return E.left({ _tag: 'FileCorrupt', file, line, reason, hint })
        }
      } else {
        c = 10
        while (i < length) {
          c = bytes[i]!
          if (c === delimiter || c === 10 || c === 13) break
          i++
        }
        end = i
        while (end > start && blank(bytes[end - 1])) end--
      }
      starts[count] = start
      ends[count++] = end
      more = i < length && bytes[i] === delimiter
      if (more) i++
    }
    if (bytes[i] === 13 && bytes[i + 1] === 10) i++
    i++
    if (rows === 0) width = count
    else if (count - rowStart !== width) {
      const found = count - rowStart
      return E.left({ _tag: 'RowRagged', file, line: lines[rows]!, expected: width, found })
    }
    rows++
    line++
  }
  return E.right({ starts, ends, rows, width, lines: lines.subarray(0, rows) })
}
