/** Margin losses of classes: nothing is lost beyond a margin on the right side. Targets are constants. */
import {
  add,
  broadcastTo,
  equal,
  expandDims,
  mul,
  neg,
  oneHot,
  relu,
  softplus,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  where,
} from '@rootstock/core'
import { expectLabels } from './expect.ts'
import { elementwiseLoss, type LossOptions, lossOf } from './reduction.ts'

/** The loss of t x, targets t in {-1, 1}. */
const ofMargin = (
  operation: string,
  outputs: Tensor,
  targets: Tensor,
  options: LossOptions,
  each: (margin: Tensor) => Tensor,
): Tensor =>
  elementwiseLoss(operation, outputs, targets, options, (x, t) => each(mul(stopGradient(t), x)))

/**
 * `max(0, 1 - t x)` of targets t in {-1, 1}; gradient 0 on the margin (Cortes and Vapnik, Support-vector networks, 1995).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { hingeLoss } from '@rootstock/heads'
 * console.log(hingeLoss(tensor([0.5, 2]), tensor([1, 1]), { reduction: 'none' }).toArray()) // [0.5, 0]
 * ```
 */
export const hingeLoss = (outputs: Tensor, targets: Tensor, options: LossOptions = {}): Tensor =>
  ofMargin('hingeLoss', outputs, targets, options, (margin) => relu(sub(1, margin)))

/**
 * `max(0, 1 - t x)^2` of targets t in {-1, 1}.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { squaredHingeLoss } from '@rootstock/heads'
 * console.log(squaredHingeLoss(tensor([0.5, -1]), tensor([1, 1]), { reduction: 'none' }).toArray()) // [0.25, 4]
 * ```
 */
export const squaredHingeLoss = (
  outputs: Tensor,
  targets: Tensor,
  options: LossOptions = {},
): Tensor =>
  ofMargin('squaredHingeLoss', outputs, targets, options, (margin) => square(relu(sub(1, margin))))

/**
 * `log(1 + e^(-t x))` of targets t in {-1, 1}, for any x (Cox, The regression analysis of binary sequences, 1958).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { logisticLoss } from '@rootstock/heads'
 * console.log(logisticLoss(tensor([1000, -1000]), tensor([1, 1]), { reduction: 'none' }).toArray()) // [0, 1000]
 * ```
 */
export const logisticLoss = (outputs: Tensor, targets: Tensor, options: LossOptions = {}): Tensor =>
  ofMargin('logisticLoss', outputs, targets, options, (margin) => softplus(neg(margin)))

/** The margin of a loss. */
export interface MarginOptions extends LossOptions {
  /** How far apart is far enough. The default is said with each loss. */
  readonly margin?: number
}

/**
 * `x` of pairs that belong together (t = 1), `max(0, margin - x)` of others (t = -1), x a distance; margin 1 by default (Hadsell,
 * Chopra and LeCun, Dimensionality reduction by learning an invariant mapping, 2006, without the squares).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { hingeEmbeddingLoss } from '@rootstock/heads'
 * console.log(hingeEmbeddingLoss(tensor([0.5, 0.25]), tensor([1, -1]), { reduction: 'none' }).toArray()) // [0.5, 0.75]
 * ```
 */
export const hingeEmbeddingLoss = (
  distances: Tensor,
  targets: Tensor,
  { margin = 1, ...options }: MarginOptions = {},
): Tensor =>
  elementwiseLoss('hingeEmbeddingLoss', distances, targets, options, (x, t) =>
    where(equal(t, 1), x, relu(sub(margin, x))),
  )

/** Options of `multiMarginLoss`. */
export interface MultiMarginOptions extends MarginOptions {
  /** Whether violations are squared. Default false. */
  readonly squared?: boolean
}

/**
 * `sum over k != t of max(0, margin - x_t + x_k) / classes`, violations squared on request, for scores `[rows, classes]` and int32
 * labels `[rows]`; margin 1 by default. One loss a row (Crammer and Singer, On the algorithmic implementation of multiclass
 * kernel-based vector machines, 2001, summed as in Weston and Watkins, 1999).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { multiMarginLoss } from '@rootstock/heads'
 * const labels = tensor([0], { dtype: 'int32' })
 * console.log(multiMarginLoss(tensor([[1, 0.5, -1, 0]]), labels).item()) // 0.125
 * ```
 */
export const multiMarginLoss = (
  scores: Tensor,
  labels: Tensor,
  { margin = 1, squared = false, ...options }: MultiMarginOptions = {},
): Tensor => {
  expectLabels('multiMarginLoss', scores, labels)
  return lossOf('multiMarginLoss', [scores, labels], options, (x, t) => {
    const classes = x.shape.at(-1)!
    const isLabel = oneHot(t, { classes, dtype: 'bool' })
    const own = sum(where(isLabel, x, 0), { axis: -1 })
    const gap = relu(add(sub(x, broadcastTo(expandDims(own, -1), x.shape)), margin))
    const violation = where(isLabel, 0, squared ? square(gap) : gap)
    return mul(sum(violation, { axis: -1 }), 1 / classes)
  })
}
