import { expect, it } from 'vitest'
import { type Cell, cellFor } from '../../src/graph/cell.ts'
import type { Expression } from '../../src/graph/expression.ts'
import { fuse } from '../../src/graph/fuse.ts'
import { type Nest, readsOf, type Task, writesOf } from '../../src/graph/task.ts'
import { contiguous } from '../../src/graph/view.ts'

const cellOf = (length: number): Cell => cellFor({ dtype: 'float32', shape: [length] })

/** The first element of a cell, repeated. */
const firstOf = (cell: Cell, length: number): Expression => ({
  kind: 'load',
  dtype: cell.dtype,
  cell,
  view: { offset: 0, shape: [length], strides: [0] },
})

/** A nest that fills a cell with the first element of another. */
const filling = (cell: Cell, from: Cell): Nest => {
  const shape = [cell.length]
  const value = firstOf(from, cell.length)
  return { kind: 'nest', shape, stores: [{ cell, view: contiguous(shape), value, kept: true }] }
}

/** Throws when a task reads what a later one writes. */
const expectOrder = (tasks: readonly Task[]): void => {
  tasks.forEach((task, i) => {
    const later = new Set(tasks.slice(i + 1).flatMap(writesOf))
    expect(readsOf(task).filter((cell) => later.has(cell))).toEqual([])
  })
}

it('a nest does not join one that it needs through a group that has grown since', () => {
  const [input, early, wide, other, late, last] = [1, 2, 3, 5, 2, 5].map(cellOf) as [
    Cell,
    Cell,
    Cell,
    Cell,
    Cell,
    Cell,
  ]
  const tasks = [
    filling(early, input),
    filling(wide, early),
    filling(other, input),
    // joins the first, which from here on needs `other`
    filling(late, other),
    // has the shape of `other`, but needs it through `wide` and the first
    filling(last, wide),
  ]
  const fused = fuse(tasks, new Set([last]))
  expectOrder(fused)
  expect(fused.flatMap(writesOf)).toHaveLength(5)
})
