/** Characters as codes, for models that read or write texts character by character. */

/** The characters of a text, and texts as their codes. */
export interface Alphabet {
  /** By code, in the order of code points. */
  readonly characters: readonly string[]
  /** How many codes there are: one for each character and, the last, one for all others. */
  readonly size: number
  readonly encode: (text: string) => Int32Array
  /** The text of codes; what is no character of the alphabet becomes U+FFFD. */
  readonly decode: (codes: Iterable<number>) => string
}

const other = '\uFFFD'

const byCodePoint = (a: string, b: string): number => a.codePointAt(0)! - b.codePointAt(0)!

/**
 * The alphabet of a text: a code for each of its characters (code points), the same whatever their order in the text.
 *
 * @example
 * ```ts
 * import { alphabetOf } from '@rootstock/data'
 *
 * const alphabet = alphabetOf('banana')
 * console.log(alphabet.size, alphabet.encode('nab?')) // 4 Int32Array(4) [ 2, 0, 1, 3 ]
 * console.log(alphabet.decode([1, 0, 2])) // ban
 * ```
 */
export const alphabetOf = (text: string): Alphabet => {
  const characters = [...new Set(text)].toSorted(byCodePoint)
  const codes = new Map(characters.map((character, code) => [character, code]))
  const unknown = characters.length
  return {
    characters,
    size: characters.length + 1,
    encode: (given) => Int32Array.from(given, (character) => codes.get(character) ?? unknown),
    decode: (given) => Array.from(given, (code) => characters[code] ?? other).join(''),
  }
}
