/**
 * Contractions. Small ones become ordinary loops, which the vectoriser handles; the others call the product of their
 * dtype. Everything is decided here, when the program is compiled, since all sizes and strides are known.
 */
import type { Address, Panel, Scalar, Statement } from '../../loop/loop.ts'
import * as s from '../../loop/scalar.ts'
import type { Code } from './encode.ts'
import { add, call } from './instructions.ts'
import { packedBytes } from './pack.ts'
import { edgeBytes, productName } from './product.ts'
import { rowName, rowScratch } from './row.ts'
import { scalarPlace, sharedIn } from './scalar.ts'
import { type Element, elements, tileColumns, tileRows } from './tile.ts'
import { freshId, imported, scratchPlace, type Writer } from './writer.ts'

export type Contract = Extract<Statement, { readonly kind: 'contract' }>

/** Products of fewer multiplications than this are ordinary loops. */
const fewestProducts = 2048

/** Elements of a block along the depth, of a packed block of a, and of one of b: half of a 1 MB cache in all. */
const blocks = { depth: 384, a: 48 * 1024, b: 96 * 1024 }

/** From how many uses of each element on packing pays. */
const usesThatPay = 16

/** True for contractions that are better as loops. */
export const isSmall = ({ rows, columns, depth }: Contract): boolean =>
  rows * columns * depth < fewestProducts

const transposed = (panel: Panel): Panel => ({
  ...panel,
  rowStride: panel.columnStride,
  columnStride: panel.rowStride,
})

/** The same contraction with rows and columns exchanged: c' = b' a'. The order along the depth stays. */
const exchanged = (statement: Contract): Contract => ({
  ...statement,
  rows: statement.columns,
  columns: statement.rows,
  a: transposed(statement.b),
  b: transposed(statement.a),
  c: transposed(statement.c),
})

const at = (panel: Panel, row: number, column: number): Address => ({
  ...panel.at,
  terms: [
    ...panel.at.terms,
    { index: row, stride: panel.rowStride },
    { index: column, stride: panel.columnStride },
  ],
})

/** A contraction as three nested loops, those of the longer side inside, where they can become vectors. */
export const contractLoops = (w: Writer, given: Contract): Statement => {
  const inner = given.columns >= 4 || given.columns >= given.rows
  const { dtype, rows, columns, depth, a, b, c } = inner ? given : exchanged(given)
  const [row, column, index, id] = [freshId(w), freshId(w), freshId(w), freshId(w)]
  const value: Scalar = s.mul(
    s.load(dtype, a.buffer, at(a, row, index)),
    s.load(dtype, b.buffer, at(b, index, column)),
  )
  const body: Statement[] = [
    {
      kind: 'reduce',
      id,
      op: 'add',
      dtype,
      order: 'sequence',
      index,
      extent: depth,
      body: [],
      value,
    },
    { kind: 'store', buffer: c.buffer, at: at(c, row, column), value: s.local(dtype, id) },
  ]
  const across: Statement = { kind: 'for', index: column, extent: columns, parallel: true, body }
  return { kind: 'for', index: row, extent: rows, parallel: true, body: [across] }
}

const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to

/** Elements that tiles compute, of which the matrix may need fewer. */
const padded = ({ rows, columns, dtype }: Contract): number =>
  roundUp(rows, tileRows) * roundUp(columns, tileColumns(dtype))

/** Of a contraction and its exchange, the one whose results tiles can store directly and that wastes less. */
const better = (given: Contract): Contract => {
  const other = exchanged(given)
  if (isRow(given) || isRow(other)) return isRow(given) ? given : other
  if (given.c.columnStride !== 1 && other.c.columnStride === 1) return other
  return padded(other) < 0.8 * padded(given) ? other : given
}

/** True when one row is wanted of a matrix that lies in rows. */
const isRow = ({ rows, b }: Contract): boolean => rows === 1 && b.columnStride === 1

/** The address of element (0, 0) of an operand. */
const startOf = (w: Writer, dtype: Element, { buffer, at: first }: Panel): Code => {
  const place = { dtype, buffer, at: first }
  const { address, offset } = scalarPlace(w, sharedIn([first.offset]), place)
  return offset === 0 ? address : add(address, offset)
}

/** Calls a function of the module that belongs to a dtype; all its arguments are i32. */
const callLibrary = (w: Writer, from: Element, name: string, args: readonly Code[]): Code =>
  call(imported(w, { from, name, params: args.map(() => 'i32') }), ...args)

const rowCode = (w: Writer, { dtype, columns, depth, a, b, c }: Contract): Code => {
  const { bytes } = elements[dtype]
  const scratch = scratchPlace(w, rowScratch(dtype, columns))
  return callLibrary(w, dtype, rowName(dtype), [
    startOf(w, dtype, a),
    a.columnStride * bytes,
    startOf(w, dtype, b),
    b.rowStride * bytes,
    startOf(w, dtype, c),
    c.columnStride * bytes,
    columns,
    depth,
    add(scratch.address, scratch.offset),
  ])
}

const productCode = (w: Writer, { dtype, rows, columns, depth, a, b, c }: Contract): Code => {
  const { bytes } = elements[dtype]
  const width = tileColumns(dtype)
  const blockDepth = Math.ceil(depth / Math.ceil(depth / blocks.depth))
  const blockRows = roundUp(Math.min(rows, blocks.a / blockDepth), tileRows)
  const blockColumns = roundUp(Math.min(columns, blocks.b / blockDepth), width)
  const packsA = a.columnStride !== 1 && columns >= usesThatPay
  const packsB = b.columnStride !== 1 || rows >= usesThatPay
  const scratch = (size: number): Code => {
    const { address, offset } = scratchPlace(w, size)
    return add(address, offset)
  }
  const strides = (panel: Panel): Code[] =>
    [panel.rowStride, panel.columnStride].map((stride) => stride * bytes)
  return callLibrary(w, dtype, productName(dtype), [
    startOf(w, dtype, a),
    ...strides(a),
    startOf(w, dtype, b),
    ...strides(b),
    startOf(w, dtype, c),
    ...strides(c),
    rows,
    columns,
    depth,
    blockRows,
    blockColumns,
    blockDepth,
    packsA ? scratch(packedBytes(dtype, blockRows, blockDepth, tileRows)) : 0,
    packsB ? scratch(packedBytes(dtype, blockColumns, blockDepth, width)) : 0,
    scratch(edgeBytes),
  ])
}

/** Code of a contraction that is not small. */
export const contractCode = (w: Writer, given: Contract): Code => {
  const chosen = better(given)
  return isRow(chosen) ? rowCode(w, chosen) : productCode(w, chosen)
}
