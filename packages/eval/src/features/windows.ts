/** Batches for running a compiled function over rows: all of one size, so that it is compiled once. */
import { ArgumentError } from '@rootstock/core'

/** Rows `[from, to)`. */
export interface Window {
  readonly from: number
  readonly to: number
}

/** Windows of one size that cover the rows; the last overlaps the one before it rather than being smaller. */
export const windows = (operation: string, rows: number, size: number): readonly Window[] => {
  if (!Number.isInteger(size) || size < 1) {
    throw new ArgumentError({
      operation,
      inputs: { batchSize: size },
      rule: 'batchSize must be a whole number of at least 1',
    })
  }
  const length = Math.min(size, rows)
  return Array.from({ length: rows === 0 ? 0 : Math.ceil(rows / length) }, (_, i) => {
    const from = Math.min(i * length, rows - length)
    return { from, to: from + length }
  })
}
