/** Contractions. Small ones become ordinary loops; large ones call the packed product. */
import type { Address, Panel, Scalar, Statement } from '../../loop/loop.ts'
import * as s from '../../loop/scalar.ts'
import { freshId, type Writer } from './writer.ts'

export type Contract = Extract<Statement, { readonly kind: 'contract' }>

/** An element of an operand. */
const at = (panel: Panel, row: number, column: number): Address => ({
  ...panel.at,
  terms: [
    ...panel.at.terms,
    { index: row, stride: panel.rowStride },
    { index: column, stride: panel.columnStride },
  ],
})

/** A contraction as three nested loops. */
export const contractLoops = (
  w: Writer,
  { dtype, rows, columns, depth, a, b, c }: Contract,
): Statement => {
  const [row, column, inner, sum] = [freshId(w), freshId(w), freshId(w), freshId(w)]
  const value: Scalar = s.mul(
    s.load(dtype, a.buffer, at(a, row, inner)),
    s.load(dtype, b.buffer, at(b, inner, column)),
  )
  const body: Statement[] = [
    {
      kind: 'reduce',
      id: sum,
      op: 'add',
      dtype,
      order: 'sequence',
      index: inner,
      extent: depth,
      body: [],
      value,
    },
    { kind: 'store', buffer: c.buffer, at: at(c, row, column), value: s.local(dtype, sum) },
  ]
  const across: Statement = { kind: 'for', index: column, extent: columns, parallel: true, body }
  return { kind: 'for', index: row, extent: rows, parallel: true, body: [across] }
}
