/** Losses of yes and no: `outputs` and `targets` have one shape, targets in [0, 1] are constants. Natural logarithms. */
import {
  add,
  exp,
  greater,
  log,
  log1p,
  mul,
  neg,
  softplus,
  stopGradient,
  sub,
  type Tensor,
  where,
} from '@rootstock/core'
import { expectRange } from './expect.ts'
import { elementwiseLoss, type LossOptions } from './reduction.ts'

const leastLog = -100
const leastProbability = Math.exp(leastLog)

/** log of p, at least -100; the gradient of what is cut is 0, not NaN. */
const boundedLog = (p: Tensor, logOf: (p: Tensor) => Tensor, isEnough: Tensor): Tensor =>
  where(isEnough, logOf(where(isEnough, p, 0.5)), leastLog)

/**
 * `-(t log p + (1 - t) log(1 - p))` of probabilities p, logarithms cut at -100. Where there are logits,
 * `binaryCrossEntropyWithLogits` is exact.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { binaryCrossEntropy } from '@rootstock/heads'
 * console.log(binaryCrossEntropy(tensor([0.5, 0]), tensor([1, 1]), { reduction: 'none' }).toArray()) // [0.693..., 100]
 * ```
 */
export const binaryCrossEntropy = (
  probabilities: Tensor,
  targets: Tensor,
  options: LossOptions = {},
): Tensor =>
  elementwiseLoss('binaryCrossEntropy', probabilities, targets, options, (p, given) => {
    const t = stopGradient(given)
    const yes = boundedLog(p, log, greater(p, leastProbability))
    const no = boundedLog(p, (q) => log1p(neg(q)), greater(sub(1, p), leastProbability))
    return neg(add(mul(t, yes), mul(sub(1, t), no)))
  })

/** Options of `binaryCrossEntropyWithLogits`. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** Factor of the loss of positive targets; broadcasts over the rows. A constant. */
  readonly positiveWeight?: Tensor
}

/**
 * `-(w t log s(x) + (1 - t) log(1 - s(x)))` of logits x, s the sigmoid, w the positive weight. Both terms are softplus of a sign, so
 * that neither a large error nor a small one loses digits.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { binaryCrossEntropyWithLogits } from '@rootstock/heads'
 * console.log(binaryCrossEntropyWithLogits(tensor([0, -1000]), tensor([1, 1]), { reduction: 'none' }).toArray())
 * // [0.693..., 1000]
 * ```
 */
export const binaryCrossEntropyWithLogits = (
  logits: Tensor,
  targets: Tensor,
  { positiveWeight, ...options }: BinaryCrossEntropyOptions = {},
): Tensor =>
  elementwiseLoss('binaryCrossEntropyWithLogits', logits, targets, options, (x, given) => {
    const t = stopGradient(given)
    const positive = mul(t, softplus(neg(x)))
    const yes =
      positiveWeight === undefined ? positive : mul(positive, stopGradient(positiveWeight))
    return add(yes, mul(sub(1, t), softplus(x)))
  })

/**
 * `-(1 - p)^gamma log p` of p = sigmoid(margin), all in logarithms: exact where p rounds to 0 or 1.
 */
export const focalOf = (margin: Tensor, gamma: number): Tensor =>
  mul(exp(mul(softplus(margin), -gamma)), softplus(neg(margin)))

/** Options of `sigmoidFocalLoss`. */
export interface SigmoidFocalOptions extends LossOptions {
  /** Weight of positive targets, `1 - alpha` of negative ones; null weighs neither. Default 0.25. */
  readonly alpha?: number | null
  /** How much examples that are right already are played down; 0 is cross entropy. Default 2. */
  readonly gamma?: number
}

/**
 * `-a_t (1 - p_t)^gamma log p_t` of logits, p_t the probability of the target in {0, 1} (Lin et al., Focal loss for dense object
 * detection, 2017).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { sigmoidFocalLoss } from '@rootstock/heads'
 * console.log(sigmoidFocalLoss(tensor([0]), tensor([1]), { alpha: null, gamma: 2 }).item()) // 0.17328...
 * ```
 */
export const sigmoidFocalLoss = (
  logits: Tensor,
  targets: Tensor,
  { alpha = 0.25, gamma = 2, ...options }: SigmoidFocalOptions = {},
): Tensor => {
  expectRange('sigmoidFocalLoss', 'at least 0', { gamma })
  return elementwiseLoss('sigmoidFocalLoss', logits, targets, options, (x, t) => {
    const isPositive = greater(t, 0.5)
    const loss = focalOf(where(isPositive, x, neg(x)), gamma)
    return alpha === null ? loss : mul(loss, where(isPositive, alpha, 1 - alpha))
  })
}
