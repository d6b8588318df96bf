/** What single cells of a CSV file say: their text, and whether they mean "no value" or "not a number". */

const encoder = new TextEncoder()

/** A decoder of cells; throws on bytes that are not of the encoding. */
export const cellDecoder = (encoding: 'utf-8' | 'latin1'): TextDecoder =>
  new TextDecoder(encoding, { fatal: true, ignoreBOM: true })

/** The text of a cell; a negative end marks doubled quotes, which become one. */
export const cellText = (
  bytes: Uint8Array,
  start: number,
  end: number,
  decoder: TextDecoder,
  quote: string,
): string =>
  end >= 0
    ? decoder.decode(bytes.subarray(start, end))
    : decoder.decode(bytes.subarray(start, ~end)).replaceAll(quote + quote, quote)

const equal = (bytes: Uint8Array, start: number, end: number, other: Uint8Array): boolean => {
  if (end - start !== other.length) return false
  for (let i = 0; i < other.length; i++) if (bytes[start + i] !== other[i]) return false
  return true
}

/** True for cells that are one of the missing markers, compared exactly. */
export type IsMissing = (bytes: Uint8Array, start: number, end: number) => boolean

/** The test for a list of missing markers. */
export const missingTest = (markers: readonly string[]): IsMissing => {
  const encoded = markers.filter((m) => m !== '').map((m) => encoder.encode(m))
  const empty = markers.includes('')
  return (bytes, start, end) => {
    if (end < 0) return false
    if (start === end) return empty
    for (const marker of encoded) if (equal(bytes, start, end, marker)) return true
    return false
  }
}

/** True for the spellings of NaN and the infinities that programs write. */
export const isNonFiniteWord = (text: string): boolean =>
  /^[+-]?(nan|inf|infinity|1\.#inf|1\.#qnan)$/i.test(text)
