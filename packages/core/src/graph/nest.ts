/** Nests as statements: loops over the collapsed shape, evaluation, stores. */
import type { Statement } from '../loop/loop.ts'
import { range, sizeOf } from '../shape.ts'
import type { Cell } from './cell.ts'
import { collapse } from './collapse.ts'
import { emitColumns, isColumnwise } from './columns.ts'
import type { Emitter } from './emitter.ts'
import { addressAt, bind, createEvaluator, type Position, type Value } from './evaluate.ts'
import { cellsOf, type Leaf, leavesOf } from './expression.ts'
import { openLoops } from './openLoops.ts'
import { type Company, emitReduced, keptAxes, wholeRun } from './reduce.ts'
import type { Nest, Rows, Store } from './task.ts'
import { sameView } from './view.ts'

/** Strides along the axes of the nest, of everything a store touches. */
const stridesOver = ({ view, value }: Store): (readonly number[])[] => {
  if (value.kind !== 'reduced')
    return [view.strides, ...leavesOf(value).map((leaf) => leaf.view.strides)]
  const kept = keptAxes(value)
  return [
    view.strides,
    ...leavesOf(value.of).map((leaf) => kept.map((axis) => leaf.view.strides[axis]!)),
  ]
}

/** Values stored by earlier stores of a nest, which later ones read from a local. */
const createForwarding = (
  emitter: Emitter,
  position: Position,
  nest: Nest,
  readers: readonly Leaf[] = [],
): {
  readonly find: (leaf: Leaf) => Value | null
  readonly keep: (store: Store, value: Value) => Value
} => {
  const read = new Set<Cell>()
  for (const leaf of [...nest.stores.flatMap(({ value }) => leavesOf(value)), ...readers]) {
    if (leaf.kind === 'load') read.add(leaf.cell)
  }
  const values = new Map<Cell, Value>()
  return {
    find: (leaf) => (leaf.kind === 'load' ? (values.get(leaf.cell) ?? null) : null),
    keep: ({ cell }, value) => {
      if (!read.has(cell)) return value
      const result = bind(emitter, position.blocks[value.level]!, value)
      values.set(cell, result)
      return result
    },
  }
}

/** Writes the stores of a nest at a position; yields what later readers at the same position may take instead of loading. */
const emitStores = (
  emitter: Emitter,
  nest: Nest,
  position: Position,
  {
    readers = [],
    company,
  }: { readonly readers?: readonly Leaf[]; readonly company?: Company } = {},
): ((leaf: Leaf) => Value | null) => {
  const forwarding = createForwarding(emitter, position, nest, readers)
  const roots = nest.stores.flatMap(({ value }) => (value.kind === 'reduced' ? [] : [value]))
  const evaluate = createEvaluator(emitter, position, roots, forwarding.find)
  for (const store of nest.stores) {
    const { value } = store
    const result = forwarding.keep(
      store,
      value.kind === 'reduced' ? emitReduced(emitter, position, value, company) : evaluate(value),
    )
    if (!store.kept) continue
    position.blocks.at(-1)!.push({
      kind: 'store',
      buffer: emitter.number(store.cell),
      at: addressAt(store.view, position),
      value: result.scalar,
    })
  }
  return forwarding.find
}

/** Writes a nest into loops that already walk its `leading` axes. */
const emitInside = (
  emitter: Emitter,
  nest: Nest,
  leading: number,
  outside: Position,
  company?: Company,
): Statement[] => {
  const axes = range(nest.shape.length).slice(leading)
  const runs = collapse(nest.shape, axes, nest.stores.flatMap(stridesOver))
  const { position, close } = openLoops(emitter, runs, true, outside)
  emitStores(emitter, nest, position, company === undefined ? {} : { company })
  return close()
}

/** The statements of a nest; none when its shape is empty. */
export const emitNest = (emitter: Emitter, nest: Nest): Statement[] => {
  if (sizeOf(nest.shape) === 0) return []
  if (isColumnwise(nest)) return emitColumns(emitter, nest)
  return emitInside(emitter, nest, 0, { blocks: [[]], coordinates: [], origin: [] })
}

/**
 * What a reduction reads, where the part before it can run in its loop: both walk the same rows as one run, and the reduction
 * takes from that part nothing but the element that has just been made. Null where they need loops of their own.
 */
const readersInStep = (part: Nest, reduction: Nest): readonly Leaf[] | null => {
  const [{ value }, ...others] = reduction.stores as readonly [Store, ...Store[]]
  if (value.kind !== 'reduced' || others.length > 0) return null
  if (part.stores.some((store) => store.value.kind === 'reduced')) return null
  const isSameShape =
    part.shape.length === value.shape.length &&
    part.shape.every((size, axis) => size === value.shape[axis])
  if (!isSameShape || wholeRun(value, part.stores.flatMap(stridesOver)) === null) return null
  const readers = leavesOf(value.of)
  const written = new Map(part.stores.map(({ cell, view }) => [cell, view]))
  const isInStep = (leaf: Leaf): boolean => {
    if (leaf.kind !== 'load') return leaf.elements.flatMap(cellsOf).every((x) => !written.has(x))
    const view = written.get(leaf.cell)
    return view === undefined || sameView(view, leaf.view)
  }
  return readers.every(isInStep) ? readers : null
}

/** The statements of rows: one loop over the shared axes, its parts in order. */
export const emitRows = (emitter: Emitter, { shape, parts }: Rows): Statement[] => {
  const leading = range(shape.length)
  const strides = parts.flatMap(({ stores }) => stores.flatMap(stridesOver))
  const { position, close } = openLoops(emitter, collapse(shape, leading, strides), true)
  for (let i = 0; i < parts.length; i++) {
    const [part, next] = [parts[i]!, parts[i + 1]]
    const readers = next === undefined ? null : readersInStep(part, next)
    if (readers === null) emitInside(emitter, part, shape.length, position)
    else {
      const company: Company = (inside) => emitStores(emitter, part, inside, { readers })
      emitInside(emitter, next!, shape.length, position, company)
      i++
    }
  }
  return close()
}

/** What a nest does, for people: its last operation and how many stores it has. */
export const nestName = ({ stores }: Nest): string => {
  const names = stores.slice(-3).map(({ value }) => {
    if (value.kind === 'reduced') return `reduce_${value.op}`
    return value.kind === 'map' || value.kind === 'generate'
      ? value.equation.primitive.name
      : value.kind === 'load'
        ? 'copy'
        : 'fill'
  })
  return names.join('_')
}
