/** Data sets of small tables, for tests of what becomes of columns. */
import { type Column, prepare, type Selection, select, table } from '@rootstock/data'
import { right } from '../right.ts'

/** Rows of one table, or all rows of another, are for testing. */
export const prepared = (
  columns: readonly Column[],
  selection: Selection,
  tested: Int32Array | readonly Column[],
) => {
  const from = right(table(columns, { file: 'menu.csv' }))
  if (!(tested instanceof Int32Array)) {
    const other = right(table(tested, { file: 'test.csv' }))
    return prepare(right(select(selection)(from)), { by: 'table', test: other })
  }
  const trainRows = Int32Array.from(Array(from.rows).keys()).filter((row) => !tested.includes(row))
  return prepare(right(select(selection)(from)), {
    by: 'table',
    test: from,
    testRows: tested,
    trainRows,
  })
}
