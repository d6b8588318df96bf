/** What a text is made of, for models that do not read in order: its words, pairs of words and pieces of words. */

// Letters and digits of any script, with the marks and apostrophes inside of words.
const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’]*/gu

/** Lengths of the pieces of a word, the blanks at its ends included. */
const pieces = { from: 3, to: 5 }

/**
 * How often each gram occurs in a text, whatever its case: words, pairs of words that follow each other, and pieces of 3 to 5
 * characters of a word with a blank at each end, marked by `#`, by which words that are misspelt or inflected resemble each other.
 *
 * @example
 * ```ts
 * import { gramsOf } from '@rootstock/data'
 *
 * console.log([...gramsOf('My card').keys()])
 * // [ 'my', '# my', '#my ', '# my ', 'card', 'my card', '# ca', '#car', '#ard', '#rd ', ... ]
 * ```
 */
export const gramsOf = (text: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  const count = (gram: string): void => {
    counts.set(gram, (counts.get(gram) ?? 0) + 1)
  }
  let before: string | undefined
  for (const [now] of text.normalize('NFKC').toLowerCase().matchAll(word)) {
    count(now)
    if (before !== undefined) count(`${before} ${now}`)
    before = now
    const characters = [' ', ...now, ' ']
    for (let length = pieces.from; length <= pieces.to; length++) {
      for (let at = 0; at + length <= characters.length; at++) {
        count(`#${characters.slice(at, at + length).join('')}`)
      }
    }
  }
  return counts
}
