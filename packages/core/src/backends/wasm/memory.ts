/** The linear memory that all programs of a backend share: it only grows, and views of it are renewed when it does. */
import { bytesOf, type DType, type TypedArray } from '../../dtype.ts'
import { mostPages } from './encode.ts'
import { type Block, Heap } from './heap.ts'
import { createHostMemory, type HostMemory } from './host.ts'

/** The whole memory as arrays of each dtype. */
interface Views {
  readonly bool: Uint8Array<ArrayBuffer>
  readonly int32: Int32Array<ArrayBuffer>
  readonly float32: Float32Array<ArrayBuffer>
  readonly float64: Float64Array<ArrayBuffer>
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

/** A growing memory and its heap. Later versions may make it shared: this is the only place that creates it. */
export class LinearMemory {
  /** What modules import. */
  readonly host: HostMemory = createHostMemory(firstPages, mostPages)
  readonly #heap = new Heap(guardBytes)
  readonly #limit: number
  #pages = firstPages
  #views: Views = viewsOf(this.host.buffer)

  /** A memory of at most `limit` pages. */
  constructor(limit = mostPages) {
    this.#limit = limit
    this.#heap.extend(firstPages * pageBytes - 2 * guardBytes)
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
    return this.#views[dtype].slice(from, from + length)
  }

  /** Stores one int32. */
  write(address: number, value: number): void {
    this.#views.int32[address / 4] = value
  }

  /** Grows generously, or if that cannot be, by just enough. */
  #grow(bytes: number): boolean {
    // the heap rounds sizes up by at most a sixteenth
    const needed = Math.ceil((bytes * (1 + 1 / 16)) / pageBytes) + 1
    const left = this.#limit - this.#pages
    const generous = Math.max(needed, Math.ceil(this.#pages * leastGrowth))
    return needed <= left && (this.#growBy(Math.min(generous, left)) || this.#growBy(needed))
  }

  #growBy(pages: number): boolean {
    try {
      this.host.grow(pages)
    } catch {
      return false
    }
    this.#pages += pages
    this.#views = viewsOf(this.host.buffer)
    this.#heap.extend(pages * pageBytes)
    return true
  }
}
