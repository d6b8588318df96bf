/**
 * The nearest known name to a mistyped one. Every message about an unknown column, key or file ends in a suggestion when
 * there is a likely one, and stays silent when there is not.
 */

const distance = (a: string, b: string): number => {
  // Levenshtein (1966) with a swap of neighbours counted as one edit; two rows of the table are enough plus one before.
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, before[j - 2]! + 1)
      }
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length]!
}

// Names longer than this are data, not names; comparing them would be slow and the suggestion useless.
const longest = 80

/**
 * The name among `names` nearest to `name`, if it is at most a third of the letters away (case is ignored), or contains it
 * or is contained in it. `undefined` when nothing is near.
 *
 * @example
 * ```ts
 * import { nearest } from '@rootstock/data'
 *
 * console.log(nearest('pirce', ['price', 'seats'])) // price
 * ```
 */
export const nearest = (name: string, names: readonly string[]): string | undefined => {
  if (name.length === 0 || name.length > longest) return undefined
  const wanted = name.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.floor(name.length / 3) + 1
  for (const candidate of names) {
    if (candidate.length === 0 || candidate.length > longest) continue
    const text = candidate.toLowerCase()
    const inside =
      text.length > 2 && wanted.length > 2 && (text.includes(wanted) || wanted.includes(text))
    if (!inside && Math.abs(text.length - wanted.length) >= bestDistance) continue
    const d = Math.min(distance(wanted, text), inside ? bestDistance - 1 : Number.POSITIVE_INFINITY)
    if (d < bestDistance) {
      best = candidate
      bestDistance = d
    }
  }
  return best
}
