/** Summaries that a busy machine cannot easily spoil. */

/** The middle value; of two, their mean. */
export const median = (list: readonly number[]): number => {
  const sorted = list.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** A value over rounds. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** Median and range. */
export const spreadOf = (list: readonly number[]): Spread => ({
  median: median(list),
  least: Math.min(...list),
  most: Math.max(...list),
})
