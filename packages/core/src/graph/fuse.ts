/**
 * Fusion of nests: loops over the same shape become one loop with several stores when they share data, so that an optimiser
 * update is one pass over each parameter. A value that one store of a nest makes and a later one reads at the same
 * coordinates stays in a local; when nobody else reads it, it is never stored. Order inside a nest is the order of stores,
 * so no rounding changes.
 */
import { type Shape, sizeOf } from '../shape.ts'
import type { Cell } from './cell.ts'
import { coalesce } from './coalesce.ts'
import { isColumnwise } from './columns.ts'
import { cellsOf, leavesOf, nodesOf } from './expression.ts'
import { inOrder } from './order.ts'
import { joinRows } from './rows.ts'
import { type Nest, readsOf, type Store, type Task, writesOf } from './task.ts'
import { sameView } from './view.ts'

const mostStores = 16
const mostNestNodes = 400
/** Nests up to this size fuse without sharing data: starting a kernel costs more than their work. */
const smallNest = 1024
/** How many earlier nests of the same shape are tried. */
const mostTried = 12

/** Tasks that became one, with the groups that make what they read. `last` is the position of the last in the unfused order. */
interface Group {
  readonly shape: Shape | null
  readonly needs: Set<Group>
  task: Task
  last: number
}

const isReduction = ({ value }: Store): boolean => value.kind === 'reduced'

const rootNodes = ({ value }: Store): number => nodesOf(value.kind === 'reduced' ? value.of : value)

/** True when `later` may run inside the loops of `earlier`, as far as the two alone are concerned. */
const fits = (earlier: Nest, later: Nest): boolean => {
  const stores = [...earlier.stores, ...later.stores]
  if (
    stores.length > mostStores ||
    stores.reduce((sum, x) => sum + rootNodes(x), 0) > mostNestNodes
  )
    return false
  if (later.stores.some(isReduction) || isColumnwise(earlier)) return false
  const written = new Map(earlier.stores.map((store) => [store.cell, store.view]))
  const reads = later.stores.flatMap(({ value }) => leavesOf(value))
  const aligned = reads.every((leaf) => {
    if (leaf.kind !== 'load')
      return leaf.elements.flatMap(cellsOf).every((cell) => !written.has(cell))
    const view = written.get(leaf.cell)
    return view === undefined || sameView(view, leaf.view)
  })
  if (!aligned) return false
  const own = new Set([...writesOf(earlier), ...readsOf(earlier)].filter((cell) => cell.length > 1))
  const size = sizeOf(earlier.shape)
  const makes = reads.some((leaf) => leaf.kind === 'load' && written.has(leaf.cell))
  if (earlier.stores.some(isReduction)) return makes
  return (
    makes || size <= smallNest || reads.some((leaf) => leaf.kind === 'load' && own.has(leaf.cell))
  )
}

/** Groups of tasks under construction. */
interface Fusion {
  readonly groups: Set<Group>
  readonly producers: Map<Cell, Group>
}

const producersOf = ({ producers }: Fusion, task: Task): Set<Group> => {
  const found = new Set<Group>()
  for (const cell of readsOf(task)) {
    const group = producers.get(cell)
    if (group !== undefined) found.add(group)
  }
  return found
}

/**
 * What a task needs by way of the groups it reads from: joining one of these would make a cycle. A group may end before
 * another begins and still need it, through a group that it reads an early member of, so all of them are followed.
 */
const neededIndirectly = (direct: ReadonlySet<Group>): Set<Group> => {
  const found = new Set<Group>()
  const todo = [...direct]
  for (let x = todo.pop(); x !== undefined; x = todo.pop()) {
    for (const producer of x.needs) {
      if (!found.has(producer)) todo.push(producer)
      found.add(producer)
    }
  }
  return found
}

/** The latest group of the same shape that a task can join. */
const homeOf = (
  task: Task,
  peers: readonly Group[],
  direct: ReadonlySet<Group>,
): Group | undefined => {
  if (task.kind !== 'nest' || isColumnwise(task)) return undefined
  let indirect: ReadonlySet<Group> | undefined
  return peers.slice(-mostTried).findLast((x) => {
    if (!fits(x.task as Nest, task)) return false
    indirect ??= neededIndirectly(direct)
    return !indirect.has(x)
  })
}

/** Merges tasks into groups, each as late as its last member. */
const group = (tasks: readonly Task[]): Fusion => {
  const fusion: Fusion = { groups: new Set(), producers: new Map() }
  const byShape = new Map<string, Group[]>()
  tasks.forEach((task, position) => {
    const shape = task.kind === 'nest' ? task.shape : null
    const peers = shape === null ? [] : (byShape.get(shape.join()) ?? [])
    const direct = producersOf(fusion, task)
    const home = homeOf(task, peers, direct)
    const result: Group = home ?? { shape, needs: new Set(), task, last: position }
    for (const producer of direct) if (producer !== result) result.needs.add(producer)
    if (home !== undefined && task.kind === 'nest') {
      home.task = { ...task, stores: [...(home.task as Nest).stores, ...task.stores] }
      home.last = position
    } else {
      fusion.groups.add(result)
      if (shape !== null) byShape.set(shape.join(), [...peers, result])
    }
    for (const cell of writesOf(task)) fusion.producers.set(cell, result)
  })
  return fusion
}

/** Groups after those that they need, otherwise by their last members. */
const byLast = ({ groups }: Fusion): Group[] =>
  inOrder(
    [...groups].sort((a, b) => a.last - b.last),
    ({ needs }) => needs,
  )

/** Marks stores that nothing outside their nest reads. */
const dropUnread = (groups: readonly Group[], kept: ReadonlySet<Cell>): Task[] => {
  const readers = new Map<Cell, Set<Group>>()
  for (const x of groups) {
    for (const cell of readsOf(x.task)) readers.set(cell, (readers.get(cell) ?? new Set()).add(x))
  }
  return groups.map((x) => {
    if (x.task.kind !== 'nest') return x.task
    const stores = x.task.stores.map((store) => {
      const outside = [...(readers.get(store.cell) ?? [])].some((reader) => reader !== x)
      return { ...store, kept: outside || kept.has(store.cell) }
    })
    return { ...x.task, stores }
  })
}

/** Tasks fused and in an order in which they can run; cells in `kept` are read by someone outside. */
export const fuse = (tasks: readonly Task[], kept: ReadonlySet<Cell>): Task[] => {
  const fused = joinRows(dropUnread(byLast(group(tasks)), kept))
  coalesce(fused, kept)
  return fused
}
