/** Losses of distances between examples: what belongs together comes closer, the rest is pushed beyond a margin. One loss a row. */
import {
  add,
  equal,
  minimum,
  mul,
  neg,
  norm,
  relu,
  square,
  stopGradient,
  sub,
  type Tensor,
  where,
} from '@rootstock/core'
import { expectSameShape } from './expect.ts'
import type { MarginOptions } from './margin.ts'
import { lossOf } from './reduction.ts'

/**
 * `max(0, -t (a - b) + margin)` of scores a and b `[rows]`: a ranks above b where t is 1, below where t is -1; margin 0 by default
 * (as in Herbrich, Graepel and Obermayer, Large margin rank boundaries for ordinal regression, 2000).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { marginRankingLoss } from '@rootstock/heads'
 * const [a, b] = [tensor([1, 1]), tensor([0, 2])]
 * console.log(marginRankingLoss(a, b, tensor([1, 1]), { reduction: 'none' }).toArray()) // [0, 1]
 * ```
 */
export const marginRankingLoss = (
  a: Tensor,
  b: Tensor,
  targets: Tensor,
  { margin = 0, ...options }: MarginOptions = {},
): Tensor => {
  expectSameShape('marginRankingLoss', { a, b, targets })
  return lossOf('marginRankingLoss', [a, b, targets], options, (x, y, t) =>
    relu(add(mul(neg(stopGradient(t)), sub(x, y)), margin)),
  )
}

/** Options of `tripletLoss`. */
export interface TripletOptions extends MarginOptions {
  /** Order of the norm that is the distance. Default 2. */
  readonly order?: number
  /** Whether the negative may also be compared with the positive, if that is closer to it. Default false. */
  readonly swap?: boolean
}

// as in PyTorch: keeps distances, whose derivative is taken, away from 0
const apart = 1e-6

/**
 * `max(0, |a - p| - |a - n| + margin)` of an anchor, a positive and a negative, each `[rows, features]`, 1e-6 added to every difference;
 * margin 1 by default (Schroff, Kalenichenko and Philbin, FaceNet, 2015; `swap`: Balntas et al., Learning local feature descriptors
 * with triplets, 2016).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { tripletLoss } from '@rootstock/heads'
 * const [anchor, positive, negative] = [tensor([[0, 0]]), tensor([[1, 0]]), tensor([[0, 5]])]
 * console.log(tripletLoss(anchor, positive, negative).item()) // 0
 * ```
 */
export const tripletLoss = (
  anchors: Tensor,
  positives: Tensor,
  negatives: Tensor,
  { margin = 1, order = 2, swap = false, ...options }: TripletOptions = {},
): Tensor => {
  expectSameShape('tripletLoss', { anchors, positives, negatives })
  const distance = (x: Tensor, y: Tensor): Tensor =>
    norm(add(sub(x, y), apart), { axis: -1, order })
  return lossOf('tripletLoss', [anchors, positives, negatives], options, (a, p, n) => {
    const far = distance(a, n)
    const farther = swap ? minimum(far, distance(p, n)) : far
    return relu(add(sub(distance(a, p), farther), margin))
  })
}

/**
 * `D^2` of pairs that belong together (t = 1), `max(0, margin - D)^2` of others (t = 0), D the Euclidean distance of a and b
 * `[rows, features]`; margin 1 by default (Hadsell, Chopra and LeCun, Dimensionality reduction by learning an invariant mapping, 2006).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { contrastiveLoss } from '@rootstock/heads'
 * const [a, b] = [tensor([[0, 0], [0, 0]]), tensor([[3, 4], [0, 0.5]])]
 * console.log(contrastiveLoss(a, b, tensor([1, 0]), { reduction: 'none' }).toArray()) // [25, 0.25]
 * ```
 */
export const contrastiveLoss = (
  a: Tensor,
  b: Tensor,
  targets: Tensor,
  { margin = 1, ...options }: MarginOptions = {},
): Tensor => {
  expectSameShape('contrastiveLoss', { a, b })
  return lossOf('contrastiveLoss', [a, b, targets], options, (x, y, t) => {
    const distance = norm(sub(x, y), { axis: -1 })
    return where(equal(t, 1), square(distance), square(relu(sub(margin, distance))))
  })
}
