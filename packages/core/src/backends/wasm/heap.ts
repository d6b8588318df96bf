/**
 * Which bytes of linear memory are in use. Blocks are multiples of 64 bytes; free ones lie in bins by size, sixteen per
 * doubling, and merge with free neighbours, so that taking and giving back cost a few steps whatever the history. Sizes
 * are rounded up to the next bin (6 % at most), so a freed block fits the next request of its size exactly.
 */

/** A stretch of memory between two others. */
export interface Block {
  readonly address: number
  /** In units of 64 bytes. */
  size: number
  free: boolean
  before: Block | null
  after: Block | null
  /** Neighbours in its bin while it is free. */
  previous: Block | null
  next: Block | null
}

/** Bytes in use, and where more can be found. */
export interface Heap {
  /** A block of at least that many bytes, or null when none is free. */
  readonly take: (bytes: number) => Block | null
  readonly give: (block: Block) => void
  /** Adds the bytes that follow the end of what the heap has. */
  readonly extend: (bytes: number) => void
}

const unit = 64
const perDoubling = 16

/** Sizes below 16 units have a bin each; from there on the four bits after the leading one count. */
const binOf = (size: number): number => {
  if (size < perDoubling) return size
  const exponent = 31 - Math.clz32(size)
  return (exponent - 3) * perDoubling + ((size >> (exponent - 4)) & (perDoubling - 1))
}

/** The smallest size of a bin that holds at least this much. */
const roundUp = (bytes: number): number => {
  const size = Math.max(1, Math.ceil(bytes / unit))
  if (size < perDoubling) return size
  const step = 2 ** (31 - Math.clz32(size) - 4)
  return Math.ceil(size / step) * step
}

/** A heap over the bytes from `start` on, of which it has none yet. */
export const createHeap = (start: number): Heap => {
  const bins: (Block | null)[] = new Array<null>(binOf(2 ** 26) + 1).fill(null)
  const occupied = new Int32Array(Math.ceil(bins.length / 32))
  let last: Block | null = null
  let end = Math.ceil(start / unit) * unit

  const link = (block: Block): void => {
    const bin = binOf(block.size)
    block.free = true
    block.previous = null
    block.next = bins[bin]!
    if (block.next !== null) block.next.previous = block
    bins[bin] = block
    occupied[bin >> 5]! |= 1 << (bin & 31)
  }

  const unlink = (block: Block): void => {
    const bin = binOf(block.size)
    block.free = false
    if (block.next !== null) block.next.previous = block.previous
    if (block.previous !== null) block.previous.next = block.next
    else {
      bins[bin] = block.next
      if (block.next === null) occupied[bin >> 5]! &= ~(1 << (bin & 31))
    }
  }

  /** The first bin from `bin` on that has a block, or -1. */
  const search = (bin: number): number => {
    let word = bin >> 5
    let bits = occupied[word]! & (-1 << (bin & 31))
    while (bits === 0) {
      if (++word === occupied.length) return -1
      bits = occupied[word]!
    }
    return word * 32 + 31 - Math.clz32(bits & -bits)
  }

  const insertAfter = (before: Block | null, address: number, size: number): Block => {
    const after = before === null ? null : before.after
    const block = { address, size, free: false, before, after, previous: null, next: null }
    if (before !== null) before.after = block
    if (after !== null) after.before = block
    else last = block
    return block
  }

  /** Lets `block` swallow its right neighbour. */
  const absorb = (block: Block): void => {
    const gone = block.after!
    block.size += gone.size
    block.after = gone.after
    if (gone.after !== null) gone.after.before = block
    else last = block
  }

  const give = (block: Block): void => {
    let merged = block
    if (block.after?.free === true) {
      unlink(block.after)
      absorb(block)
    }
    if (block.before?.free === true) {
      merged = block.before
      unlink(merged)
      absorb(merged)
    }
    link(merged)
  }

  return {
    give,
    take: (bytes) => {
      const size = roundUp(bytes)
      const bin = size < 2 ** 26 ? search(binOf(size)) : -1
      if (bin < 0) return null
      const block = bins[bin]!
      unlink(block)
      if (block.size > size) {
        link(insertAfter(block, block.address + size * unit, block.size - size))
        block.size = size
      }
      return block
    },
    extend: (bytes) => {
      const size = Math.floor(bytes / unit)
      if (size === 0) return
      give(insertAfter(last, end, size))
      end += size * unit
    },
  }
}
