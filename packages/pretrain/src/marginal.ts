/**
 * What reconstruction is measured against: the nats per cell of someone who knows each column's distribution but nothing about
 * the row. A reconstruction is worth something as far as it falls below this.
 */
import type { Column, Layout, Scored } from './column.ts'
import { layoutOf } from './column.ts'
import { cellsOf, kindsOf } from './reconstruction.ts'

/** Inputs of some rows, row after row. */
export interface Inputs {
  readonly rows: number
  readonly width: number
  readonly inputs: Float32Array
}

interface Moments {
  readonly count: number
  readonly mean: number
  readonly variance: number
}

const momentsOf = ({ rows, width, inputs }: Inputs, at: number, mask: number): Moments => {
  let count = 0
  let sum = 0
  let squares = 0
  for (let row = 0; row < rows; row++) {
    if (mask >= 0 && inputs[row * width + mask] === 1) continue
    const value = inputs[row * width + at]!
    count++
    sum += value
    squares += value * value
  }
  const mean = count === 0 ? 0 : sum / count
  return { count, mean, variance: count === 0 ? 0 : Math.max(0, squares / count - mean * mean) }
}

const entropyTerm = (p: number): number => (p > 0 ? -p * Math.log(p) : 0)
const coin = (p: number): number => entropyTerm(p) + entropyTerm(1 - p)

/** Nats of a number under a Gaussian with its mean and the given variance, or with its own variance when that is learned. */
const number = ({ variance }: Moments, fixed: number | null, floor: number): number => {
  const used = fixed ?? Math.max(variance, floor)
  return 0.5 * Math.log(2 * Math.PI * used) + variance / (2 * used)
}

const totalOf = (
  layout: Layout,
  data: Inputs,
  kind: Scored,
  fixed: number | null,
  floor: number,
) => {
  let nats = 0
  let cells = 0
  layout.features.forEach(({ scored, mask, position }, at) => {
    if (scored !== kind) return
    const found = momentsOf(data, at, mask)
    if (kind === 'categorical') nats += data.rows * entropyTerm(found.mean)
    else nats += found.count * (kind === 'binary' ? coin(found.mean) : number(found, fixed, floor))
    if (position === 0) cells += found.count
  })
  return cells === 0 ? 0 : nats / cells
}

/** How the variance of numbers is chosen: a constant, or learned for each feature but never below a floor. */
export type Variance = number | 'learned'

/** Least variance that a learned one can reach. */
export const varianceFloor = 0.01

/**
 * Nats per cell, by kind of column, of the best prediction that ignores the row.
 * @example
 * ```ts
 * import { marginalNats } from '@rootstock/pretrain'
 * const columns = [{ name: 'wine', kind: 'binary', from: 0, to: 1 }] as const
 * const rows = { rows: 2, width: 1, inputs: Float32Array.of(0, 1) }
 * console.log(marginalNats(rows, columns, 1).binary === Math.log(2)) // true
 * ```
 */
export const marginalNats = (
  data: Inputs,
  columns: readonly Column[],
  variance: Variance,
): Readonly<Record<string, number>> => {
  const layout = layoutOf(columns)
  const fixed = variance === 'learned' ? null : variance
  return Object.fromEntries(
    kindsOf(layout)
      .filter((kind) => cellsOf(layout, kind) > 0)
      .map((kind) => [kind, totalOf(layout, data, kind, fixed, varianceFloor)]),
  )
}
