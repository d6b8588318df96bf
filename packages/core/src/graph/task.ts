/** Tasks: the schedule's units. Nests can fuse with each other; everything else is opaque to fusion. */
import type { Step } from '../loop/loop.ts'
import type { Shape } from '../shape.ts'
import type { Cell } from './cell.ts'
import type { Emitter } from './emitter.ts'
import { cellsOf, type Expression } from './expression.ts'
import type { View } from './view.ts'

/** Where a nest puts an expression; `kept` is false when only later stores of the same nest use it. */
export interface Store {
  readonly cell: Cell
  /** Over the shape of the nest. */
  readonly view: View
  readonly value: Expression
  readonly kept: boolean
}

/** Loops over a shape that evaluate expressions and store them. */
export interface Nest {
  readonly kind: 'nest'
  readonly shape: Shape
  readonly stores: readonly Store[]
}

/** Steps that fusion leaves alone. */
export interface Opaque {
  readonly kind: 'opaque'
  readonly reads: readonly Cell[]
  readonly writes: readonly Cell[]
  readonly steps: (emitter: Emitter) => readonly Step[]
}

/** Nests inside one loop over their leading axes, which `shape` gives; see `rows.ts`. */
export interface Rows {
  readonly kind: 'rows'
  readonly shape: Shape
  readonly parts: readonly Nest[]
}

export type Task = Nest | Rows | Opaque

/** Cells a task reads. */
export const readsOf = (task: Task): readonly Cell[] =>
  task.kind === 'opaque'
    ? task.reads
    : task.kind === 'rows'
      ? task.parts.flatMap(readsOf)
      : task.stores.flatMap((store) => cellsOf(store.value))

/** Cells a task writes. */
export const writesOf = (task: Task): readonly Cell[] =>
  task.kind === 'opaque'
    ? task.writes
    : task.kind === 'rows'
      ? task.parts.flatMap(writesOf)
      : task.stores.map((store) => store.cell)
