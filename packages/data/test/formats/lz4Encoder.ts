/** A small LZ4 compressor, for testing the decompressor with more than what other programs happened to write. */

const length = (n: number): number[] => {
  if (n < 15) return []
  const bytes: number[] = []
  let rest = n - 15
  for (; rest >= 255; rest -= 255) bytes.push(255)
  return [...bytes, rest]
}

const sequence = (literals: Uint8Array, match?: { offset: number; length: number }): number[] => {
  const extra = match === undefined ? 0 : match.length - 4
  const token = (Math.min(15, literals.length) << 4) | Math.min(15, extra)
  const start = [token, ...length(literals.length), ...literals]
  return match === undefined
    ? start
    : [...start, match.offset & 255, match.offset >> 8, ...length(extra)]
}

// The longest match of the bytes at a place with bytes before it.
const matchAt = (bytes: Uint8Array, at: number): { offset: number; length: number } => {
  let best = { offset: 0, length: 0 }
  for (let from = Math.max(0, at - 65535); from < at; from++) {
    let n = 0
    while (at + n < bytes.length && bytes[from + n] === bytes[at + n]) n++
    if (n > best.length) best = { offset: at - from, length: n }
  }
  return best
}

/** One LZ4 block, greedily compressed. `endsInMatch` leaves an empty run of literals at the end where it can. */
export const encodeLz4Block = (
  bytes: Uint8Array,
  { endsInMatch = false }: { endsInMatch?: boolean } = {},
): Uint8Array => {
  const out: number[] = []
  let literals = 0
  let at = 0
  while (at < bytes.length) {
    const match = matchAt(bytes, at)
    // The format wants its last five bytes to be literals, but decoders have to take what they get.
    const most = endsInMatch ? match.length : Math.min(match.length, bytes.length - 5 - at)
    if (most < 4) at++
    else {
      out.push(...sequence(bytes.subarray(literals, at), { ...match, length: most }))
      at += most
      literals = at
    }
  }
  out.push(...sequence(bytes.subarray(literals)))
  return Uint8Array.from(out)
}

const little = (n: number): number[] => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >> 24) & 255]

/** An LZ4 frame of blocks of 64 KiB, or fewer bytes, without checksums. */
export const encodeLz4Frame = (bytes: Uint8Array, blockSize = 65536): Uint8Array => {
  // Version 1, independent blocks; 64 KiB; the header checksum is not looked at.
  const out: number[] = [...little(0x184d2204), 0x60, 0x40, 0x82]
  for (let at = 0; at < bytes.length; at += blockSize) {
    const block = bytes.subarray(at, at + blockSize)
    const packed = encodeLz4Block(block)
    const isSmaller = packed.length < block.length
    const size = isSmaller ? packed.length : block.length | 0x80000000
    out.push(...little(size), ...(isSmaller ? packed : block))
  }
  return Uint8Array.from([...out, ...little(0)])
}
