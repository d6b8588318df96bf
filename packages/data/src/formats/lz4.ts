/**
 * LZ4 (block format and frame format 1.6; Collet 2011), in which Arrow and Parquet files hold compressed buffers. Every length is
 * checked, since a file can say anything.
 */

const magic = 0x184d2204

class Corrupt extends Error {
  override readonly name = 'CorruptLz4'
}

const need = (condition: boolean, what: string): void => {
  if (!condition) throw new Corrupt(`the LZ4 data ${what}`)
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

// Each byte says at most 255 more.
const expectPossible = (input: Uint8Array, length: number): void =>
  need(length <= 255 * input.length, `cannot hold the ${length} bytes that are declared`)

const expectLength = (found: number, length: number): void =>
  need(found === length, `holds ${found} bytes where ${length} are declared`)

/** Decompresses one block into exactly `length` bytes. Throws `CorruptLz4`. */
export const decodeLz4Block = (input: Uint8Array, length: number): Uint8Array => {
  expectPossible(input, length)
  const out = new Uint8Array(length)
  expectLength(block(input, 0, input.length, out, 0), length)
  return out
}

// Hadoop writes blocks that each begin with two big-endian lengths, unpacked and packed.
const hadoopBlocks = (input: Uint8Array, length: number): readonly number[] | undefined => {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const starts: number[] = []
  let unpacked = 0
  let i = 0
  while (i + 8 <= input.length) {
    starts.push(i)
    unpacked += view.getUint32(i)
    i += 8 + view.getUint32(i + 4)
  }
  return i === input.length && unpacked === length ? starts : undefined
}

/** Decompresses blocks in the framing of Hadoop, or one block without any: Parquet knows both by one name. */
export const decodeHadoopLz4 = (input: Uint8Array, length: number): Uint8Array => {
  const starts = hadoopBlocks(input, length)
  if (starts === undefined) return decodeLz4Block(input, length)
  expectPossible(input, length)
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const out = new Uint8Array(length)
  let o = 0
  for (const start of starts) {
    const from = start + 8
    o = block(input, from, from + view.getUint32(start + 4), out, o)
  }
  expectLength(o, length)
  return out
}

/** Decompresses one frame into exactly `length` bytes. Throws `CorruptLz4`. Checksums are skipped, not checked. */
export const decodeLz4Frame = (input: Uint8Array, length: number): Uint8Array => {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  need(
    input.length >= 7 && view.getUint32(0, true) === magic,
    'does not begin with its magic number',
  )
  expectPossible(input, length)
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
  expectLength(o, length)
  return out
}
