/** Means over rows as states that merge: sums of each output beside the weight of the rows. */
import type { Numbers } from './rows.ts'
import { type Monoid, type Stream, streamOf } from './stream.ts'

/** Weighted sums of `outputs` numbers of each row, and the weight of all rows. */
export interface WeightedSums {
  readonly weight: number
  readonly sums: Float64Array
}

/** How the rows of a batch are read. */
export interface Terms {
  readonly rows: number
  readonly weights: Numbers | undefined
  /** What `output` of `row` adds to its sum, before it is weighted. */
  readonly term: (row: number, output: number) => number
}

const measure = ({ rows, weights, term }: Terms, outputs: number): WeightedSums => {
  const sums = new Float64Array(outputs)
  let total = 0
  for (let row = 0; row < rows; row++) {
    const weight = weights === undefined ? 1 : weights[row]!
    if (weight === 0) continue
    total += weight
    for (let k = 0; k < outputs; k++) sums[k]! += weight * term(row, k)
  }
  return { weight: total, sums }
}

/** Sums of `outputs` terms over rows. */
export const summing = <Batch>(
  outputs: number,
  read: (batch: Batch) => Terms,
): Monoid<Batch, WeightedSums> => ({
  empty: { weight: 0, sums: new Float64Array(outputs) },
  measure: (batch) => measure(read(batch), outputs),
  merge: (left, right) => ({
    weight: left.weight + right.weight,
    sums: left.sums.map((sum, k) => sum + right.sums[k]!),
  }),
})

/** The mean over rows, of many outputs the mean of what `finish` makes of each; NaN when no row counts. */
export const averaging = <Batch>(
  outputs: number,
  read: (batch: Batch) => Terms,
  finish: (mean: number) => number = (mean) => mean,
): Stream<Batch, WeightedSums, number> =>
  streamOf(summing(outputs, read), ({ weight, sums }) => {
    let total = 0
    for (const sum of sums) total += finish(sum / weight)
    return total / outputs
  })
