/** Sliding windows: what convolution and pooling look at, as one tensor. */
import { ArgumentError } from '../errors.ts'
import { transpose } from '../primitives/movement.ts'
import { range } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { tensor } from './creation.ts'
import { take } from './indexing.ts'
import { axisOf, type Operand, single } from './operand.ts'

/** Where windows lie. */
export interface Windows {
  /** Entries of a window. */
  readonly size: number
  /** From the start of a window to that of the next; 1 by default. */
  readonly step?: number
  /** The axis they slide along, the last by default. */
  readonly axis?: number
}

/**
 * All windows of `size` entries of x, every `step` along an axis. The axis becomes the number of windows,
 * floor((n - size) / step) + 1, and a new last axis holds the entries of each.
 * @example
 * ```ts
 * import { arange, windows } from '@rootstock/core'
 * console.log(windows(arange(5), { size: 3, step: 2 }).toArray()) // [ [ 0, 1, 2 ], [ 2, 3, 4 ] ]
 * ```
 */
export const windows = (x: Operand, { size, step = 1, axis = -1 }: Windows): Tensor => {
  const given = single('windows', x, 'any')
  const at = axisOf('windows', given, axis)
  const length = given.shape[at]!
  const isCount = (value: number) => Number.isInteger(value) && value >= 1
  if (!isCount(size) || !isCount(step) || size > length) {
    throw new ArgumentError({
      operation: 'windows',
      inputs: { x: given, axis: at, size, step },
      rule: `size and step must be whole numbers of at least 1, and size at most ${length}, the length of the axis`,
    })
  }
  const count = Math.floor((length - size) / step) + 1
  const first = range(count).flatMap((window) => range(size).map((entry) => window * step + entry))
  const rows = take(given, tensor(Int32Array.from(first), { shape: [count, size] }), { axis: at })
  // take puts the entries behind the windows: move them to the end
  const others = range(rows.rank).filter((i) => i !== at + 1)
  return transpose(rows, { permutation: [...others, at + 1] })
}
