/** Losses of one of several classes, and of ordered ones. Labels are int32 codes; targets are constants. Natural logarithms. */
import {
  add,
  arange,
  broadcastTo,
  cast,
  equal,
  expandDims,
  greater,
  logicalAnd,
  logSoftmax,
  logSumExp,
  moveAxis,
  mul,
  neg,
  notEqual,
  oneHot,
  ShapeError,
  stopGradient,
  sub,
  sum,
  type Tensor,
  where,
} from '@rootstock/core'
import { binaryCrossEntropyWithLogits, focalOf } from './binary.ts'
import { expectLabels, expectRange, expectSameShape } from './expect.ts'
import { hide, type LossOptions, lossOf, reduceLosses } from './reduction.ts'

/** Where classes lie and how they count. */
export interface LabelOptions extends LossOptions {
  /** The axis of the classes in the outputs; the others are those of the labels. Default -1; 1 for images with channels first. */
  readonly axis?: number
  /** Weight of each class, `[classes]`, a constant. The mean is then sum(l) / sum(weight of the label). */
  readonly classWeights?: Tensor
  /** A label that stands for none: what carries it does not count. */
  readonly ignore?: number
}

/** Log-probabilities with the classes last, and which of them is the label's. */
interface Labelled {
  readonly logs: Tensor
  readonly isLabel: Tensor
  readonly options: LossOptions
  /** Weight of each row's class; absent without class weights. */
  readonly share: Tensor | undefined
}

const labelled = (
  operation: string,
  outputs: Tensor,
  labels: Tensor,
  { axis = -1, classWeights, ignore, ...rest }: LabelOptions,
  logsOf: (x: Tensor) => Tensor,
): Labelled => {
  const isKnown = ignore === undefined ? undefined : notEqual(labels, ignore)
  const mask =
    isKnown === undefined || rest.mask === undefined
      ? (isKnown ?? rest.mask)
      : logicalAnd(isKnown, expandTo(rest.mask, labels))
  const options = mask === undefined ? rest : { ...rest, mask }
  const given = moveAxis(outputs, axis, -1)
  expectLabels(operation, given, labels)
  const x = hide(operation, given, options)
  const known = hide(operation, labels, options)
  const classes = x.shape.at(-1)!
  const isLabel = oneHot(known, { classes, dtype: 'bool' })
  expectWeights(operation, x, classWeights)
  const share =
    classWeights === undefined
      ? undefined
      : sum(where(isLabel, stopGradient(classWeights), 0), { axis: -1 })
  return { logs: logsOf(x), isLabel, options, share }
}

const expectWeights = (operation: string, outputs: Tensor, classWeights?: Tensor): void => {
  if (classWeights === undefined || String(classWeights.shape) === String(outputs.shape.at(-1)))
    return
  throw new ShapeError({
    operation,
    inputs: { outputs, 'class weights': classWeights },
    rule: 'there must be one class weight for each class',
  })
}

/** A mask of rows for labels of more axes. */
const expandTo = (mask: Tensor, labels: Tensor): Tensor => {
  let wide = mask
  while (wide.rank < labels.rank) wide = expandDims(wide, -1)
  return broadcastTo(wide, labels.shape)
}

/** `-log p_label`, weighted. */
const likelihoodOf = ({ logs, isLabel, share }: Labelled): Tensor => {
  const own = neg(sum(where(isLabel, logs, 0), { axis: -1 }))
  return share === undefined ? own : mul(own, share)
}

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions extends LabelOptions {
  /** Share e of the target that is spread evenly over all classes. Default 0. */
  readonly labelSmoothing?: number
}

/**
 * `-(1 - e) w_t log p_t - (e / classes) sum_k w_k log p_k`, p the softmax of logits `[rows, classes]` (or more axes), t int32 labels
 * `[rows]`, w the class weights, e the label smoothing (Szegedy et al., Rethinking the inception architecture, 2016).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { crossEntropy } from '@rootstock/heads'
 * const labels = tensor([1, 0, -1], { dtype: 'int32' })
 * const logits = tensor([[0, 0], [1000, 0], [5, 5]])
 * console.log(crossEntropy(logits, labels, { ignore: -1 }).item()) // 0.3465...
 * ```
 */
export const crossEntropy = (
  logits: Tensor,
  labels: Tensor,
  { labelSmoothing = 0, ...given }: CrossEntropyOptions = {},
): Tensor => {
  expectRange('crossEntropy', 'between 0 and 1', { labelSmoothing })
  const found = labelled('crossEntropy', logits, labels, given, (x) => logSoftmax(x))
  const sharp = likelihoodOf(found)
  const { logs, options, share } = found
  if (labelSmoothing === 0) return reduceLosses('crossEntropy', sharp, options, share)
  const { classWeights } = given
  const all = classWeights === undefined ? logs : mul(logs, stopGradient(classWeights))
  const even = mul(sum(all, { axis: -1 }), -labelSmoothing / logs.shape.at(-1)!)
  const losses = add(mul(sharp, 1 - labelSmoothing), even)
  return reduceLosses('crossEntropy', losses, options, share)
}

