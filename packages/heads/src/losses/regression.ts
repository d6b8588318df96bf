/** Losses of numbers. `outputs` and `targets` have one shape, and so have the losses; targets are constants. */
import {
  abs,
  add,
  div,
  exp,
  less,
  lessEqual,
  log1p,
  maximum,
  mul,
  sinh,
  square,
  stopGradient,
  sub,
  type Tensor,
  where,
} from '@rootstock/core'
import { expectRange } from './expect.ts'
import { elementwiseLoss, type LossOptions } from './reduction.ts'

/** The loss of a difference d = outputs - targets. */
const ofDifference = (
  operation: string,
  outputs: Tensor,
  targets: Tensor,
  options: LossOptions,
  each: (difference: Tensor) => Tensor,
): Tensor =>
  elementwiseLoss(operation, outputs, targets, options, (x, t) => each(sub(x, stopGradient(t))))

/**
 * `(x - t)^2` (Gauss, Theoria motus, 1809).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { squaredError } from '@rootstock/heads'
 * console.log(squaredError(tensor([1, 4]), tensor([0, 2])).item()) // 2.5
 * console.log(squaredError(tensor([1, 4]), tensor([0, 2]), { reduction: 'none' }).toArray()) // [1, 4]
 * console.log(squaredError(tensor([1, 4]), tensor([0, 2]), { mask: tensor([true, false]) }).item()) // 1
 * ```
 */
export const squaredError = (outputs: Tensor, targets: Tensor, options: LossOptions = {}): Tensor =>
  ofDifference('squaredError', outputs, targets, options, square)

/**
 * `|x - t|`, gradient 0 where they are equal (Laplace, 1774).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { absoluteError } from '@rootstock/heads'
 * console.log(absoluteError(tensor([1, 4]), tensor([0, 2])).item()) // 1.5
 * ```
 */
export const absoluteError = (
  outputs: Tensor,
  targets: Tensor,
  options: LossOptions = {},
): Tensor => ofDifference('absoluteError', outputs, targets, options, abs)

/** Options of `huberLoss`. */
export interface HuberOptions extends LossOptions {
  /** Where the square turns into a line. Default 1. */
  readonly delta?: number
}

/**
 * `d^2 / 2` where `|d| <= delta`, else `delta (|d| - delta / 2)`, d = x - t (Huber, Robust estimation of a location parameter,
 * 1964).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { huberLoss } from '@rootstock/heads'
 * console.log(huberLoss(tensor([1, 4]), tensor([0, 0]), { reduction: 'none' }).toArray()) // [0.5, 3.5]
 * ```
 */
export const huberLoss = (
  outputs: Tensor,
  targets: Tensor,
  { delta = 1, ...options }: HuberOptions = {},
): Tensor => {
  expectRange('huberLoss', 'greater than 0', { delta })
  return ofDifference('huberLoss', outputs, targets, options, (d) =>
    where(lessEqual(abs(d), delta), mul(square(d), 0.5), mul(sub(abs(d), delta / 2), delta)),
  )
}

/** Options of `smoothL1Loss`. */
export interface SmoothL1Options extends LossOptions {
  /** Where the square turns into a line of slope 1; 0 gives `absoluteError`. Default 1. */
  readonly beta?: number
}

/**
 * `d^2 / (2 beta)` where `|d| < beta`, else `|d| - beta / 2`, d = x - t (Girshick, Fast R-CNN, 2015): `huberLoss / beta`.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { smoothL1Loss } from '@rootstock/heads'
 * console.log(smoothL1Loss(tensor([1, 4]), tensor([0, 0]), { beta: 2, reduction: 'none' }).toArray()) // [0.25, 3]
 * ```
 */
export const smoothL1Loss = (
  outputs: Tensor,
  targets: Tensor,
  { beta = 1, ...options }: SmoothL1Options = {},
): Tensor => {
  expectRange('smoothL1Loss', 'at least 0', { beta })
  return ofDifference('smoothL1Loss', outputs, targets, options, (d) =>
    beta === 0
      ? abs(d)
      : where(less(abs(d), beta), div(square(d), 2 * beta), sub(abs(d), beta / 2)),
  )
}

/**
 * `log cosh(x - t)`: like half the square when small, like the size less log 2 when large, to all digits in both (as in Chen et al.,
 * Log hyperbolic cosine loss improves variational auto-encoder, 2018).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { logCoshLoss } from '@rootstock/heads'
 * console.log(logCoshLoss(tensor([0, 1000]), tensor([0, 0]), { reduction: 'none' }).toArray()) // [0, 999.306...]
 * ```
 */
export const logCoshLoss = (outputs: Tensor, targets: Tensor, options: LossOptions = {}): Tensor =>
  ofDifference('logCoshLoss', outputs, targets, options, (d) => {
    const isSmall = less(abs(d), 1)
    // cosh d = 1 + 2 sinh(d/2)^2 keeps the digits that |d| - log 2 cancels
    const near = log1p(mul(square(sinh(mul(where(isSmall, d, 0), 0.5))), 2))
    const far = sub(add(abs(d), log1p(exp(mul(abs(d), -2)))), Math.LN2)
    return where(isSmall, near, far)
  })

/** Options of `quantileLoss`. */
export interface QuantileOptions extends LossOptions {
  /** The quantile that minimises the loss, in (0, 1). Default 0.5, half the absolute error. */
  readonly quantile?: number
}

/**
 * `max(q (t - x), (q - 1) (t - x))`, also called pinball loss (Koenker and Bassett, Regression quantiles, 1978).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { quantileLoss } from '@rootstock/heads'
 * // to be below costs three times what it costs to be above
 * const options = { quantile: 0.75, reduction: 'none' } as const
 * console.log(quantileLoss(tensor([0, 2]), tensor([1, 1]), options).toArray()) // [0.75, 0.25]
 * ```
 */
export const quantileLoss = (
  outputs: Tensor,
  targets: Tensor,
  { quantile = 0.5, ...options }: QuantileOptions = {},
): Tensor => {
  expectRange('quantileLoss', 'between 0 and 1', { quantile })
  return ofDifference('quantileLoss', outputs, targets, options, (d) =>
    maximum(mul(d, -quantile), mul(d, 1 - quantile)),
  )
}

/**
 * `(log(1 + x) - log(1 + t))^2` for x, t > -1: errors of ratios rather than of differences.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { squaredLogError } from '@rootstock/heads'
 * console.log(squaredLogError(tensor([3]), tensor([1])).item()) // 0.4804...
 * ```
 */
export const squaredLogError = (
  outputs: Tensor,
  targets: Tensor,
  options: LossOptions = {},
): Tensor =>
  elementwiseLoss('squaredLogError', outputs, targets, options, (x, t) =>
    square(sub(log1p(x), log1p(stopGradient(t)))),
  )
