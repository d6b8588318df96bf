/**
 * The LZ4 frame format, in which Arrow files hold compressed buffers (frame format 1.6.x, block format; Collet 2011). Every
 * length is checked, since a file can say anything.
 */

const magic = 0x184d2204

class Corrupt extends Error {
  override readonly name = 'CorruptLz4'
}

const need = (condition: boolean, what: string): void => {
  if (!condition) throw new Corrupt(`the LZ4 frame ${what}`)
}

// One block appended at `at` of `out`; matches may reach back into earlier blocks.
const block = (
  input: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
): number => {
  let i = from
  let o = at
  const more = (nibble: number): number => {
    let length = nibble
    if (nibble !== 15) return length
    let byte = 255
    while (byte === 255) {
      need(i < to, 'is cut off in a length')
      byte = input[i++]!
      length += byte
    }
    return length
  }
  while (i < to) {
    const token = input[i++]!
    const literals = more(token >> 4)
    need(i + literals <= to && o + literals <= out.length, 'has literals beyond its end')
    out.set(input.subarray(i, i + literals), o)
    i += literals
    o += literals
    if (i === to) break
    need(i + 2 <= to, 'is cut off in an offset')
    const offset = input[i]! | (input[i + 1]! << 8)
    i += 2
    const length = more(token & 15) + 4
    need(offset > 0 && offset <= o && o + length <= out.length, 'copies from outside of it')
    for (let end = o + length; o < end; o++) out[o] = out[o - offset]!
  }
  return o
}

/** Decompresses one frame into exactly `length` bytes. Throws `CorruptLz4`. Checksums are skipped, not checked. */
export const decodeLz4Frame = (input: Uint8Array, length: number): Uint8Array => {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  need(
    input.length >= 7 && view.getUint32(0, true) === magic,
    'does not begin with its magic number',
  )
  const flags = input[4]!
  need(flags >> 6 === 1, 'is of an unknown version')
  const blockChecksum = (flags & 0x10) !== 0 ? 4 : 0
  const contentSize = (flags & 0x08) !== 0 ? 8 : 0
  const dictionary = (flags & 0x01) !== 0 ? 4 : 0
  let i = 6 + contentSize + dictionary + 1
  const out = new Uint8Array(length)
  let o = 0
  for (;;) {
    need(i + 4 <= input.length, 'is cut off')
    const header = view.getUint32(i, true)
    i += 4
    if (header === 0) break
    const size = header & 0x7fffffff
    need(i + size <= input.length, 'is cut off in a block')
    if (header >>> 31 === 1) {
      need(o + size <= length, 'is longer than declared')
      out.set(input.subarray(i, i + size), o)
      o += size
    } else o = block(input, i, i + size, out, o)
    i += size + blockChecksum
  }
  need(o === length, `holds ${o} bytes where ${length} are declared`)
  return out
}
