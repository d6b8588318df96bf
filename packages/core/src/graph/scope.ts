/**
 * A graph being scheduled: what is known of each variable, and the tasks so far. Storing is decided here. The heuristics:
 * - views, constants and generated values are never stored for their own sake;
 * - an elementwise result with one reader is not stored, unless the expression grows past `mostNodes`;
 * - with several readers it is stored unless it is cheap: at most `cheapCost` operations over at most one array;
 * - what would be computed again for each row after a broadcast along leading axes is stored before the broadcast.
 * Storing what only the next loop reads costs nothing: fusion drops such stores again (`fuse.ts`).
 */
import type { Lowering } from '../primitives/define.ts'
import { type Cell, cellFor } from './cell.ts'
import { costOf, type Expression, isWhole, leavesOf, loadAll, uniform } from './expression.ts'
import type { Atom, Equation, Graph, Variable } from './graph.ts'
import type { Task } from './task.ts'
import { contiguous } from './view.ts'

/** Operations of one kernel's expression at most. */
export const mostNodes = 200

/** Operations up to which computing twice beats storing. */
const cheapCost = 8

/** Tasks that compute a graph of the given input expressions into the given cells. */
export type Scheduler = (
  graph: Graph,
  inputs: readonly Expression[],
  cells: readonly Cell[],
) => readonly Task[]

/** A graph being scheduled. */
export interface Scope {
  readonly values: Map<Variable, Expression>
  /** Equations that read a variable. */
  readonly uses: ReadonlyMap<Variable, number>
  /** Where outputs of the graph must end up. */
  readonly targets: ReadonlyMap<Variable, Cell>
  readonly tasks: Task[]
  /** Schedules a graph inside this one: the body of a loop, a branch. */
  readonly nested: Scheduler
}

/** The expression of an atom. */
export const valueOf = (scope: Scope, x: Atom): Expression =>
  x.kind === 'literal' ? uniform(x.dtype, x.value) : scope.values.get(x)!

/** The cell an equation writes its output to. */
export const cellOf = (scope: Scope, x: Variable): Cell => scope.targets.get(x) ?? cellFor(x)

/** Appends a nest that stores an expression densely. */
export const storeTo = (scope: Scope, x: Atom, cell: Cell, value: Expression): void => {
  scope.tasks.push({
    kind: 'nest',
    shape: x.shape,
    stores: [{ cell, view: contiguous(x.shape), value, kept: true }],
  })
}

/** A load of all of a dense cell that holds the atom, storing it there first if needed. */
export const dense = (scope: Scope, x: Atom): Extract<Expression, { kind: 'load' }> => {
  const value = valueOf(scope, x)
  if (isWhole(value)) return value
  const cell = cellFor(x)
  storeTo(scope, x, cell, value)
  const stored = loadAll(cell, x.shape)
  if (x.kind === 'variable') scope.values.set(x, stored)
  return stored as Extract<Expression, { kind: 'load' }>
}

/** True for expressions that may be computed by each of several readers. */
export const isCheap = (x: Expression): boolean =>
  x.kind !== 'map' ||
  (costOf(x) <= cheapCost &&
    leavesOf(x).filter(({ view }) => view.strides.some((stride) => stride !== 0)).length <= 1)

/** True when several equations read a variable. */
export const isShared = (scope: Scope, x: Variable): boolean => (scope.uses.get(x) ?? 0) > 1

/** Records the value of a variable, stored or not. */
export const define = (scope: Scope, x: Variable, value: Expression): void => {
  const target = scope.targets.get(x)
  // a constant that is a result is stored at the end, and who else reads it needs no memory for it
  const isNeeded = target !== undefined && value.kind !== 'constant'
  if (!isNeeded && (!isShared(scope, x) || isCheap(value))) {
    scope.values.set(x, value)
    return
  }
  const cell = target ?? cellFor(x)
  storeTo(scope, x, cell, value)
  scope.values.set(x, loadAll(cell, x.shape))
}

/** How the equations of one kind of lowering are scheduled. */
export type Rule<K extends Lowering<never>['kind']> = (
  scope: Scope,
  equation: Equation,
  lower: Extract<Lowering<never>, { kind: K }>,
) => void
