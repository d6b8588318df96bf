/**
 * Contractions as panels: each group of axes (rows, columns, depth) is a walk in the operand's view, whatever its strides, so
 * that nothing is copied first: backends gather what they need of it, when they need it. Batch axes become outer loops.
 */
import type { Address, Panel, Statement, Walk } from '../loop/loop.ts'
import { sizeOfWalk } from '../loop/walk.ts'
import type { ContractionAxes } from '../primitives/define.ts'
import { range, type Shape } from '../shape.ts'
import type { Cell } from './cell.ts'
import { collapse } from './collapse.ts'
import type { Emitter } from './emitter.ts'
import { axesAsTheyLie, denseAlong, type View } from './view.ts'

/** Axes by role, in the order in which they are walked: what is summed, and what is kept, paired with the output's axes. */
export interface Roles extends ContractionAxes {
  readonly rows: readonly (readonly [left: number, output: number])[]
  readonly columns: readonly (readonly [right: number, output: number])[]
}

/** Axes that neither batch nor sum names are free: rows of the left input, columns of the right. */
export const rolesOf = (
  { batch, sum }: ContractionAxes,
  leftRank: number,
  rightRank: number,
): Roles => {
  const free = (rank: number, side: 0 | 1) => {
    const taken = new Set([...batch, ...sum].map((pair) => pair[side]))
    return range(rank).filter((axis) => !taken.has(axis))
  }
  const rows = free(leftRank, 0).map((axis, i) => [axis, batch.length + i] as const)
  const before = batch.length + rows.length
  const columns = free(rightRank, 1).map((axis, i) => [axis, before + i] as const)
  return { batch, sum, rows, columns }
}

/** The same with rows walked as they lie in the left input, neighbours last. Which row comes first changes no sum. */
export const rowsAsTheyLie = (roles: Roles, view: View): Roles => {
  const outputs = new Map(roles.rows)
  const axes = axesAsTheyLie(view, [...outputs.keys()])
  return { ...roles, rows: axes.map((axis) => [axis, outputs.get(axis)!] as const) }
}

/** The output in a memory of its own, dense in the order in which its axes are walked: the batch first, or last. */
export const outputView = (
  { batch, rows, columns }: Roles,
  shape: Shape,
  batchIsLast: boolean,
): View => {
  const own = [...rows, ...columns].map(([, axis]) => axis)
  return denseAlong(shape, batchIsLast ? [...own, ...batch.keys()] : [...batch.keys(), ...own])
}

/** An operand or the result. */
export interface Operand {
  readonly cell: Cell
  readonly view: View
}

/** Some axes of a view as one. */
const walkOf = ({ shape, strides }: View, axes: readonly number[]): Walk =>
  collapse(shape, axes, [strides]).map(({ size, axis }) => ({
    count: size,
    stride: strides[axis]!,
  }))

/** A loop around the panels: its size and its stride in each of a, b, c. */
interface Outer {
  readonly size: number
  readonly strides: readonly [number, number, number]
}

const outerLoops = ({ batch }: Roles, a: View, b: View, c: View): Outer[] => {
  const strides = [
    batch.map(([axis]) => a.strides[axis]!),
    batch.map(([, axis]) => b.strides[axis]!),
    c.strides.slice(0, batch.length),
  ] as const
  const sizes = c.shape.slice(0, batch.length)
  return collapse(sizes, range(sizes.length), strides).map(({ size, axis }) => ({
    size,
    strides: [strides[0][axis]!, strides[1][axis]!, strides[2][axis]!],
  }))
}

/** Statements of a contraction; `c` is dense in the order of the roles. */
export const emitContraction = (
  emitter: Emitter,
  roles: Roles,
  a: Operand,
  b: Operand,
  c: Operand,
): Statement[] => {
  const outer = outerLoops(roles, a.view, b.view, c.view)
  const indices = outer.map(() => emitter.fresh())
  const panel = (
    { cell, view }: Operand,
    side: 0 | 1 | 2,
    rows: readonly number[],
    columns: readonly number[],
  ): Panel => {
    const terms = outer.flatMap(({ strides }, i) =>
      strides[side] === 0 ? [] : [{ index: indices[i]!, stride: strides[side] }],
    )
    const at: Address = { base: view.offset, terms }
    const buffer = emitter.number(cell)
    return { buffer, at, rows: walkOf(view, rows), columns: walkOf(view, columns) }
  }
  const side = (pairs: readonly (readonly [number, number])[], i: 0 | 1) =>
    pairs.map((pair) => pair[i])
  const { sum, rows, columns } = roles
  const panels = {
    a: panel(a, 0, side(rows, 0), side(sum, 0)),
    b: panel(b, 1, side(sum, 1), side(columns, 0)),
    c: panel(c, 2, side(rows, 1), side(columns, 1)),
  }
  const innermost: Statement = {
    kind: 'contract',
    dtype: c.cell.dtype as 'float32' | 'float64' | 'int32',
    rows: sizeOfWalk(panels.a.rows),
    columns: sizeOfWalk(panels.b.columns),
    depth: sizeOfWalk(panels.a.columns),
    ...panels,
  }
  return outer.reduceRight<Statement[]>(
    (body, { size }, i) => [
      { kind: 'for', index: indices[i]!, extent: size, parallel: true, body },
    ],
    [innermost],
  )
}
