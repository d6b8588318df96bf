/**
 * Row-wise kernels: nests that share their leading axes and hand each other whole rows run inside one loop over those axes.
 * Softmax, normalisation and their derivatives so read a row once and keep what they make of it in the nearest cache. Parts
 * run in order within a row, so no rounding changes.
 */
import { range, type Shape, sizeOf } from '../shape.ts'
import { isColumnwise } from './columns.ts'
import { cellsOf, type Leaf, leavesOf } from './expression.ts'
import { keptAxes } from './reduce.ts'
import { type Nest, type Rows, readsOf, type Store, type Task, writesOf } from './task.ts'
import { isContiguous, type View } from './view.ts'

/** Rows from which on, and elements of a row from which on, joining pays. */
const fewestRows = 16
const shortestRow = 32
/** How many earlier tasks are tried. */
const mostTried = 12
const mostParts = 12

const startsWith = (shape: Shape, start: Shape): boolean =>
  start.every((size, axis) => shape[axis] === size)

const isReduction = ({ value }: Store): boolean => value.kind === 'reduced'

/** True when the nest's reductions are over all axes behind the leading ones. */
const reducesRows = ({ shape, stores }: Nest): boolean =>
  stores.every(
    ({ value }) =>
      value.kind !== 'reduced' ||
      keptAxes(value).every((axis, i) => axis === i && i < shape.length),
  )

const rowLength = ({ shape, stores }: Nest, leading: number): number =>
  Math.max(
    ...stores.map(({ value }) =>
      sizeOf((value.kind === 'reduced' ? value.shape : shape).slice(leading)),
    ),
  )

/** The leading axes that a nest and a later one can share, or null. */
const sharedAxes = (earlier: Nest, later: Nest): Shape | null => {
  const [a, b] = [earlier.stores.some(isReduction), later.stores.some(isReduction)]
  if (!a && !b) return null
  const shape = a ? earlier.shape : later.shape
  return startsWith(earlier.shape, shape) && startsWith(later.shape, shape) ? shape : null
}

/**
 * True when a load at given leading coordinates stays within what the store of the same coordinates wrote; both views have
 * the leading axes first.
 */
export const isRowLocal = (store: View, load: View, leading: number): boolean => {
  const pitch = sizeOf(store.shape.slice(leading))
  const same = range(leading).every(
    (axis) => store.shape[axis] === 1 || store.strides[axis] === load.strides[axis],
  )
  let [low, high] = [load.offset - store.offset, load.offset - store.offset]
  for (let axis = leading; axis < load.shape.length; axis++) {
    const reach = (load.shape[axis]! - 1) * load.strides[axis]!
    if (reach < 0) low += reach
    else high += reach
  }
  return same && isContiguous(store) && low >= 0 && high < pitch
}

/** Leaves that evaluating a store's value reads. */
export const storeLeaves = ({ value }: Store): Leaf[] =>
  leavesOf(value.kind === 'reduced' ? value.of : value)

/** True when everything `later` reads of what the parts write is in its own row. */
const readsOwnRows = (parts: readonly Nest[], later: Nest, leading: number): boolean => {
  const written = new Map(parts.flatMap(({ stores }) => stores.map((store) => [store.cell, store])))
  return later.stores.flatMap(storeLeaves).every((leaf) => {
    if (leaf.kind !== 'load') {
      return leaf.elements.flatMap(cellsOf).every((cell) => !written.has(cell))
    }
    const store = written.get(leaf.cell)
    return store === undefined || isRowLocal(store.view, leaf.view, leading)
  })
}

/** True when the later nest reads what the parts write, or a large array they read too. */
const sharesData = (parts: readonly Nest[], later: Nest): boolean => {
  const cells = parts.flatMap((part) => [...writesOf(part), ...readsOf(part)])
  return (
    readsOf(later).some(
      (cell) => cell.length >= fewestRows * shortestRow && cells.includes(cell),
    ) || parts.some((part) => writesOf(part).some((cell) => readsOf(later).includes(cell)))
  )
}

/** Both as one task, or null where they do not go together. */
const join = (earlier: Nest | Rows, later: Nest): Rows | null => {
  const parts = earlier.kind === 'rows' ? earlier.parts : [earlier]
  const shape = earlier.kind === 'rows' ? earlier.shape : sharedAxes(earlier, later)
  if (shape === null || parts.length === mostParts || !startsWith(later.shape, shape)) return null
  const all = [...parts, later]
  const leading = shape.length
  const pays =
    leading > 0 &&
    sizeOf(shape) >= fewestRows &&
    Math.max(...all.map((part) => rowLength(part, leading))) >= shortestRow
  if (!pays || all.some((part) => isColumnwise(part) || !reducesRows(part))) return null
  if (!sharesData(parts, later) || !readsOwnRows(parts, later, leading)) return null
  return { kind: 'rows', shape, parts: all }
}

/** Tasks in order, with nests moved up to the rows they belong to. */
export const joinRows = (tasks: readonly Task[]): Task[] => {
  const result: Task[] = []
  for (const task of tasks) {
    if (task.kind !== 'nest' || !insert(result, task)) result.push(task)
  }
  return result
}

const insert = (result: Task[], task: Nest): boolean => {
  const reads = new Set(readsOf(task))
  for (let i = result.length - 1; i >= Math.max(0, result.length - mostTried); i--) {
    const earlier = result[i]!
    const joined = earlier.kind === 'opaque' ? null : join(earlier, task)
    if (joined !== null) {
      result[i] = joined
      return true
    }
    // what this task needs must come before it
    if (writesOf(earlier).some((cell) => reads.has(cell))) return false
  }
  return false
}
