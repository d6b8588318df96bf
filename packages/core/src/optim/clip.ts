/** Limits on the size of a step. */
import { ArgumentError } from '../errors.ts'
import { add, div, maximum, minimum, mul } from '../numeric/arithmetic.ts'
import { zeros } from '../numeric/creation.ts'
import { sqrt } from '../numeric/exponential.ts'
import { stack } from '../numeric/joining.ts'
import { norm, sum } from '../numeric/reductions.ts'
import { cast, clamp, square } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map, tensors } from '../tree.ts'
import { like } from './moments.ts'
import { type Stateless, stateless } from './scale.ts'
import type { Transform } from './transform.ts'

/** Which norm of all leaves together. */
export interface GlobalNormOptions {
  /** 2 (default), 1, Infinity or any positive power. */
  readonly order?: number
}

/**
 * The norm of all leaves together, a scalar, Euclidean by default; 0 for a tree without leaves. Not finite as soon as one entry is not.
 * @example
 * ```ts
 * import { globalNorm, tensor } from '@rootstock/core'
 * const tree = { a: tensor([3]), b: tensor([[0, 4]]) }
 * console.log(globalNorm(tree).item(), globalNorm(tree, { order: 1 }).item()) // 5 7
 * ```
 */
export const globalNorm = (tree: unknown, { order = 2 }: GlobalNormOptions = {}): Tensor => {
  const parts = tensors(tree, 'globalNorm').filter(({ size }) => size > 0)
  if (parts.length === 0) return zeros([])
  if (order !== 2) return norm(stack(parts.map((leaf) => norm(leaf, { order }))), { order })
  return sqrt(parts.map((leaf) => sum(square(leaf))).reduce((total, next) => add(total, next)))
}

const expectPositive = (operation: string, limit: number): void => {
  if (limit > 0) return
  throw new ArgumentError({ operation, inputs: { limit }, rule: 'limit must be greater than 0' })
}

/** `min(1, limit / (size + 1e-6))`, as PyTorch does. */
const shrink = (limit: number, size: Tensor): Tensor => minimum(div(limit, add(size, 1e-6)), 1)

/**
 * Scales all updates by `min(1, limit / (norm + 1e-6))` with their global norm, which keeps their direction
 * (Pascanu, Mikolov and Bengio, 2013).
 * @example
 * ```ts
 * import { clipByGlobalNorm, tensor } from '@rootstock/core'
 * const clip = clipByGlobalNorm(1)
 * const gradients = { a: tensor([3]), b: tensor([4]) }
 * const [clipped] = clip.update(gradients, clip.init(gradients), gradients)
 * console.log(clipped.a.toArray()) // [ 0.59999... ]
 * ```
 */
export const clipByGlobalNorm = (
  limit: number,
  options: GlobalNormOptions = {},
): Transform<Stateless> => {
  expectPositive('clipByGlobalNorm', limit)
  return {
    init: () => ({}),
    update: (gradients, state) => {
      const factor = shrink(limit, globalNorm(gradients, options))
      return [map((leaf: Tensor) => mul(leaf, cast(factor, leaf.dtype)), gradients), state]
    },
  }
}

/**
 * Scales each leaf by `min(1, limit / (norm + 1e-6))` with its own Euclidean norm.
 * @example
 * ```ts
 * import { clipByNorm, tensor } from '@rootstock/core'
 * const clip = clipByNorm(1)
 * const gradients = { a: tensor([3, 4]), b: tensor([0.5]) }
 * const [clipped] = clip.update(gradients, clip.init(gradients), gradients)
 * console.log(clipped.a.toArray(), clipped.b.toArray()) // [0.59999..., 0.79999...] [0.5]
 * ```
 */
export const clipByNorm = (limit: number): Transform<Stateless> => {
  expectPositive('clipByNorm', limit)
  return stateless((leaf) => mul(leaf, shrink(limit, globalNorm(leaf))))
}

/**
 * Clamps every entry to [-limit, limit].
 * @example
 * ```ts
 * import { clipByValue, tensor } from '@rootstock/core'
 * const clip = clipByValue(0.5)
 * const [clipped] = clip.update(tensor([3, -0.25]), clip.init(tensor([0, 0])), tensor([0, 0]))
 * console.log(clipped.toArray()) // [0.5, -0.25]
 * ```
 */
export const clipByValue = (limit: number): Transform<Stateless> => {
  expectPositive('clipByValue', limit)
  return stateless((leaf) => clamp(leaf, { min: -limit, max: limit }))
}

/** The norm of each unit's weights: over all axes but the last, which counts the units; of all of a vector. */
const unitNorm = (x: Tensor): Tensor => {
  if (x.rank < 2) return globalNorm(x)
  const axis = Array.from({ length: x.rank - 1 }, (_, i) => i)
  return sqrt(sum(square(x), { axis, keepDims: true }))
}

/** Options of `clipAdaptively`. */
export interface AdaptiveClipOptions {
  /** The largest update by the weights it belongs to. Default 0.01. */
  readonly limit?: number
  /** The least norm of weights that counts, so that weights of 0 can begin to move. Default 1e-3. */
  readonly epsilon?: number
}

/**
 * Scales the gradient g of each unit with weights w by `min(1, limit max(|w|, epsilon) / |g|)` (Brock et al., High-performance
 * large-scale image recognition without normalization, 2021).
 * @example
 * ```ts
 * import { clipAdaptively, tensor } from '@rootstock/core'
 * const clip = clipAdaptively({ limit: 0.5 })
 * const weights = tensor([[3], [4]])
 * const [clipped] = clip.update(tensor([[0], [10]]), clip.init(weights), weights)
 * console.log(clipped.toArray()) // [[0], [2.5]]
 * ```
 */
export const clipAdaptively = ({
  limit = 0.01,
  epsilon = 1e-3,
}: AdaptiveClipOptions = {}): Transform<Stateless> => {
  expectPositive('clipAdaptively', limit)
  return stateless((leaf, param) => {
    const most = mul(maximum(unitNorm(param), epsilon), limit)
    const factor = minimum(div(most, maximum(unitNorm(leaf), 1e-6)), 1)
    return mul(leaf, like(factor, leaf))
  })
}
