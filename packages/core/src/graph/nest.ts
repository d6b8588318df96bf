/** Nests as statements: loops over the collapsed shape, evaluation, stores. */
import type { Statement } from '../loop/loop.ts'
import { range, sizeOf } from '../shape.ts'
import type { Cell } from './cell.ts'
import { collapse } from './collapse.ts'
import { emitColumns, isColumnwise } from './columns.ts'
import type { Emitter } from './emitter.ts'
import { addressAt, bind, createEvaluator, type Position, type Value } from './evaluate.ts'
import { type Leaf, leavesOf } from './expression.ts'
import { openLoops } from './openLoops.ts'
import { emitReduced, keptAxes } from './reduce.ts'
import type { Nest, Rows, Store } from './task.ts'

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
): {
  readonly find: (leaf: Leaf) => Value | null
  readonly keep: (store: Store, value: Value) => Value
} => {
  const read = new Set<Cell>()
  for (const { value } of nest.stores) {
    for (const leaf of leavesOf(value)) if (leaf.kind === 'load') read.add(leaf.cell)
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

/** Writes a nest into loops that already walk its `leading` axes. */
const emitInside = (
  emitter: Emitter,
  nest: Nest,
  leading: number,
  outside: Position,
): Statement[] => {
  const axes = range(nest.shape.length).slice(leading)
  const runs = collapse(nest.shape, axes, nest.stores.flatMap(stridesOver))
  const { position, close } = openLoops(emitter, runs, true, outside)
  const innermost = position.blocks.at(-1)!
  const forwarding = createForwarding(emitter, position, nest)
  const roots = nest.stores.flatMap(({ value }) => (value.kind === 'reduced' ? [] : [value]))
  const evaluate = createEvaluator(emitter, position, roots, forwarding.find)
  for (const store of nest.stores) {
    const { value } = store
    const result = forwarding.keep(
      store,
      value.kind === 'reduced' ? emitReduced(emitter, position, value) : evaluate(value),
    )
    if (!store.kept) continue
    innermost.push({
      kind: 'store',
      buffer: emitter.number(store.cell),
      at: addressAt(store.view, position),
      value: result.scalar,
    })
  }
  return close()
}

/** The statements of a nest; none when its shape is empty. */
export const emitNest = (emitter: Emitter, nest: Nest): Statement[] => {
  if (sizeOf(nest.shape) === 0) return []
  if (isColumnwise(nest)) return emitColumns(emitter, nest)
  return emitInside(emitter, nest, 0, { blocks: [[]], coordinates: [], origin: [] })
}

/** The statements of rows: one loop over the shared axes, its parts in order. */
export const emitRows = (emitter: Emitter, { shape, parts }: Rows): Statement[] => {
  const leading = range(shape.length)
  const strides = parts.flatMap(({ stores }) => stores.flatMap(stridesOver))
  const { position, close } = openLoops(emitter, collapse(shape, leading, strides), true)
  for (const part of parts) emitInside(emitter, part, shape.length, position)
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
