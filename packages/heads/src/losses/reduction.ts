/**
 * From losses of examples to one number: masks, weights and reductions, the same for every loss. A loss file gives the formula;
 * everything a caller may leave out is supplied here, once.
 */
import {
  ArgumentError,
  broadcastTo,
  cast,
  div,
  equal,
  mean,
  mul,
  onesLike,
  reshape,
  ShapeError,
  sum,
  type Tensor,
  where,
} from '@rootstock/core'
import { expectSameShape } from './expect.ts'

/**
 * What becomes of the losses l with weights w (1 where none are given), over what the mask leaves:
 * `mean` is sum(w l) / how many, `weightedMean` sum(w l) / sum(w), `sum` sum(w l), `none` w l itself, 0 where it is masked.
 */
export type LossReduction = (typeof reductions)[number]

const reductions = ['mean', 'weightedMean', 'sum', 'none'] as const

/** What every loss takes. */
export interface LossOptions {
  /** Default `mean`. The mean of what is masked altogether is 0, with gradient 0; that of no rows at all is NaN, as `mean` says. */
  readonly reduction?: LossReduction
  /** One for each loss, or for each row: its axes are the first axes of the losses. Constants, 0 allowed. */
  readonly weights?: Tensor
  /** bool, laid out like `weights`: true where the example counts. Values elsewhere have no influence, not even NaN. */
  readonly mask?: Tensor
}

/** Values of rows under the rank of what they belong to. */
const alignRows = (operation: string, name: string, rows: Tensor, to: Tensor): Tensor => {
  const leading = to.shape.slice(0, rows.rank)
  if (String(leading) === String(rows.shape)) {
    return reshape(
      rows,
      to.shape.map((_, axis) => rows.shape[axis] ?? 1),
    )
  }
  throw new ShapeError({
    operation,
    inputs: { [name]: rows, losses: to },
    rule: `the axes of ${name} must be the first axes of the losses`,
  })
}

/** x with `blank` where the mask hides it, so that neither its value nor its derivative gets anywhere. */
export const hide = (
  operation: string,
  x: Tensor,
  { mask }: Pick<LossOptions, 'mask'>,
  blank = 0,
): Tensor => (mask === undefined ? x : where(alignRows(operation, 'mask', mask, x), x, blank))

/**
 * Reduces losses that were computed from hidden inputs. `counts`, of the shape of the losses, says how much each counts in the
 * divisor of `mean`, where that is not 1 (class weights).
 */
export const reduceLosses = (
  operation: string,
  losses: Tensor,
  options: LossOptions,
  counts?: Tensor,
): Tensor => {
  const { reduction = 'mean', weights, mask } = options
  if (!reductions.includes(reduction)) {
    throw new ArgumentError({
      operation,
      inputs: { reduction },
      rule: `reduction must be one of ${reductions.join(', ')}`,
    })
  }
  const w =
    weights === undefined
      ? undefined
      : cast(alignRows(operation, 'weights', weights, losses), losses.dtype)
  const kept = hide(operation, losses, options)
  const weighted = w === undefined ? kept : mul(kept, w)
  if (reduction === 'none') return weighted
  if (reduction === 'sum') return sum(weighted)
  const divisor = reduction === 'mean' ? counts : (w ?? counts)
  if (divisor === undefined && mask === undefined) return mean(weighted)
  const each = divisor === undefined ? onesLike(losses) : broadcastTo(divisor, losses.shape)
  const total = sum(hide(operation, each, options))
  // where nothing counts, the sum above is 0 already
  return div(sum(weighted), where(equal(total, 0), 1, total))
}

/** A loss of inputs that lie alike, row by row: hides, computes and reduces. */
export const lossOf = (
  operation: string,
  inputs: readonly Tensor[],
  options: LossOptions,
  each: (...inputs: Tensor[]) => Tensor,
  blank = 0,
): Tensor =>
  reduceLosses(operation, each(...inputs.map((x) => hide(operation, x, options, blank))), options)

/** A loss of outputs and targets of one shape, element by element. */
export const elementwiseLoss = (
  operation: string,
  outputs: Tensor,
  targets: Tensor,
  options: LossOptions,
  each: (outputs: Tensor, targets: Tensor) => Tensor,
  blank = 0,
): Tensor => {
  expectSameShape(operation, { outputs, targets })
  return lossOf(operation, [outputs, targets], options, (x, t) => each(x, t), blank)
}
