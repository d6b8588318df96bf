/**
 * Arrays that compiled code works on. A vector that straddles two cache lines costs two accesses, and an array of many small
 * pages waits for translations of its addresses, so elements start at a cache line and large arrays ask for large pages.
 */
import type { DType, TypedArray } from '@rootstock/core'
import { allocate, bytesOf, readStorage, type Storage, viewOf } from '@rootstock/core/backend'
import type { Library } from './library.ts'

/** Bytes of a cache line, and of the longest vector. */
const line = 64

/** Bytes from which on it matters where an array starts. */
export const alignedFrom = 4096

/** Bytes from which on an array gets large pages: two of the most common size. */
const largeFrom = 2 ** 22

/** Uses after which elements are worth moving, and bytes beyond which two copies at a time would be too many. */
const settled = 4
const largestMoved = 2 ** 30

/** Makes and looks after arrays. */
export interface Arrays {
  /** Zeros, of this module's making. */
  readonly allocate: (dtype: DType, length: number) => TypedArray
  /** True for arrays that lie as those of this module's making do, or are too small for it to matter. */
  readonly isPlaced: (array: TypedArray) => boolean
  /** Counts a use of a cell. Elements that are used again and again move into an array of this module's making. */
  readonly settle: (cell: Storage) => void
}

/** The arrays of loaded code. */
export const arraysOf = ({ address, useLargePages }: Library): Arrays => {
  const placed = new WeakSet<ArrayBufferLike>()
  /** How often cells were used whose elements lie elsewhere. */
  const uses = new WeakMap<Storage, number>()
  const isPlaced = (array: TypedArray): boolean =>
    array.byteLength < alignedFrom || placed.has(array.buffer)
  const allocatePlaced = (dtype: DType, length: number): TypedArray => {
    const bytes = bytesOf(dtype) * length
    if (bytes < alignedFrom) return allocate(dtype, length)
    const buffer = new ArrayBuffer(bytes + line)
    placed.add(buffer)
    const start = address(new Uint8Array(buffer))
    if (bytes >= largeFrom) useLargePages(start, buffer.byteLength)
    return viewOf(dtype, buffer, Number(-start & BigInt(line - 1)), length)
  }
  return {
    isPlaced,
    allocate: allocatePlaced,
    settle: (cell) => {
      const found = readStorage(cell)
      if (isPlaced(found) || found.byteLength > largestMoved) return
      const count = (uses.get(cell) ?? 0) + 1
      uses.set(cell, count)
      if (count < settled) return
      cell.host = allocatePlaced(cell.dtype, cell.length)
      cell.host.set(found)
    },
  }
}
