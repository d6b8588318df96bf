/** Connectionist temporal classification: a sequence of outputs against a shorter sequence of labels, over all alignments. */
import {
  add,
  arange,
  broadcastTo,
  cast,
  concatenate,
  div,
  equal,
  expandDims,
  full,
  fullLike,
  greater,
  less,
  logAddExp,
  logicalAnd,
  logicalOr,
  logSoftmax,
  logSumExp,
  maximum,
  mul,
  neg,
  notEqual,
  reshape,
  ShapeError,
  scan,
  slice,
  stack,
  sub,
  type Tensor,
  takeAlongAxis,
  where,
} from '@rootstock/core'
import { type LossOptions, reduceLosses } from './reduction.ts'

/** Options of `ctcLoss`. */
export interface CtcOptions extends LossOptions {
  /** The class that stands for no label. Default 0. */
  readonly blank?: number
}

/** Sequences and how much of each is meant. */
export interface CtcLengths {
  /** int32 `[rows]`: steps of the logits, at least 1. */
  readonly inputs: Tensor
  /** int32 `[rows]`: labels of the targets. */
  readonly targets: Tensor
}

/** A logarithm of 0 that can be subtracted from itself. */
const impossible = -1e30

/** Columns moved to the right, the first ones impossible. */
const shift = (x: Tensor, by: number): Tensor => {
  const [rows, length] = x.shape as readonly [number, number]
  const head = full([rows, by], impossible, { dtype: x.dtype })
  return slice(concatenate([head, x], { axis: 1 }), { stop: [rows, length] })
}

/** Blank, label, blank, label, ..., blank: `[rows, 2 labels + 1]`. */
const withBlanks = (targets: Tensor, blank: number): Tensor => {
  const [rows, labels] = targets.shape as readonly [number, number]
  const pairs = reshape(stack([fullLike(targets, blank), targets], { axis: 2 }), [rows, 2 * labels])
  return concatenate([pairs, full([rows, 1], blank, { dtype: 'int32' })], { axis: 1 })
}

/**
 * `-log p(targets)`, p summed over all alignments with blanks, of logits `[steps, rows, classes]` against int32 targets `[rows, labels]`,
 * each with its length. One loss a row; `mean` and `weightedMean` are of losses per label. Infinity where the steps are too few for
 * the labels (Graves et al., Connectionist temporal classification, 2006).
 * @example
 * ```ts
 * import { tensor, zeros } from '@rootstock/core'
 * import { ctcLoss } from '@rootstock/heads'
 * const one = tensor([1], { dtype: 'int32' })
 * // one of two classes in one step
 * console.log(ctcLoss(zeros([1, 1, 2]), tensor([[1]], { dtype: 'int32' }), { inputs: one, targets: one }).item()) // 0.693...
 * ```
 */
export const ctcLoss = (
  logits: Tensor,
  targets: Tensor,
  lengths: CtcLengths,
  { blank = 0, ...options }: CtcOptions = {},
): Tensor => {
  expectSequences(logits, targets, lengths)
  const { reduction = 'mean', mask } = options
  const x = mask === undefined ? logits : where(reshape(mask, [1, -1, 1]), logits, 0)
  const losses = neg(logLikelihood(logSoftmax(x), withBlanks(targets, blank), lengths))
  if (reduction === 'sum' || reduction === 'none') return reduceLosses('ctcLoss', losses, options)
  const each = cast(maximum(lengths.targets, 1), losses.dtype)
  return reduceLosses('ctcLoss', div(losses, each), options)
}

/** `maySkip`: a label may follow the one before without a blank between, unless they are equal. */
const skips = (path: Tensor): Tensor => {
  const [rows, length] = path.shape as readonly [number, number]
  const blank = slice(path, { stop: [rows, 1] })
  const head = broadcastTo(blank, [rows, Math.min(2, length)])
  const before = concatenate([head, slice(path, { stop: [rows, Math.max(0, length - 2)] })], {
    axis: 1,
  })
  return logicalAnd(notEqual(path, blank), notEqual(path, before))
}

/** The forward recursion in logarithms; `[rows]`. */
const logLikelihood = (logs: Tensor, path: Tensor, lengths: CtcLengths): Tensor => {
  const steps = logs.shape[0]!
  const [rows, length] = path.shape as readonly [number, number]
  const at = arange(length)
  const maySkip = skips(path)
  const emissions = takeAlongAxis(logs, broadcastTo(path, [steps, rows, length]), { axis: 2 })
  // before the first step one stands on the first blank
  const start = where(equal(at, 0), 0, full([rows, length], impossible, { dtype: logs.dtype }))
  const step = (state: Tensor, { emission, time }: { emission: Tensor; time: Tensor }) => {
    const moved = logAddExp(state, shift(state, 1))
    const reached = where(maySkip, logAddExp(moved, shift(state, 2)), moved)
    const isMeant = expandDims(less(time, lengths.inputs), 1)
    return [where(isMeant, add(reached, emission), state), time] as const
  }
  const [last] = scan(step, start, { emission: emissions, time: arange(steps) })
  // the last label or the blank after it
  const end = expandDims(mul(lengths.targets, 2), 1)
  const isEnd = logicalOr(equal(at, end), equal(at, sub(end, 1)))
  const total = logSumExp(where(isEnd, last, impossible), { axis: 1 })
  return where(greater(total, impossible / 2), total, Number.NEGATIVE_INFINITY)
}

const expectSequences = (logits: Tensor, targets: Tensor, lengths: CtcLengths): void => {
  const rows = logits.shape[1]
  const isRows = ({ shape }: Tensor): boolean => shape.length === 1 && shape[0] === rows
  const isSequences = logits.rank === 3 && targets.rank === 2 && targets.shape[0] === rows
  if (isSequences && isRows(lengths.inputs) && isRows(lengths.targets)) return
  throw new ShapeError({
    operation: 'ctcLoss',
    inputs: { logits, targets, 'input lengths': lengths.inputs, 'target lengths': lengths.targets },
    rule: 'logits must be [steps, rows, classes], targets [rows, labels] and both lengths [rows]',
  })
}
