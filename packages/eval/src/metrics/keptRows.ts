/**
 * Rows kept for metrics that need all of them at once, such as those of ranks: exact, with memory in proportion to the
 * rows that count. Blocks are put together when the newer is not shorter, as in a binary counter, so that a stream of many
 * small batches costs n log n in all and adding a batch never copies the rest.
 */
import { type Numbers, weightOf } from './rows.ts'
import { type Stream, streamOf } from './stream.ts'

/** Columns of the rows that count; each has the same number of elements for every row. */
export interface Rows<Name extends string> {
  readonly weights: Float64Array
  readonly columns: Readonly<Record<Name, Float64Array>>
}

/** Blocks of rows, the longest first. */
export type KeptRows<Name extends string> = readonly Rows<Name>[]

/** The columns of a batch, all rows of it. */
export interface Offered<Name extends string> {
  readonly rows: number
  readonly weights: Numbers | undefined
  readonly columns: Readonly<Record<Name, Numbers>>
}

const pick = (column: Numbers, rows: number, counted: Numbers): Float64Array => {
  const width = rows === 0 ? 0 : column.length / rows
  const picked = new Float64Array(counted.length * width)
  for (let i = 0; i < counted.length; i++) {
    const from = counted[i]! * width
    for (let k = 0; k < width; k++) picked[i * width + k] = column[from + k]!
  }
  return picked
}

const join = (left: Float64Array, right: Float64Array): Float64Array => {
  const joined = new Float64Array(left.length + right.length)
  joined.set(left)
  joined.set(right, left.length)
  return joined
}

/** A stream that keeps the named columns and reads its metric off all rows together. */
export const keeping = <Batch, Name extends string, Result>(
  names: readonly Name[],
  read: (batch: Batch) => Offered<Name>,
  result: (rows: Rows<Name>) => Result,
): Stream<Batch, KeptRows<Name>, Result> => {
  const columnsOf = (of: (name: Name) => Float64Array): Rows<Name>['columns'] =>
    Object.fromEntries(names.map((name) => [name, of(name)])) as Rows<Name>['columns']
  const append = (left: Rows<Name>, right: Rows<Name>): Rows<Name> => ({
    weights: join(left.weights, right.weights),
    columns: columnsOf((name) => join(left.columns[name], right.columns[name])),
  })
  const push = (blocks: KeptRows<Name>, block: Rows<Name>): KeptRows<Name> => {
    if (block.weights.length === 0) return blocks
    let kept = blocks.length
    let last = block
    while (kept > 0 && blocks[kept - 1]!.weights.length <= last.weights.length)
      last = append(blocks[--kept]!, last)
    return [...blocks.slice(0, kept), last]
  }
  const measure = (batch: Batch): KeptRows<Name> => {
    const { rows, weights, columns } = read(batch)
    const counted: number[] = []
    for (let i = 0; i < rows; i++) if (weightOf(weights, i) > 0) counted.push(i)
    const block = {
      weights: Float64Array.from(counted, (row) => weightOf(weights, row)),
      columns: columnsOf((name) => pick(columns[name], rows, counted)),
    }
    return push([], block)
  }
  const none: Rows<Name> = {
    weights: new Float64Array(0),
    columns: columnsOf(() => new Float64Array(0)),
  }
  return streamOf<Batch, KeptRows<Name>, Result>(
    { empty: [], measure, merge: (left, right) => right.reduce(push, left) },
    (blocks) =>
      result(
        blocks.length === 0 ? none : blocks.reduceRight((newer, older) => append(older, newer)),
      ),
  )
}

/** The rows in rising order of a column. */
export const rising = (values: Numbers): Uint32Array => {
  const rows = new Uint32Array(values.length)
  for (let i = 0; i < rows.length; i++) rows[i] = i
  return rows.sort((a, b) => values[a]! - values[b]!)
}

/** Calls `visit` for the rows of each value, in rising order: `order` from `start` up to `end`. */
export const forEachTie = (
  values: Numbers,
  order: Uint32Array,
  visit: (start: number, end: number) => void,
): void => {
  for (let start = 0; start < order.length; ) {
    const value = values[order[start]!]!
    let end = start + 1
    while (end < order.length && values[order[end]!] === value) end++
    visit(start, end)
    start = end
  }
}

/** Whether a column holds a NaN, which has no place in an order. */
export const hasNaN = (values: Float64Array): boolean => values.some((value) => Number.isNaN(value))
