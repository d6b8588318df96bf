/** A small vocabulary for loops over dense matrices, with which the factorisations read like their pseudocode. */
import type { Address, Scalar, Statement } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import { sizeOf } from '../shape.ts'
import type { Block, LoopContext } from './define.ts'

/** A mutable local: its value, its declaration and its assignment. */
export interface Cell {
  readonly value: Scalar
  readonly start: (value: Scalar) => Statement
  readonly set: (value: Scalar) => Statement
}

/** A fresh mutable local of a dtype. */
export const cell = (context: LoopContext, dtype: Scalar['dtype']): Cell => {
  const id = context.local()
  return {
    value: s.local(dtype, id),
    start: (value) => ({ kind: 'var', id, value }),
    set: (value) => ({ kind: 'set', id, value }),
  }
}

/** A value computed once: the declaration and its use. */
export const once = (context: LoopContext, value: Scalar): readonly [Statement, Scalar] => {
  const id = context.local()
  return [{ kind: 'let', id, value }, s.local(value.dtype, id)]
}

/** `body` for i = from, from + 1, ... below `end`. */
export const count = (
  context: LoopContext,
  from: Scalar,
  end: Scalar,
  body: (i: Scalar) => readonly Statement[],
): readonly Statement[] => {
  const i = cell(context, 'int32')
  return [
    i.start(from),
    {
      kind: 'while',
      condition: s.lt(i.value, end),
      body: [...body(i.value), i.set(s.add(i.value, s.int(1)))],
    },
  ]
}

/** `body` when the condition holds. */
export const when = (
  condition: Scalar,
  body: readonly Statement[],
  otherwise: readonly Statement[] = [],
): Statement => ({ kind: 'if', condition, then: body, otherwise })

/** Reading and writing a row-major matrix (or, without a column, a vector) that belongs to one batch entry. */
export interface Matrix {
  readonly get: (row: Scalar, column?: Scalar) => Scalar
  readonly put: (value: Scalar, row: Scalar, column?: Scalar) => Statement
}

/** Entry `batch` (a loop index) of a buffer of matrices with `columns` columns, `size` elements each. */
export const matrixIn = (
  buffer: number,
  dtype: Scalar['dtype'],
  batch: number,
  size: number,
  columns: number,
): Matrix => {
  const at = (row: Scalar, column?: Scalar): Address => ({
    base: 0,
    terms: [{ index: batch, stride: size }],
    offset: column === undefined ? row : s.add(s.mul(row, s.int(columns)), column),
  })
  return {
    get: (row, column) => s.load(dtype, buffer, at(row, column)),
    put: (value, row, column) => ({ kind: 'store', buffer, at: at(row, column), value }),
  }
}

/** The last two axes of a block as matrices of a batch. */
export const matrixOf = (block: Block, batch: number): Matrix => {
  const [rows, columns] = block.shape.slice(-2) as [number, number]
  return matrixIn(block.buffer, block.dtype, batch, rows * columns, columns)
}

/** The last axis of a block as vectors of a batch. */
export const vectorOf = (block: Block, batch: number): Matrix =>
  matrixIn(block.buffer, block.dtype, batch, block.shape.at(-1)!, 1)

/** `body` for each matrix of a batch; the matrices are independent. */
export const eachMatrix = (
  context: LoopContext,
  block: Block,
  body: (batch: number) => readonly Statement[],
): readonly Statement[] => {
  const batch = context.index()
  const extent = sizeOf(block.shape.slice(0, -2))
  return [{ kind: 'for', index: batch, extent, parallel: true, body: body(batch) }]
}
