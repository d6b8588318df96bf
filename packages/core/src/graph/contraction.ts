/**
 * Contractions as panels: each group of axes (rows, columns, depth) must be one stride in the operand's view. What does
 * not collapse becomes outer loops, except along depth, whose order is fixed: there the operand is copied first.
 */
import type { Address, Panel, Statement } from '../loop/loop.ts'
import type { ContractionAxes } from '../primitives/define.ts'
import { range, type Shape, stridesOf } from '../shape.ts'
import type { Cell } from './cell.ts'
import { collapse, type Run } from './collapse.ts'
import type { Emitter } from './emitter.ts'
import type { View } from './view.ts'

/** Axes of each operand by role. */
export interface Roles {
  readonly batch: readonly (readonly [number, number])[]
  readonly sum: readonly (readonly [number, number])[]
  readonly freeLeft: readonly number[]
  readonly freeRight: readonly number[]
}

/** Axes that neither batch nor sum names are free. */
export const rolesOf = (
  { batch, sum }: ContractionAxes,
  leftRank: number,
  rightRank: number,
): Roles => {
  const taken = (side: 0 | 1) => new Set([...batch, ...sum].map((pair) => pair[side]))
  const [left, right] = [taken(0), taken(1)]
  return {
    batch,
    sum,
    freeLeft: range(leftRank).filter((axis) => !left.has(axis)),
    freeRight: range(rightRank).filter((axis) => !right.has(axis)),
  }
}

/** Axes of one side of the depth. */
export const depthAxes = ({ sum }: Roles, side: 0 | 1): number[] => sum.map((pair) => pair[side])

/** True when the depth is one stride in this operand. */
export const depthIsOneStride = (view: View, axes: readonly number[]): boolean =>
  collapse(view.shape, axes, [view.strides]).length <= 1

/** An operand or the result. */
export interface Operand {
  readonly cell: Cell
  readonly view: View
}

/** A loop around the panels: its size and its stride in each of a, b, c. */
interface Outer {
  readonly size: number
  readonly strides: readonly [number, number, number]
}

/** A group of axes as runs, with strides in a, b and c. */
const group = (
  sizes: Shape,
  a: readonly number[],
  b: readonly number[],
  c: readonly number[],
): Outer[] =>
  collapse(sizes, range(sizes.length), [a, b, c]).map(({ size, axis }: Run) => ({
    size,
    strides: [a[axis]!, b[axis]!, c[axis]!],
  }))

/** The longest run and the others. */
const split = (
  runs: readonly Outer[],
): { readonly inner: Outer; readonly others: readonly Outer[] } => {
  const inner = runs.toSorted((x, y) => y.size - x.size)[0] ?? { size: 1, strides: [0, 0, 0] }
  return { inner, others: runs.filter((run) => run !== inner) }
}

/** Statements of a contraction whose depth is one stride on both sides; `c` is dense. */
export const emitContraction = (
  emitter: Emitter,
  roles: Roles,
  a: Operand,
  b: Operand,
  c: Operand,
): Statement[] => {
  const output = c.view.shape
  const strides = stridesOf(output)
  const [nBatch, nLeft] = [roles.batch.length, roles.freeLeft.length]
  const of = (view: View, axes: readonly number[]) => axes.map((axis) => view.strides[axis]!)
  const zeros = (axes: readonly unknown[]) => axes.map(() => 0)
  const left = roles.batch.map((pair) => pair[0])
  const right = roles.batch.map((pair) => pair[1])
  const batch = group(
    output.slice(0, nBatch),
    of(a.view, left),
    of(b.view, right),
    strides.slice(0, nBatch),
  )
  const rows = split(
    group(
      output.slice(nBatch, nBatch + nLeft),
      of(a.view, roles.freeLeft),
      zeros(roles.freeLeft),
      strides.slice(nBatch, nBatch + nLeft),
    ),
  )
  const columns = split(
    group(
      output.slice(nBatch + nLeft),
      zeros(roles.freeRight),
      of(b.view, roles.freeRight),
      strides.slice(nBatch + nLeft),
    ),
  )
  const sizes = roles.sum.map(([axis]) => a.view.shape[axis]!)
  const depth = group(
    sizes,
    of(a.view, depthAxes(roles, 0)),
    of(b.view, depthAxes(roles, 1)),
    zeros(sizes),
  )
  const { inner: deep } = split(depth)
  const outer = [...batch, ...rows.others, ...columns.others]
  const indices = outer.map(() => emitter.fresh())
  const panel = (
    operand: Operand,
    side: 0 | 1 | 2,
    rowStride: number,
    columnStride: number,
  ): Panel => {
    const terms = outer.flatMap((loop, i) =>
      loop.strides[side] === 0 ? [] : [{ index: indices[i]!, stride: loop.strides[side] }],
    )
    const at: Address = { base: operand.view.offset, terms }
    return { buffer: emitter.number(operand.cell), at, rowStride, columnStride }
  }
  const innermost: Statement = {
    kind: 'contract',
    dtype: c.cell.dtype as 'float32' | 'float64' | 'int32',
    rows: rows.inner.size,
    columns: columns.inner.size,
    depth: sizes.reduce((product, size) => product * size, 1),
    a: panel(a, 0, rows.inner.strides[0], deep.strides[0]),
    b: panel(b, 1, deep.strides[1], columns.inner.strides[1]),
    c: panel(c, 2, rows.inner.strides[2], columns.inner.strides[2]),
  }
  return outer.reduceRight<Statement[]>(
    (body, { size }, i) => [
      { kind: 'for', index: indices[i]!, extent: size, parallel: true, body },
    ],
    [innermost],
  )
}
