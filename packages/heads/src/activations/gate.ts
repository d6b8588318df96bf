/** Activations that choose between parts of their input, or by parameters. */
import {
  greater,
  max,
  mul,
  reshape,
  ShapeError,
  sigmoid,
  split,
  type Tensor,
  where,
} from '@rootstock/core'
import type { AxisOptions } from './distribution.ts'

const axisOf = (x: Tensor, axis: number): number => (axis < 0 ? axis + x.rank : axis)

/**
 * `a sigmoid(b)`, a and b the halves of x along an axis (Dauphin et al., Language modeling with gated convolutional networks, 2017).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { glu } from '@rootstock/heads'
 * console.log(glu(tensor([4, 6, 0, 100])).toArray()) // [2, 6]
 * ```
 */
export const glu = (x: Tensor, { axis = -1 }: AxisOptions = {}): Tensor => {
  const [value, gate] = split(x, { sections: 2, axis })
  return mul(value!, sigmoid(gate!))
}

/** Options of `maxout`. */
export interface MaxoutOptions extends AxisOptions {
  /** Consecutive entries to choose from. */
  readonly pieces: number
}

/**
 * The largest of consecutive pieces along an axis: `[.., groups pieces, ..]` to `[.., groups, ..]` (Goodfellow et al., Maxout networks,
 * 2013).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { maxout } from '@rootstock/heads'
 * console.log(maxout(tensor([1, 3, -2, -1]), { pieces: 2 }).toArray()) // [3, -1]
 * ```
 */
export const maxout = (x: Tensor, { pieces, axis = -1 }: MaxoutOptions): Tensor => {
  const at = axisOf(x, axis)
  const groups = (x.shape[at] ?? 0) / pieces
  if (!Number.isInteger(groups)) {
    throw new ShapeError({
      operation: 'maxout',
      inputs: { x, pieces, axis },
      rule: 'the axis must be a multiple of the pieces',
    })
  }
  return max(reshape(x, x.shape.toSpliced(at, 1, groups, pieces)), { axis: at + 1 })
}

/**
 * `x` where positive, else `slope x`, slope learned: `[1]`, or one for each entry of an axis (He et al., Delving deep into rectifiers,
 * 2015). PyTorch starts slopes at 0.25.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { parametricRelu } from '@rootstock/heads'
 * console.log(parametricRelu(tensor([[-4, -4], [1, 2]]), tensor([0.25, 0.5])).toArray()) // [[-1, -2], [1, 2]]
 * ```
 */
export const parametricRelu = (
  x: Tensor,
  slope: Tensor,
  { axis = -1 }: AxisOptions = {},
): Tensor => {
  const at = axisOf(x, axis)
  if (slope.rank !== 1 || (slope.size !== 1 && slope.size !== x.shape[at])) {
    throw new ShapeError({
      operation: 'parametricRelu',
      inputs: { x, slope, axis },
      rule: 'slope must be [1] or have one entry for each of the axis',
    })
  }
  const spread = reshape(
    slope,
    x.shape.map((_, i) => (i === at ? slope.size : 1)),
  )
  return where(greater(x, 0), x, mul(x, spread))
}
