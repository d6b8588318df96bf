/**
 * Which bytes of linear memory are in use. Blocks are multiples of 64 bytes; free ones lie in bins by size, sixteen per
 * doubling, and merge with free neighbours, so that taking and giving back cost a few steps whatever the history. Sizes
 * are rounded up to the next bin (6 % at most), so a freed block fits the next request of its size exactly. The idea is
 * that of "TLSF: a new dynamic memory allocator for real-time systems" (Masmano et al., 2004).
 */

/** A stretch of memory between two others. */
export interface Block {
  readonly address: number
  /** In units of 64 bytes. */
  size: number
  free: boolean
  /** Neighbours in memory. */
  before: Block | null
  after: Block | null
  /** Neighbours in its bin while it is free. */
  previous: Block | null
  next: Block | null
}

const unit = 64
const perDoubling = 16
/** As many as 16 GiB have: bits of an int32 say how large a block is. */
const mostUnits = 2 ** 28

/** Sizes grow by at most this share when they are rounded up. */
export const mostRounding = 1 / perDoubling

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

/** The bytes from some address on; it has none until it is extended. */
export class Heap {
  readonly #bins: (Block | null)[] = new Array<null>(binOf(mostUnits) + 1).fill(null)
  /** One bit per bin: whether it has a block. */
  readonly #occupied = new Int32Array(Math.ceil(this.#bins.length / 32))
  #last: Block | null = null
  #end: number

  constructor(start: number) {
    this.#end = Math.ceil(start / unit) * unit
  }

  /** A block of at least that many bytes, or null when none is free. */
  take(bytes: number): Block | null {
    const size = roundUp(bytes)
    const bin = size < mostUnits ? this.#search(binOf(size)) : -1
    if (bin < 0) return null
    const block = this.#bins[bin]!
    this.#unlink(block)
    if (block.size > size) {
      this.#link(this.#insertAfter(block, block.address + size * unit, block.size - size))
      block.size = size
    }
    return block
  }

  /** Gives a block back. */
  give(block: Block): void {
    let merged = block
    if (block.after?.free === true) {
      this.#unlink(block.after)
      this.#absorb(block)
    }
    if (block.before?.free === true) {
      merged = block.before
      this.#unlink(merged)
      this.#absorb(merged)
    }
    this.#link(merged)
  }

  /** Adds the bytes that follow the end of what the heap has. */
  extend(bytes: number): void {
    const size = Math.floor(bytes / unit)
    if (size === 0) return
    this.give(this.#insertAfter(this.#last, this.#end, size))
    this.#end += size * unit
  }

  #link(block: Block): void {
    const bin = binOf(block.size)
    block.free = true
    block.previous = null
    block.next = this.#bins[bin]!
    if (block.next !== null) block.next.previous = block
    this.#bins[bin] = block
    this.#occupied[bin >> 5]! |= 1 << (bin & 31)
  }

  #unlink(block: Block): void {
    const bin = binOf(block.size)
    block.free = false
    if (block.next !== null) block.next.previous = block.previous
    if (block.previous !== null) block.previous.next = block.next
    else {
      this.#bins[bin] = block.next
      if (block.next === null) this.#occupied[bin >> 5]! &= ~(1 << (bin & 31))
    }
  }

  /** The first bin from `bin` on that has a block, or -1. */
  #search(bin: number): number {
    let word = bin >> 5
    let bits = this.#occupied[word]! & (-1 << (bin & 31))
    while (bits === 0) {
      if (++word === this.#occupied.length) return -1
      bits = this.#occupied[word]!
    }
    return word * 32 + 31 - Math.clz32(bits & -bits)
  }

  #insertAfter(before: Block | null, address: number, size: number): Block {
    const after = before === null ? null : before.after
    const block = { address, size, free: false, before, after, previous: null, next: null }
    if (before !== null) before.after = block
    if (after !== null) after.before = block
    else this.#last = block
    return block
  }

  /** Lets a block swallow the one after it. */
  #absorb(block: Block): void {
    const gone = block.after!
    block.size += gone.size
    block.after = gone.after
    if (gone.after !== null) gone.after.before = block
    else this.#last = block
  }
}
