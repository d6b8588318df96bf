/**
 * Coalescing: an intermediate that is last read where a tensor of its size is written, element by element, shares that
 * tensor's memory. A row that one part of a kernel stores and the next one scales is so scaled in place, and what only
 * leads to an output is computed in the output's own memory.
 */
import { equalShapes } from '../shape.ts'
import type { Cell } from './cell.ts'
import { isColumnwise } from './columns.ts'
import { isRowLocal, storeLeaves } from './rows.ts'
import { type Nest, readsOf, type Store, type Task, writesOf } from './task.ts'
import { isContiguous, type View } from './view.ts'

const sameView = (a: View, b: View): boolean =>
  equalShapes(a.shape, b.shape) &&
  a.offset === b.offset &&
  a.shape.every((size, axis) => size === 1 || a.strides[axis] === b.strides[axis])

const readsCell = (store: Store, cell: Cell): boolean =>
  storeLeaves(store).some((leaf) =>
    leaf.kind === 'load'
      ? leaf.cell === cell
      : leaf.elements.some((x) => x.kind === 'load' && x.cell === cell),
  )

/** True when a nest reads a cell only at the coordinates at which `target` is stored, and not after it. */
const isElementwise = (nest: Nest, target: Store, cell: Cell): boolean => {
  const at = nest.stores.indexOf(target)
  return nest.stores.every((store, i) => {
    if (!readsCell(store, cell)) return true
    if (i > at || store.value.kind === 'reduced') return false
    return storeLeaves(store).every(
      (leaf) => leaf.kind === 'load' && (leaf.cell !== cell || sameView(leaf.view, target.view)),
    )
  })
}

/** True when `target`, stored by one part of a task, may be written over a cell that the task reads. */
const mayOverwrite = (
  task: Exclude<Task, { kind: 'opaque' }>,
  target: Store,
  cell: Cell,
): boolean => {
  const parts = task.kind === 'rows' ? task.parts : [task]
  const leading = task.kind === 'rows' ? task.shape.length : 0
  const at = parts.findIndex(({ stores }) => stores.includes(target))
  return parts.every((part, i) => {
    const uses = part.stores.filter((store) => readsCell(store, cell))
    if (i === at) return isElementwise(part, target, cell)
    if (i > at) return uses.length === 0
    // earlier parts touch the row that is overwritten, and no other
    return uses.every((store) =>
      storeLeaves(store).every(
        (leaf) =>
          leaf.kind === 'load' &&
          (leaf.cell !== cell || isRowLocal(target.view, leaf.view, leading)),
      ),
    )
  })
}

/** Stores of whole tensors, each of which may take over one cell. */
const targetsOf = (task: Exclude<Task, { kind: 'opaque' }>): Store[] =>
  (task.kind === 'rows' ? task.parts : [task])
    .filter((part) => !isColumnwise(part))
    .flatMap(({ stores }) =>
      stores.filter(
        ({ kept, value, view }) => kept && value.kind !== 'reduced' && isContiguous(view),
      ),
    )

/**
 * True for an output that may be written over an input: a caller that donates the input wants the output there, and an
 * intermediate in the same memory would be written before the input was read.
 */
const isUpdate = (
  task: Exclude<Task, { kind: 'opaque' }>,
  target: Store,
  lastReader: ReadonlyMap<Cell, Task>,
): boolean => {
  const { cell: onto } = target
  if (onto.place?.kind !== 'output') return false
  const parts = task.kind === 'rows' ? task.parts : [task]
  return readsOf(task).some(
    (cell) =>
      cell.place?.kind === 'input' &&
      cell.dtype === onto.dtype &&
      cell.length === onto.length &&
      lastReader.get(cell) === task &&
      parts.every((part) =>
        part.stores.includes(target)
          ? isElementwise(part, target, cell)
          : !part.stores.some((store) => readsCell(store, cell)),
      ),
  )
}

/** Lets cells share memory; `kept` are read by someone outside. */
export const coalesce = (tasks: readonly Task[], kept: ReadonlySet<Cell>): void => {
  const lastReader = new Map<Cell, Task>()
  const writers = new Map<Cell, number>()
  for (const task of tasks) {
    for (const cell of readsOf(task)) lastReader.set(cell, task)
    for (const cell of writesOf(task)) writers.set(cell, (writers.get(cell) ?? 0) + 1)
  }
  for (const task of tasks) {
    if (task.kind === 'opaque') continue
    for (const target of targetsOf(task)) {
      const { cell: onto } = target
      if (writers.get(onto) !== 1 || isUpdate(task, target, lastReader)) continue
      const found = readsOf(task).find(
        (cell) =>
          cell !== onto &&
          cell.place === null &&
          cell.sharedWith === null &&
          cell.dtype === onto.dtype &&
          cell.length === onto.length &&
          writers.has(cell) &&
          lastReader.get(cell) === task &&
          !kept.has(cell) &&
          mayOverwrite(task, target, cell),
      )
      if (found !== undefined) found.sharedWith = onto
    }
  }
}
