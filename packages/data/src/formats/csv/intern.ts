/**
 * Texts of a column stored once. Equal byte ranges are found by a hash table over the file itself, so that a string is
 * made per distinct text, not per cell.
 */

/** Codes for texts, in order of first appearance. */
export interface Interner {
  /** The code of the text in a byte range; `text` makes the string and is called once per distinct range. */
  readonly codeOf: (start: number, end: number, text: () => string) => number
  readonly dictionary: readonly string[]
}

/** An empty dictionary over the bytes of one file. */
export const interner = (bytes: Uint8Array): Interner => {
  const dictionary: string[] = []
  // The same text can be written in two ways ("a""b" and a"b), so that ranges map to codes, but texts decide.
  const known = new Map<string, number>()
  let slots = new Int32Array(64).fill(-1)
  const ranges: { start: number; end: number; hash: number; code: number }[] = []

  const hashOf = (start: number, end: number): number => {
    let hash = 0x811c9dc5 // FNV-1a
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
    return hash ^ (hash >>> 15)
  }
  const same = (entry: { start: number; end: number }, start: number, end: number): boolean => {
    if (entry.end - entry.start !== end - start) return false
    for (let i = 0; i < end - start; i++) {
      if (bytes[entry.start + i] !== bytes[start + i]) return false
    }
    return true
  }
  const rehash = (): void => {
    slots = new Int32Array(slots.length * 4).fill(-1)
    for (let entry = 0; entry < ranges.length; entry++) {
      let slot = ranges[entry]!.hash & (slots.length - 1)
      while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = entry
    }
  }
  const codeOfText = (text: string): number => {
    const code = known.get(text)
    if (code !== undefined) return code
    known.set(text, dictionary.length)
    return dictionary.push(text) - 1
  }
  const codeOf = (start: number, end: number, text: () => string): number => {
    const last = end < 0 ? ~end : end
    const hash = end < 0 ? ~hashOf(start, last) : hashOf(start, last)
    let slot = hash & (slots.length - 1)
    for (let entry = slots[slot]!; entry !== -1; entry = slots[slot]!) {
      const range = ranges[entry]!
      if (range.hash === hash && same(range, start, last)) return range.code
      slot = (slot + 1) & (slots.length - 1)
    }
    const code = codeOfText(text())
    slots[slot] = ranges.length
    ranges.push({ start, end: last, hash, code })
    if (ranges.length * 2 > slots.length) rehash()
    return code
  }
  return { codeOf, dictionary }
}
