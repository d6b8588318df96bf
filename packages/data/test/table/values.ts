/** Columns as plain lists, for comparing. */
import { type Table, valueAt } from '@rootstock/data'

/** The values of each column, `null` where they are missing. */
export const valuesOf = (table: Table): Record<string, unknown[]> =>
  Object.fromEntries(
    table.columns.map((column) => [
      column.name,
      Array.from({ length: table.rows }, (_, row) => valueAt(column, row)),
    ]),
  )
