/** Losses of regions: how much of a predicted set lies in the true one, whatever the size of the rest. Targets are constants. */
import {
  add,
  div,
  mean,
  moveAxis,
  mul,
  oneHot,
  sigmoid,
  softmax,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from '@rootstock/core'
import { expectLabels, expectRange, expectSameShape } from './expect.ts'
import { hide, type LossOptions, lossOf, reduceLosses } from './reduction.ts'

/** Options of the Dice losses. */
export interface DiceOptions extends LossOptions {
  /** Added above and below the fraction, so that nothing found where there is nothing is no loss. Default 1. */
  readonly smooth?: number
}

/** `1 - (2 sum p t + s) / (sum p + sum t + s)` over the given axes. */
const diceOf = (p: Tensor, t: Tensor, smooth: number, axis: readonly number[]): Tensor => {
  const both = add(mul(sum(mul(p, t), { axis }), 2), smooth)
  return sub(1, div(both, add(add(sum(p, { axis }), sum(t, { axis })), smooth)))
}

const axesFrom = (first: number, x: Tensor): number[] =>
  Array.from({ length: x.rank - first }, (_, i) => first + i)

/**
 * `1 - (2 sum p t + s) / (sum p + sum t + s)` of p, the sigmoid of logits, and t in {0, 1}, both `[rows, ...]`, summed over all but the
 * first axis; s is `smooth`. One loss a row (Milletari, Navab and Ahmadi, V-Net, 2016).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { diceLoss } from '@rootstock/heads'
 * console.log(diceLoss(tensor([[100, -100]]), tensor([[1, 0]])).item()) // 0
 * ```
 */
export const diceLoss = (
  logits: Tensor,
  targets: Tensor,
  { smooth = 1, ...options }: DiceOptions = {},
): Tensor => {
  expectRange('diceLoss', 'at least 0', { smooth })
  expectSameShape('diceLoss', { logits, targets })
  return lossOf('diceLoss', [logits, targets], options, (x, t) =>
    diceOf(sigmoid(x), stopGradient(t), smooth, axesFrom(1, x)),
  )
}

/** Options of `multiclassDiceLoss`. */
export interface MulticlassDiceOptions extends DiceOptions {
  /** The axis of the classes in the logits. Default -1; 1 for images with channels first. */
  readonly axis?: number
}

/**
 * The mean over classes of the Dice losses of p, the softmax of logits `[rows, ..., classes]`, against int32 labels `[rows, ...]`.
 * One loss a row.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { multiclassDiceLoss } from '@rootstock/heads'
 * const labels = tensor([[0, 1]], { dtype: 'int32' })
 * console.log(multiclassDiceLoss(tensor([[[200, 0], [0, 200]]]), labels).item()) // 0
 * ```
 */
export const multiclassDiceLoss = (
  logits: Tensor,
  labels: Tensor,
  { smooth = 1, axis = -1, ...options }: MulticlassDiceOptions = {},
): Tensor => {
  const operation = 'multiclassDiceLoss'
  const given = moveAxis(logits, axis, -1)
  expectRange(operation, 'at least 0', { smooth })
  expectLabels(operation, given, labels)
  const x = hide(operation, given, options)
  const known = hide(operation, labels, options)
  const t = oneHot(known, { classes: x.shape.at(-1)!, dtype: x.dtype })
  const between = axesFrom(1, labels)
  const losses = mean(diceOf(softmax(x), t, smooth, between), { axis: -1 })
  return reduceLosses(operation, losses, options)
}
