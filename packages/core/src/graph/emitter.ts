/** Writing tasks down: numbers for cells, ids for locals and indices, kernels as steps. */
import type { Address, Statement, Step } from '../loop/loop.ts'
import type { Cell } from './cell.ts'

/** What turning tasks into steps needs. */
export interface Emitter {
  /** The buffer number of a cell, given on first use. */
  readonly number: (cell: Cell) => number
  /** A fresh id for an index or a local of the kernel being written. */
  readonly fresh: () => number
  /** A step that runs the statements; none when there are no statements. */
  readonly kernel: (name: string, write: () => readonly Statement[]) => Step[]
  /** Every numbered cell, in the order of the numbers. */
  readonly cells: readonly Cell[]
}

/** An emitter with no cells yet. */
export const createEmitter = (): Emitter => {
  const numbers = new Map<Cell, number>()
  const cells: Cell[] = []
  let ids = 0
  return {
    cells,
    fresh: () => ids++,
    kernel: (name, write) => {
      ids = 0
      const body = write()
      return body.length === 0 ? [] : [{ kind: 'kernel', kernel: { name, body } }]
    },
    number: (given) => {
      let cell = given
      while (cell.sharedWith !== null) cell = cell.sharedWith
      const known = numbers.get(cell)
      if (known !== undefined) return known
      numbers.set(cell, cells.length)
      cells.push(cell)
      return cells.length - 1
    },
  }
}

/** The address of a fixed position. */
export const fixed = (base: number): Address => ({ base, terms: [] })
