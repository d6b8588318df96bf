/** The linear memory that all programs of a backend share: it only grows, and views of it are renewed when it does. */
import { allocate, bytesOf, type DType, type TypedArray } from '../../dtype.ts'
import { type MemoryType, mostPages } from './encode.ts'
import { type Block, Heap, mostRounding } from './heap.ts'
import { createHostMemory, growHostMemory, type HostMemory } from './host.ts'

/** The whole memory as arrays of each dtype. */
interface Views {
  readonly bool: Uint8Array
  readonly int32: Int32Array
  readonly float32: Float32Array
  readonly float64: Float64Array
}

const pageBytes = 65536
const firstPages = 16

/** Growth is at least this share of what there is, so that many small requests grow the memory rarely. */
const leastGrowth = 1 / 8

/** Nothing lives at address 0, and packing may reach up to 127 bytes past the last element. */
const guardBytes = 128

/** Up to this many elements are copied out one by one: moving few bytes of a shared memory takes V8 longer. */
const few = 128

const viewsOf = (buffer: ArrayBufferLike): Views => ({
  bool: new Uint8Array(buffer),
  int32: new Int32Array(buffer),
  float32: new Float32Array(buffer),
  float64: new Float64Array(buffer),
})

/** A growing memory and its heap. */
export class LinearMemory implements MemoryType {
  /** What modules import. */
  readonly host: HostMemory
  /** True when threads can share it. */
  readonly isShared: boolean
  readonly isWide: boolean
  readonly #heap = new Heap(guardBytes)
  readonly #limit: number
  #pages = firstPages
  #views: Views

  /** A memory of at most `limit` pages, for several threads only where that is possible. */
  constructor(wanted: MemoryType, limit = mostPages(wanted.isWide)) {
    this.isWide = wanted.isWide
    this.host = createHostMemory(wanted, firstPages, mostPages(this.isWide))
    this.isShared = !(this.host.buffer instanceof ArrayBuffer)
    this.#limit = limit
    this.#views = viewsOf(this.host.buffer)
    this.#heap.extend(firstPages * pageBytes - 2 * guardBytes)
  }

  /** Bytes the memory may have. */
  get limit(): number {
    return this.#limit * pageBytes
  }

  /** Bytes the memory has. */
  get reserved(): number {
    return this.#pages * pageBytes
  }

  /** A block, growing the memory where needed; null when the host has no more to give. */
  take(bytes: number): Block | null {
    return this.#heap.take(bytes) ?? (this.#grow(bytes) ? this.#heap.take(bytes) : null)
  }

  give(block: Block): void {
    this.#heap.give(block)
  }

  /** Copies elements to an address. */
  copyIn(elements: TypedArray, address: number): void {
    const views = this.#views
    // a view of the same kind, so that this is one move of bytes
    if (elements instanceof Float32Array) views.float32.set(elements, address / 4)
    else if (elements instanceof Float64Array) views.float64.set(elements, address / 8)
    else if (elements instanceof Int32Array) views.int32.set(elements, address / 4)
    else views.bool.set(elements, address)
  }

  /** A fresh array of the elements at an address. */
  copyOut(dtype: DType, address: number, length: number): TypedArray {
    const from = address / bytesOf(dtype)
    const view = this.#views[dtype]
    const copy = allocate(dtype, length)
    if (length <= few) for (let i = 0; i < length; i++) copy[i] = view[from + i]!
    else copy.set(view.subarray(from, from + length))
    return copy
  }

  /** Stores an address. */
  write(at: number, address: number): void {
    const { int32 } = this.#views
    int32[at / 4] = address // its lower 32 bits
    if (this.isWide) int32[at / 4 + 1] = Math.floor(address / 2 ** 32)
  }

  /** Grows generously, or if that cannot be, by just enough. */
  #grow(bytes: number): boolean {
    const needed = Math.ceil((bytes * (1 + mostRounding)) / pageBytes) + 1
    const left = this.#limit - this.#pages
    const generous = Math.max(needed, Math.ceil(this.#pages * leastGrowth))
    return needed <= left && (this.#growBy(Math.min(generous, left)) || this.#growBy(needed))
  }

  #growBy(pages: number): boolean {
    try {
      growHostMemory(this.host, this.isWide, pages)
    } catch {
      return false
    }
    this.#pages += pages
    this.#views = viewsOf(this.host.buffer)
    this.#heap.extend(pages * pageBytes)
    return true
  }
}
