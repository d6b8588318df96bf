/** Mean and deviation of columns, whatever the size of their values. */

/** Numbers of some rows: `size` for each, `valid[row]` 0 where they are missing. */
export interface Block {
  readonly values: ArrayLike<number>
  readonly valid?: Uint8Array | undefined
  readonly size: number
}

/** What is known about numbers. All is 0 and `deviation` 1 when there are none. */
export interface Moments {
  readonly count: number
  readonly mean: number
  /** Population standard deviation; 1 when all values are equal, so that they become 0. */
  readonly deviation: number
  readonly smallest: number
  readonly largest: number
}

interface Range {
  readonly count: number
  readonly smallest: number
  readonly largest: number
}

const rangeOf = (blocks: readonly Block[], rows: Int32Array): Range => {
  let count = 0
  let smallest = Number.POSITIVE_INFINITY
  let largest = Number.NEGATIVE_INFINITY
  for (const { values, valid, size } of blocks) {
    for (const row of rows) {
      if (valid?.[row] === 0) continue
      for (let i = row * size; i < (row + 1) * size; i++) {
        const x = values[i]!
        if (x < smallest) smallest = x
        if (x > largest) largest = x
      }
      count += size
    }
  }
  return count === 0 ? { count, smallest: 0, largest: 0 } : { count, smallest, largest }
}

// Sums of (x / scale - center) and of its square.
const sumsOf = (
  blocks: readonly Block[],
  rows: Int32Array,
  scale: number,
  center: number,
): { readonly sum: number; readonly squares: number } => {
  let sum = 0
  let squares = 0
  for (const { values, valid, size } of blocks) {
    for (const row of rows) {
      if (valid?.[row] === 0) continue
      for (let i = row * size; i < (row + 1) * size; i++) {
        const d = values[i]! / scale - center
        sum += d
        squares += d * d
      }
    }
  }
  return { sum, squares }
}

// Squares of numbers beyond these leave the range of a double.
const scaleOf = (largest: number): number =>
  largest > 1e100 || (largest > 0 && largest < 1e-100) ? largest : 1

/**
 * Moments of the values present in the given rows, in two passes (Chan, Golub and LeVeque, "Algorithms for computing the sample
 * variance", 1983): the one-pass formula loses all digits when the mean is large against the deviation.
 */
export const momentsOf = (blocks: readonly Block[], rows: Int32Array): Moments => {
  const range = rangeOf(blocks, rows)
  const { count, smallest, largest } = range
  if (smallest === largest) return { ...range, mean: smallest, deviation: 1 }
  const scale = scaleOf(Math.max(Math.abs(smallest), Math.abs(largest)))
  const center = sumsOf(blocks, rows, scale, 0).sum / count
  const { sum, squares } = sumsOf(blocks, rows, scale, center)
  const variance = squares / count - (sum / count) ** 2
  const deviation = scale * Math.sqrt(Math.max(0, variance))
  const mean = scale * (center + sum / count)
  return { ...range, mean, deviation: deviation > 0 ? deviation : 1 }
}
