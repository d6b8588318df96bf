/**
 * Reductions over leading axes, such as the sum of a matrix's rows. Walking one column after the other would step through
 * memory with large strides; here all columns of a row advance together and the result itself holds the accumulators. Each
 * element still sees its operands one by one in row-major order, so the bits are those of a plain sequence.
 */
import { identityOf, type Scalar, type Statement } from '../loop/loop.ts'
import { constant, load } from '../loop/scalar.ts'
import { sizeOf } from '../shape.ts'
import { collapse } from './collapse.ts'
import type { Emitter } from './emitter.ts'
import { addressAt, createEvaluator, type Position } from './evaluate.ts'
import { type Expression, leavesOf } from './expression.ts'
import { openLoops } from './openLoops.ts'
import { combine, keptAxes } from './reduce.ts'
import { reductionOrder } from './reduction.ts'
import type { Nest } from './task.ts'

/** Columns from which on the rewrite pays. */
const fewestColumns = 8

/** True for a lone reduction in sequence whose elements lie closer along the last remaining axis than along reduced ones. */
export const isColumnwise = ({ shape, stores }: Nest): boolean => {
  const value: Expression | undefined = stores[0]?.value
  if (stores.length !== 1 || value?.kind !== 'reduced' || sizeOf(value.shape) === 0) return false
  const { run, outer } = reductionOrder(value.shape, value.axes)
  if (run.length > 0 || outer.length === 0 || (shape.at(-1) ?? 1) < fewestColumns) return false
  const last = value.shape.length - 1
  const inner = outer.at(-1)!
  return leavesOf(value.of).every(
    ({ view }) =>
      Math.abs(view.strides[last]!) <= Math.abs(view.strides[inner]!) || view.strides[inner] === 0,
  )
}

/** The statements of a nest for which `isColumnwise` holds. */
export const emitColumns = (emitter: Emitter, { stores: [store] }: Nest): Statement[] => {
  const { cell, view, value } = store!
  if (value.kind !== 'reduced') throw new Error('not a reduction')
  const { op, dtype, of, shape } = value
  const kept = keptAxes(value)
  const lists = leavesOf(of).map((leaf) => leaf.view.strides)
  // the result as a view over the input's axes, standing still along the reduced ones
  const strides = shape.map((_, axis) =>
    kept.includes(axis) ? view.strides[kept.indexOf(axis)]! : 0,
  )
  const result = { offset: view.offset, shape, strides }
  const column = { axis: kept.at(-1)!, size: shape[kept.at(-1)!]! }
  const rows = openLoops(emitter, collapse(shape, kept.slice(0, -1), [strides, ...lists]), true)
  const put = (position: Position, next: (before: Scalar, inside: Position) => Scalar): void => {
    const columns = openLoops(emitter, [column], true, position)
    const at = addressAt(result, columns.position)
    const buffer = emitter.number(cell)
    const after = next(load(dtype, buffer, at), columns.position)
    columns.position.blocks.at(-1)!.push({ kind: 'store', buffer, at, value: after })
    columns.close()
  }
  put(rows.position, () => constant(dtype, identityOf(op, dtype)))
  const outer = collapse(shape, reductionOrder(shape, value.axes).outer, lists)
  const reduced = openLoops(emitter, outer, false, rows.position)
  put(reduced.position, (before, inside) =>
    combine[op](before, createEvaluator(emitter, inside, [of], () => null)(of).scalar),
  )
  reduced.close()
  return rows.close()
}