/**
 * `-w_t x_t` of log-probabilities x `[rows, classes]` (or more axes) and int32 labels t `[rows]`, w the class weights.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { negativeLogLikelihood } from '@rootstock/heads'
 * const labels = tensor([1, 0], { dtype: 'int32' })
 * console.log(negativeLogLikelihood(tensor([[-2, -0.5], [-0.25, -3]]), labels).item()) // 0.375
 * ```
 */
export const negativeLogLikelihood = (
  logProbabilities: Tensor,
  labels: Tensor,
  given: LabelOptions = {},
): Tensor => {
  const found = labelled('negativeLogLikelihood', logProbabilities, labels, given, (x) => x)
  return reduceLosses('negativeLogLikelihood', likelihoodOf(found), found.options, found.share)
}

/**
 * `-sum_k t_k log p_k`, p the softmax of logits `[rows, classes]`, t probabilities of the same shape: labels that are not certain. One
 * loss a row.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { softCrossEntropy } from '@rootstock/heads'
 * console.log(softCrossEntropy(tensor([[0, 0]]), tensor([[0.5, 0.5]])).item()) // 0.693...
 * ```
 */
export const softCrossEntropy = (
  logits: Tensor,
  targets: Tensor,
  options: LossOptions = {},
): Tensor => {
  expectSameShape('softCrossEntropy', { logits, targets })
  return lossOf('softCrossEntropy', [logits, targets], options, (x, given) => {
    const t = stopGradient(given)
    // a class of no weight may have the logit -Infinity
    const terms = where(equal(t, 0), 0, mul(t, logSoftmax(x)))
    return neg(sum(terms, { axis: -1 }))
  })
}

/** Options of `focalLoss`. */
export interface FocalOptions extends LossOptions {
  /** How much rows that are right already are played down; 0 is cross entropy. Default 2. */
  readonly gamma?: number
}

/**
 * `-(1 - p_t)^gamma log p_t`, p the softmax of logits `[rows, classes]`, t int32 labels `[rows]` (Lin et al., Focal loss for dense
 * object detection, 2017). One loss a row.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { focalLoss } from '@rootstock/heads'
 * console.log(focalLoss(tensor([[0, 0]]), tensor([1], { dtype: 'int32' })).item()) // 0.17328...
 * ```
 */
export const focalLoss = (
  logits: Tensor,
  labels: Tensor,
  { gamma = 2, ...options }: FocalOptions = {},
): Tensor => {
  expectLabels('focalLoss', logits, labels)
  expectRange('focalLoss', 'at least 0', { gamma })
  return lossOf('focalLoss', [logits, labels], options, (x, t) => {
    const isLabel = oneHot(t, { classes: x.shape.at(-1)!, dtype: 'bool' })
    const own = sum(where(isLabel, x, 0), { axis: -1 })
    // p_t is the sigmoid of how far the label is above all others together
    const others = logSumExp(where(isLabel, Number.NEGATIVE_INFINITY, x), { axis: -1 })
    return focalOf(sub(own, others), gamma)
  })
}

/**
 * `sum_k` binary cross entropy of `score + bias_k` against `t > k`, for scores `[rows]`, biases `[classes - 1]` and int32 labels t
 * `[rows]` of ordered classes (Cao, Mirjalili and Raschka, Rank consistent ordinal regression, CORAL, 2020). One loss a row.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { ordinalLoss } from '@rootstock/heads'
 * const labels = tensor([2], { dtype: 'int32' })
 * console.log(ordinalLoss(tensor([0]), tensor([0, 0]), labels).item()) // 1.386...
 * ```
 */
export const ordinalLoss = (
  scores: Tensor,
  biases: Tensor,
  labels: Tensor,
  options: LossOptions = {},
): Tensor => {
  expectSameShape('ordinalLoss', { scores, labels })
  return lossOf('ordinalLoss', [scores, labels], options, (score, t) => {
    const levels = arange(biases.shape[0]!)
    const isAbove = cast(greater(expandDims(t, -1), levels), score.dtype)
    const logits = add(expandDims(score, -1), biases)
    const losses = binaryCrossEntropyWithLogits(logits, isAbove, { reduction: 'none' })
    return sum(losses, { axis: -1 })
  })
}
