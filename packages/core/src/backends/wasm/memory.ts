/** The linear memory that all programs of a backend share: it only grows, and views of it are renewed when it does. */
import { bytesOf, type DType, type TypedArray } from '../../dtype.ts'
import { mostPages } from './encode.ts'
import { type Block, createHeap } from './heap.ts'
import { createHostMemory, type HostMemory } from './host.ts'

/** The whole memory as arrays of each dtype. */
export interface Views {
  readonly bool: Uint8Array<ArrayBuffer>
  readonly int32: Int32Array<ArrayBuffer>
  readonly float32: Float32Array<ArrayBuffer>
  readonly float64: Float64Array<ArrayBuffer>
}

/** A growing memory and its heap. */
export interface LinearMemory {
  /** What modules import. */
  readonly memory: HostMemory
  /** Valid until the next `take`. */
  readonly views: () => Views
  /** A block, growing the memory where needed; null when the host has no more to give. */
  readonly take: (bytes: number) => Block | null
  readonly give: (block: Block) => void
  /** Bytes the memory has. */
  readonly reserved: () => number
}

const pageBytes = 65536
const firstPages = 16
/** Growth is at least this share of what there is, so that many small requests grow the memory rarely. */
const leastGrowth = 1 / 8

/** Nothing lives at address 0, and vector loads may reach up to 63 bytes past the last element. */
const guardBytes = 64

const viewsOf = (buffer: ArrayBuffer): Views => ({
  bool: new Uint8Array(buffer),
  int32: new Int32Array(buffer),
  float32: new Float32Array(buffer),
  float64: new Float64Array(buffer),
})

/** A memory of at most `limit` pages. Later versions may make it shared: this is the only place that creates it. */
export const createMemory = (limit = mostPages): LinearMemory => {
  const memory = createHostMemory(firstPages, mostPages)
  const heap = createHeap(guardBytes)
  let pages = firstPages
  let views = viewsOf(memory.buffer)
  heap.extend(firstPages * pageBytes - 2 * guardBytes)

  const growBy = (more: number): boolean => {
    if (more > limit - pages) return false
    try {
      memory.grow(more)
    } catch {
      return false
    }
    pages += more
    views = viewsOf(memory.buffer)
    heap.extend(more * pageBytes)
    return true
  }

  /** The generous growth first, then just enough. */
  const grow = (bytes: number): boolean => {
    const needed = Math.ceil((bytes * (1 + 1 / 16)) / pageBytes) + 1
    const generous = Math.max(needed, Math.ceil(pages * leastGrowth))
    return growBy(Math.min(generous, Math.max(needed, limit - pages))) || growBy(needed)
  }

  return {
    memory,
    views: () => views,
    take: (bytes) => heap.take(bytes) ?? (grow(bytes) ? heap.take(bytes) : null),
    give: heap.give,
    reserved: () => memory.buffer.byteLength,
  }
}

/** Copies elements to an address. */
export const copyIn = (views: Views, elements: TypedArray, address: number): void => {
  // a view of the same kind, so that this is one move of bytes
  if (elements instanceof Float32Array) views.float32.set(elements, address / 4)
  else if (elements instanceof Float64Array) views.float64.set(elements, address / 8)
  else if (elements instanceof Int32Array) views.int32.set(elements, address / 4)
  else views.bool.set(elements, address)
}

/** A fresh array of the elements at an address. */
export const copyOut = (
  views: Views,
  dtype: DType,
  address: number,
  length: number,
): TypedArray => {
  const from = address / bytesOf(dtype)
  return views[dtype].slice(from, from + length)
}
