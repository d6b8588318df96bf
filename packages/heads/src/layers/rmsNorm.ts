/** Normalisation by size alone: no mean is taken away. */
import { add, mean, mul, ones, rsqrt, square, type Tensor } from '@rootstock/core'
import type { Layer } from '../layer.ts'

/** Options of `rmsNorm`. */
export interface RmsNormOptions {
  /** Columns of the input. */
  readonly width: number
  /** Added to the mean square. Default 1e-6. */
  readonly epsilon?: number
}

/**
 * `x / sqrt(mean(x^2) + epsilon) * scale` over the last axis (Zhang and Sennrich, Root Mean Square Layer Normalization, 2019).
 * @example
 * ```ts
 * import { random, tensor } from '@rootstock/core'
 * import { evaluation, rmsNorm } from '@rootstock/heads'
 * const layer = rmsNorm({ width: 2 })
 * console.log(layer.apply(layer.init(random.key(0)), tensor([[3, -3]]), evaluation).shape) // [1, 2]
 * ```
 */
export const rmsNorm = ({
  width,
  epsilon = 1e-6,
}: RmsNormOptions): Layer<{ readonly scale: Tensor }> => ({
  init: () => ({ scale: ones([width]) }),
  apply: ({ scale }, x) => {
    const size = mean(square(x), { axis: -1, keepDims: true })
    return mul(mul(x, rsqrt(add(size, epsilon))), scale)
  },
})
