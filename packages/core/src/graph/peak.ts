/** How good the memory plan of a program is. */
import type { Program } from '../loop/loop.ts'
import { livesOf, lowerBound } from './plan.ts'

/** Memory that a program takes for intermediates; inputs and outputs are not part of it. */
export interface PeakBytes {
  /** Bytes of the arena as planned. */
  readonly planned: number
  /** The largest number of bytes alive at one moment: no plan for this order of kernels can need less. */
  readonly lowerBound: number
}

/**
 * What the memory plan of a program takes, and the least that any plan could. Backends add what their kernels need while they run:
 * packed panels of a product, partial results of threads; `memory()` reports the arena with these.
 * @example
 * ```ts
 * import { lower, ones, peakBytes, placeholder, sum, type Tensor, trace } from '@rootstock/core'
 * const mean = (x: Tensor) => sum(x.matmul(ones([64, 64]))).div(4096)
 * const { planned, lowerBound } = peakBytes(lower(trace(mean)(placeholder([64, 64])).graph))
 * console.log(planned <= 1.25 * lowerBound) // true
 * ```
 */
export const peakBytes = ({ buffers, steps, arenaBytes }: Program): PeakBytes => {
  const cells = buffers.map(({ dtype, length, place }) => ({
    dtype,
    length,
    place: place.kind === 'arena' ? null : place,
    sharedWith: null,
  }))
  return { planned: arenaBytes, lowerBound: lowerBound(livesOf(steps, cells)) }
}
