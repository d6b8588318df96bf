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
  /** A blank stands for any run of blanks and tabs. */
  readonly delimiter: number
  readonly quote: number
  /** First byte of lines to leave out, or -1. */
  readonly comment: number
  /** Where to start, and the line this is. */
  readonly from: number
  readonly line: number
}

// What a byte does to a cell without quotes.
const content = 0
const separates = 1
const endsLine = 2

interface Scanner extends Syntax {
  readonly bytes: Uint8Array
  /** `content`, `separates` or `endsLine` for each byte. */
  readonly kinds: Uint8Array
  readonly isBlankSeparated: boolean
  starts: Int32Array<ArrayBuffer>
  ends: Int32Array<ArrayBuffer>
  lines: Int32Array<ArrayBuffer>
  count: number
  rows: number
  at: number
  line: number
}

const blank = 32
const tab = 9
const newline = 10
const carriageReturn = 13

const start = (bytes: Uint8Array, syntax: Syntax): Scanner => {
  const isBlankSeparated = syntax.delimiter === blank
  const kinds = new Uint8Array(256)
  kinds[syntax.delimiter] = separates
  if (isBlankSeparated) kinds[tab] = separates
  kinds[newline] = endsLine
  kinds[carriageReturn] = endsLine
  const guess = Math.max(64, bytes.length >> 2)
  return {
    ...syntax,
    bytes,
    kinds,
    isBlankSeparated,
    starts: new Int32Array(guess),
    ends: new Int32Array(guess),
    lines: new Int32Array(Math.max(64, bytes.length >> 6)),
    count: 0,
    rows: 0,
    at: syntax.from,
  }
}

const doubled = (values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
  const next = new Int32Array(values.length * 2)
  next.set(values)
  return next
}

const push = (scanner: Scanner, from: number, to: number): void => {
  if (scanner.count === scanner.starts.length) {
    scanner.starts = doubled(scanner.starts)
    scanner.ends = doubled(scanner.ends)
  }
  scanner.starts[scanner.count] = from
  scanner.ends[scanner.count++] = to
}

// Blanks around cells are dropped, but a tab may be the delimiter itself.
const isPadding = (scanner: Scanner, c: number | undefined): boolean =>
  (c === blank || c === tab) && (c !== scanner.delimiter || scanner.isBlankSeparated)

const skipPadding = (scanner: Scanner): void => {
  while (isPadding(scanner, scanner.bytes[scanner.at])) scanner.at++
}

const skipLineEnd = (scanner: Scanner): void => {
  const { bytes, at } = scanner
  scanner.at += bytes[at] === carriageReturn && bytes[at + 1] === newline ? 2 : 1
  scanner.line++
}

// Moves to the next line that is neither blank nor a comment; false when there is none.
const findRow = (scanner: Scanner): boolean => {
  const { bytes, kinds, comment } = scanner
  const { length } = bytes
  while (scanner.at < length) {
    skipPadding(scanner)
    if (scanner.at === length) return false
    const c = bytes[scanner.at]!
    if (c !== comment && kinds[c] !== endsLine) return true
    while (scanner.at < length && kinds[bytes[scanner.at]!] !== endsLine) scanner.at++
    skipLineEnd(scanner)
  }
  return false
}

const plainCell = (scanner: Scanner): void => {
  const { bytes, kinds, at } = scanner
  const { length } = bytes
  let end = at
  while (end < length && kinds[bytes[end]!] === content) end++
  scanner.at = end
  while (end > at && (bytes[end - 1] === blank || bytes[end - 1] === tab)) end--
  push(scanner, at, end)
}

const quotedCell = (scanner: Scanner): DataError | undefined => {
  const { bytes, kinds, quote, file, line } = scanner
  const { length } = bytes
  const from = scanner.at + 1
  let close = from
  let hasDoubled = false
  for (; close < length; close++) {
    const c = bytes[close]!
    if (c === newline || (c === carriageReturn && bytes[close + 1] !== newline)) scanner.line++
    if (c !== quote) continue
    if (bytes[close + 1] !== quote) break
    hasDoubled = true
    close++
  }
  if (close >= length) {
    const reason = `the quote opened on line ${line} is never closed`
    return { _tag: 'FileTruncated', file, reason }
  }
  push(scanner, from, hasDoubled ? ~close : close)
  scanner.at = close + 1
  while (isPadding(scanner, bytes[scanner.at]) && !scanner.isBlankSeparated) scanner.at++
  if (scanner.at === length || kinds[bytes[scanner.at]!] !== content) return undefined
  return {
    _tag: 'FileCorrupt',
    file,
    line: scanner.line,
    reason: 'text follows a closing quote',
    hint: 'a quote inside a quoted cell is written twice',
  }
}

const scanRow = (scanner: Scanner): DataError | undefined => {
  const { bytes, kinds, quote, isBlankSeparated } = scanner
  for (;;) {
    skipPadding(scanner)
    if (bytes[scanner.at] !== quote) plainCell(scanner)
    else {
      const wrong = quotedCell(scanner)
      if (wrong !== undefined) return wrong
    }
    // Blanks at the end of a line separate nothing.
    if (isBlankSeparated) skipPadding(scanner)
    const isOver = scanner.at >= bytes.length || kinds[bytes[scanner.at]!] === endsLine
    if (isOver) return undefined
    if (!isBlankSeparated) scanner.at++
  }
}

/** Scans all rows. Left: `RowRagged`, `FileCorrupt` (text after a closing quote), `FileTruncated` (an open quote). */
export const scanCells = (bytes: Uint8Array, syntax: Syntax): E.Either<DataError, Cells> => {
  const scanner = start(bytes, syntax)
  let width = 0
  while (findRow(scanner)) {
    const before = scanner.count
    const { line } = scanner
    if (scanner.rows === scanner.lines.length) scanner.lines = doubled(scanner.lines)
    scanner.lines[scanner.rows] = line
    const wrong = scanRow(scanner)
    if (wrong !== undefined) return E.left(wrong)
    skipLineEnd(scanner)
    const found = scanner.count - before
    if (scanner.rows === 0) width = found
    else if (found !== width) {
      return E.left({ _tag: 'RowRagged', file: syntax.file, line, expected: width, found })
    }
    scanner.rows++
  }
  const { starts, ends, rows, lines } = scanner
  return E.right({ starts, ends, rows, width, lines: lines.subarray(0, rows) })
}
