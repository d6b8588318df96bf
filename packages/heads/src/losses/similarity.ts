/** Losses of the angle between embeddings `[rows, features]`. One loss a row, or a pair. */
import {
  add,
  concatenate,
  div,
  equal,
  expandDims,
  eye,
  logSoftmax,
  matmul,
  maximum,
  mul,
  neg,
  norm,
  relu,
  roll,
  split,
  sub,
  sum,
  type Tensor,
  transpose,
  where,
} from '@rootstock/core'
import { expectRange, expectSameShape } from './expect.ts'
import type { MarginOptions } from './margin.ts'
import { hide, type LossOptions, lossOf, reduceLosses } from './reduction.ts'

const leastNorm = 1e-8

/** Rows of length 1; a row of zeros stays so. */
const unit = (x: Tensor): Tensor =>
  div(x, expandDims(maximum(norm(x, { axis: -1 }), leastNorm), -1))

/**
 * `1 - cos(a, b)` of pairs that belong together (t = 1), `max(0, cos(a, b) - margin)` of others (t = -1); margin 0 by default.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { cosineEmbeddingLoss } from '@rootstock/heads'
 * const [a, b] = [tensor([[2, 0], [1, 0]]), tensor([[0, 3], [5, 0]])]
 * console.log(cosineEmbeddingLoss(a, b, tensor([1, -1]), { reduction: 'none' }).toArray()) // [1, 1]
 * ```
 */
export const cosineEmbeddingLoss = (
  a: Tensor,
  b: Tensor,
  targets: Tensor,
  { margin = 0, ...options }: MarginOptions = {},
): Tensor => {
  expectSameShape('cosineEmbeddingLoss', { a, b })
  return lossOf('cosineEmbeddingLoss', [a, b, targets], options, (x, y, t) => {
    const cosine = sum(mul(unit(x), unit(y)), { axis: -1 })
    return where(equal(t, 1), sub(1, cosine), relu(sub(cosine, margin)))
  })
}

/** Options of losses that tell one partner from all others. */
export interface TemperatureOptions extends LossOptions {
  /** What cosines are divided by: the smaller, the more the closest others count. Default 0.1. */
  readonly temperature?: number
}

/** `-log softmax` of each row of scores at its partner; what `isOther` denies is not there at all. */
const partnerLoss = (scores: Tensor, isPartner: Tensor, isOther?: Tensor): Tensor => {
  const counted = isOther === undefined ? scores : where(isOther, scores, Number.NEGATIVE_INFINITY)
  return neg(sum(where(isPartner, logSoftmax(counted), 0), { axis: -1 }))
}

/** Which rows are there, for the columns of a matrix of scores: a row that is masked is no other either. */
const columns = ({ mask }: LossOptions, isPartner: Tensor): Tensor | undefined =>
  // a row's own partner stays, so that a masked row has a number, which is then hidden
  mask === undefined ? undefined : where(isPartner, true, mask)

/** Options of `infoNce`. */
export interface InfoNceOptions extends TemperatureOptions {
  /** Whether b also looks for its a, and the two are averaged (as in CLIP). Default false. */
  readonly symmetric?: boolean
}

/**
 * `-log softmax(z_i)_i`, `z = cos(a_i, b_j) / temperature`: row i of b is the partner of row i of a among all rows of b (van den Oord,
 * Li and Vinyals, Representation learning with contrastive predictive coding, 2018). Masked rows are no partner to anyone.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { infoNce } from '@rootstock/heads'
 * const a = tensor([[1, 0], [0, 1]])
 * console.log(infoNce(a, a, { temperature: 1 }).item()) // 0.31326...
 * ```
 */
export const infoNce = (
  a: Tensor,
  b: Tensor,
  { temperature = 0.1, symmetric = false, ...options }: InfoNceOptions = {},
): Tensor => {
  expectRange('infoNce', 'greater than 0', { temperature })
  expectSameShape('infoNce', { a, b })
  const isPartner = eye(a.shape[0]!, a.shape[0], { dtype: 'bool' })
  const there = columns(options, isPartner)
  const [x, y] = [hide('infoNce', a, options), hide('infoNce', b, options)]
  const scores = div(matmul(unit(x), transpose(unit(y))), temperature)
  const forth = partnerLoss(scores, isPartner, there)
  if (!symmetric) return reduceLosses('infoNce', forth, options)
  const back = partnerLoss(transpose(scores), isPartner, there)
  return reduceLosses('infoNce', mul(add(forth, back), 0.5), options)
}

/**
 * The normalised temperature-scaled cross entropy of SimCLR: rows of a and b are two views of the same examples, each looks for its
 * other view among all 2 rows - 1 others; one loss a pair, the mean of its two (Chen et al., A simple framework for contrastive
 * learning of visual representations, 2020). Masked pairs are no partner to anyone.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { ntXent } from '@rootstock/heads'
 * const a = tensor([[1, 0], [0, 1]])
 * console.log(ntXent(a, a, { temperature: 1 }).item()) // 0.55144...
 * ```
 */
export const ntXent = (
  a: Tensor,
  b: Tensor,
  { temperature = 0.5, ...options }: TemperatureOptions = {},
): Tensor => {
  expectRange('ntXent', 'greater than 0', { temperature })
  expectSameShape('ntXent', { a, b })
  const rows = a.shape[0]!
  const all = unit(concatenate([hide('ntXent', a, options), hide('ntXent', b, options)]))
  const scores = div(matmul(all, transpose(all)), temperature)
  const isSelf = eye(2 * rows, 2 * rows, { dtype: 'bool' })
  const isPartner = roll(isSelf, rows, { axis: 1 })
  const there = options.mask && concatenate([options.mask, options.mask])
  const isThere = columns(there === undefined ? {} : { mask: there }, isPartner) ?? true
  const losses = partnerLoss(scores, isPartner, where(isSelf, false, isThere))
  const [forth, back] = split(losses, { sections: 2 })
  return reduceLosses('ntXent', mul(add(forth!, back!), 0.5), options)
}
