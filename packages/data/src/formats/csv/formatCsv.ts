/** A table back to CSV, so that what was read, cleaned or predicted can be looked at with any other program. */
import { type Column, sizeOf } from '../../table/column.ts'
import type { Table } from '../../table/table.ts'

const cell = (text: string): string =>
  /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

const number = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))

const textOf = (column: Column, row: number, missing: string): string => {
  if (column.kind === 'number') {
    return column.valid?.[row] === 0 ? missing : number(column.values[row] ?? 0)
  }
  if (column.kind === 'string') {
    const code = column.codes[row] ?? -1
    return code === -1 ? missing : cell(column.dictionary[code] ?? '')
  }
  const width = sizeOf(column.shape)
  return cell(`[${Array.from(column.values.subarray(row * width, (row + 1) * width)).join(' ')}]`)
}

/**
 * CSV text of a table: a header, commas, quotes where needed, LF. Missing values are written as `missing` (default
 * nothing). Numbers keep every digit, so that reading gives the same bits; an array is written as one cell `[1 2 3]`.
 *
 * @example
 * ```ts
 * import { formatCsv, parseCsv } from '@rootstock/data'
 *
 * const menu = parseCsv('dish,price\nfish,NA\n')
 * if (menu._tag === 'Right') console.log(formatCsv(menu.right))
 * // dish,price
 * // fish,
 * ```
 */
export const formatCsv = (
  from: Table,
  { missing = '' }: { readonly missing?: string } = {},
): string => {
  const lines = [from.columns.map((c) => cell(c.name)).join(',')]
  for (let row = 0; row < from.rows; row++) {
    const line = from.columns.map((c) => textOf(c, row, missing)).join(',')
    // A blank line would be left out by readers; a quoted empty cell is not blank.
    lines.push(line === '' ? '""' : line)
  }
  return `${lines.join('\n')}\n`
}
