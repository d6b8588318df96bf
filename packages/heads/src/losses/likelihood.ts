/** Negative log-likelihoods and divergences of distributions. Targets are constants. Natural logarithms. */
import {
  add,
  div,
  equal,
  exp,
  expm1,
  greater,
  log,
  maximum,
  mul,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  where,
  xlogy,
} from '@rootstock/core'
import { expectRange, expectSameShape } from './expect.ts'
import { elementwiseLoss, type LossOptions, lossOf } from './reduction.ts'

/** Options of `poissonLoss`. */
export interface PoissonOptions extends LossOptions {
  /** Whether outputs are logarithms of rates. Default true. */
  readonly logInput?: boolean
  /** Whether to add Stirling's approximation of `log t!` where t > 1. Default false. */
  readonly full?: boolean
}

/**
 * Negative log-likelihood of counts t under a Poisson distribution, without the constant `log t!`: `e^x - t x`, or `x - t log(x +
 * 1e-8)` of rates x; `full` adds `t log t - t + log(2 pi t) / 2` where t > 1.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { poissonLoss } from '@rootstock/heads'
 * console.log(poissonLoss(tensor([0]), tensor([3])).item()) // 1
 * ```
 */
export const poissonLoss = (
  outputs: Tensor,
  targets: Tensor,
  { logInput = true, full = false, ...options }: PoissonOptions = {},
): Tensor =>
  elementwiseLoss('poissonLoss', outputs, targets, options, (x, given) => {
    const t = stopGradient(given)
    const loss = logInput ? sub(exp(x), mul(t, x)) : sub(x, mul(t, log(add(x, 1e-8))))
    if (!full) return loss
    const isMany = greater(t, 1)
    const many = where(isMany, t, 1)
    const stirling = add(sub(xlogy(many, many), many), mul(log(mul(many, 2 * Math.PI)), 0.5))
    return add(loss, where(isMany, stirling, 0))
  })

/** Options of `gaussianLoss`. */
export interface GaussianOptions extends LossOptions {
  /** The least variance; below it the gradient still reaches the variance. Default 1e-6. */
  readonly epsilon?: number
  /** Whether to add the constant `log(2 pi) / 2`. Default false. */
  readonly full?: boolean
}

/**
 * Negative log-likelihood of t under a normal distribution of mean x and variance v >= epsilon: `(log v + (x - t)^2 / v) / 2` (Nix and
 * Weigend, Estimating the mean and variance of the target probability distribution, 1994). All three have one shape.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { gaussianLoss } from '@rootstock/heads'
 * console.log(gaussianLoss(tensor([2]), tensor([1]), tensor([0])).item()) // 2
 * ```
 */
export const gaussianLoss = (
  means: Tensor,
  variances: Tensor,
  targets: Tensor,
  { epsilon = 1e-6, full = false, ...options }: GaussianOptions = {},
): Tensor => {
  expectRange('gaussianLoss', 'greater than 0', { epsilon })
  expectSameShape('gaussianLoss', { means, variances, targets })
  return lossOf('gaussianLoss', [means, variances, targets], options, (x, given, t) => {
    const v = add(given, stopGradient(sub(maximum(given, epsilon), given)))
    const error = div(square(sub(x, stopGradient(t))), v)
    return add(mul(add(log(v), error), 0.5), full ? Math.log(2 * Math.PI) / 2 : 0)
  })
}

/** Options of `kullbackLeibler`. */
export interface KullbackLeiblerOptions extends LossOptions {
  /** Whether targets are logarithms of probabilities too. Default false. */
  readonly logTarget?: boolean
}

/**
 * `t (log t - x)` of log-probabilities x, element by element, 0 where t is 0 (Kullback and Leibler, On information and sufficiency,
 * 1951). The divergence of a row is the sum over its classes: `sum` divided by the rows is their mean.
 * @example
 * ```ts
 * import { log, tensor } from '@rootstock/core'
 * import { kullbackLeibler } from '@rootstock/heads'
 * const x = log(tensor([0.5, 0.5]))
 * console.log(kullbackLeibler(x, tensor([1, 0]), { reduction: 'sum' }).item()) // 0.693...
 * ```
 */
export const kullbackLeibler = (
  outputs: Tensor,
  targets: Tensor,
  { logTarget = false, ...options }: KullbackLeiblerOptions = {},
): Tensor =>
  elementwiseLoss('kullbackLeibler', outputs, targets, options, (x, given) => {
    const t = stopGradient(given)
    if (logTarget) return mul(exp(t), sub(t, x))
    // an impossible class may have the log-probability -Infinity
    const isNone = equal(t, 0)
    return where(isNone, 0, sub(xlogy(t, t), mul(t, where(isNone, 0, x))))
  })

/**
 * Divergence of the normal distribution with means and log-variances `[rows, ...]` from the standard one, summed over all but the
 * first axis: `sum (mu^2 + e^v - 1 - v) / 2`, one loss a row (Kingma and Welling, Auto-encoding variational Bayes, 2014).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { gaussianDivergence } from '@rootstock/heads'
 * console.log(gaussianDivergence(tensor([[1, 2]]), tensor([[0, 0]])).item()) // 2.5
 * ```
 */
export const gaussianDivergence = (
  means: Tensor,
  logVariances: Tensor,
  options: LossOptions = {},
): Tensor => {
  expectSameShape('gaussianDivergence', { means, logVariances })
  return lossOf('gaussianDivergence', [means, logVariances], options, (mu, v) => {
    const each = mul(add(square(mu), sub(expm1(v), v)), 0.5)
    return sum(each, { axis: Array.from({ length: each.rank - 1 }, (_, i) => i + 1) })
  })
}
