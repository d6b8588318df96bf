/**
 * Cells: the buffers of a program before they have numbers and places. Scheduling creates more of them than survive
 * fusion, so a cell becomes a `Buffer` only when a kernel that uses it is written down.
 */
import type { DType } from '../dtype.ts'
import type { Place } from '../loop/loop.ts'
import { sizeOf } from '../shape.ts'
import type { Abstract } from './graph.ts'

/** A flat run of elements; compared by identity. `place` is null for those the memory plan puts into the arena. */
export interface Cell {
  readonly dtype: DType
  readonly length: number
  readonly place: Place | null
  /** The cell whose memory this one uses too, once `coalesce.ts` has found one. */
  sharedWith: Cell | null
}

/** A cell that holds a tensor densely. */
export const cellFor = (type: Abstract, place: Place | null = null): Cell => ({
  dtype: type.dtype,
  length: sizeOf(type.shape),
  place,
  sharedWith: null,
})
