/**
 * Arrays that compiled code works on. A vector that straddles two cache lines costs two accesses, and an array of many small
 * pages waits for translations of its addresses, so elements start at a cache line and large arrays ask for large pages.
 */
import type { DType, TypedArray } from '@rootstock/core'
import { allocate, bytesOf, viewOf } from '@rootstock/core/backend'
import type { Library } from './library.ts'

/** Bytes of a cache line, and of the longest vector. */
const line = 64

/** Bytes from which on it matters where an array starts. */
export const alignedFrom = 4096

/** Bytes from which on an array gets large pages: two of the most common size. */
const largeFrom = 2 ** 22

/** Uses after which an array is worth moving onto large pages. */
const settled = 4

/** Makes and looks after arrays. */
export interface Arrays {
  /** Zeros, of this module's making. */
  readonly allocate: (dtype: DType, length: number) => TypedArray
  /** True for arrays that lie as those of this module's making do, or are too small for it to matter. */
  readonly isPlaced: (array: TypedArray) => boolean
  /** Where the elements are, for a program that reads or writes them. */
  readonly use: (array: TypedArray) => bigint
}

/** The arrays of loaded code. */
export const arraysOf = ({ address, useLargePages }: Library): Arrays => {
  const placed = new WeakSet<ArrayBufferLike>()
  /** How often other large arrays were used. */
  const uses = new WeakMap<ArrayBufferLike, number>()
  const isPlaced = (array: TypedArray): boolean =>
    array.byteLength < alignedFrom || placed.has(array.buffer)
  return {
    isPlaced,
    allocate: (dtype, length) => {
      const bytes = bytesOf(dtype) * length
      if (bytes < alignedFrom) return allocate(dtype, length)
      const buffer = new ArrayBuffer(bytes + line)
      placed.add(buffer)
      const start = address(new Uint8Array(buffer))
      if (bytes >= largeFrom) useLargePages(start, buffer.byteLength, false)
      return viewOf(dtype, buffer, Number(-start & BigInt(line - 1)), length)
    },
    use: (array) => {
      const at = address(array)
      if (array.byteLength >= largeFrom && !isPlaced(array)) {
        const count = (uses.get(array.buffer) ?? 0) + 1
        uses.set(array.buffer, count)
        if (count === settled) useLargePages(at, array.byteLength, true)
      }
      return at
    },
  }
}
