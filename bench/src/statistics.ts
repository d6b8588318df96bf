/** Summaries that a busy machine cannot easily spoil. */

/** The middle value; of two, their mean. */
export const median = (list: readonly number[]): number => {
  const sorted = list.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
