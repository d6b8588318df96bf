/**
 * Contractions as panels: each group of axes (rows, columns, depth) is a walk in the operand's view, whatever its strides, so
 * that nothing is copied first: backends gather what they need of it, when they need it. Batch axes become outer loops.
 */
import type { Address, Panel, Statement, Walk } from '../loop/loop.ts'
import type { ContractionAxes } from '../primitives/define.ts'
import { range, sizeOf } from '../shape.ts'
import type { Cell } from './cell.ts'
import { collapse } from './collapse.ts'
import type { Emitter } from './emitter.ts'
import type { View } from './view.ts'

/** Axes of each operand by role. */
interface Roles extends ContractionAxes {
  readonly freeLeft: readonly number[]
  readonly freeRight: readonly number[]
}

/** Axes that neither batch nor sum names are free. */
const rolesOf = ({ batch, sum }: ContractionAxes, leftRank: number, rightRank: number): Roles => {
  const taken = (side: 0 | 1) => new Set([...batch, ...sum].map((pair) => pair[side]))
  const [left, right] = [taken(0), taken(1)]
  return {
    batch,
    sum,
    freeLeft: range(leftRank).filter((axis) => !left.has(axis)),
    freeRight: range(rightRank).filter((axis) => !right.has(axis)),
  }
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

/** Statements of a contraction; `c` is dense, its axes those of the batch, the rows and the columns. */
export const emitContraction = (
  emitter: Emitter,
  axes: ContractionAxes,
  a: Operand,
  b: Operand,
  c: Operand,
): Statement[] => {
  const roles = rolesOf(axes, a.view.shape.length, b.view.shape.length)
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
  const { batch, sum, freeLeft, freeRight } = roles
  const sizes = (view: View, of: readonly number[]) => sizeOf(of.map((axis) => view.shape[axis]!))
  const [depthA, depthB] = [sum.map(([axis]) => axis), sum.map(([, axis]) => axis)]
  const free = range(c.view.shape.length).slice(batch.length)
  const innermost: Statement = {
    kind: 'contract',
    dtype: c.cell.dtype as 'float32' | 'float64' | 'int32',
    rows: sizes(a.view, freeLeft),
    columns: sizes(b.view, freeRight),
    depth: sizes(a.view, depthA),
    a: panel(a, 0, freeLeft, depthA),
    b: panel(b, 1, depthB, freeRight),
    c: panel(c, 2, free.slice(0, freeLeft.length), free.slice(freeLeft.length)),
  }
  return outer.reduceRight<Statement[]>(
    (body, { size }, i) => [
      { kind: 'for', index: indices[i]!, extent: size, parallel: true, body },
    ],
    [innermost],
  )
}
