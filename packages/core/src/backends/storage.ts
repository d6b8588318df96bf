/**
 * Storage cells: what a tensor points to. A cell's elements are in an ordinary array, resident in a backend's memory, or
 * both; user code never sees which. Nothing here needs disposal: a host array is garbage like any other, and a backend
 * may end a residence at any time after copying it out (`spill`).
 */
import type { DType, TypedArray } from '../dtype.ts'

/** Elements held inside a backend's own memory. */
export interface Residence {
  /** The backend that holds the elements. */
  readonly backend: string
  /** A fresh host copy. */
  readonly read: () => TypedArray
}

/** The mutable cell behind an immutable tensor. `host` or `resident` is present unless it was donated. */
export interface Storage {
  readonly dtype: DType
  readonly length: number
  host: TypedArray | null
  resident: Residence | null
  donated: boolean
}

/** A cell over a host array, which the caller must not change afterwards. */
export const hostStorage = (dtype: DType, host: TypedArray): Storage => ({
  dtype,
  length: host.length,
  host,
  resident: null,
  donated: false,
})

/** The elements of a cell on the host; copied out of a backend once and then kept. Callers must not write to it. */
export const readStorage = (storage: Storage): TypedArray => {
  if (storage.host === null) {
    if (storage.resident === null) throw new Error('storage was donated')
    storage.host = storage.resident.read()
  }
  return storage.host
}
