/** Learning from a teacher. */
import {
  div,
  equal,
  logSoftmax,
  mul,
  softmax,
  stopGradient,
  sub,
  sum,
  type Tensor,
  where,
} from '@rootstock/core'
import { expectRange, expectSameShape } from './expect.ts'
import { type LossOptions, lossOf } from './reduction.ts'

/** Options of `distillationLoss`. */
export interface DistillationOptions extends LossOptions {
  /** What logits are divided by before the softmax: higher shows more of the wrong classes. Default 1. */
  readonly temperature?: number
}

/**
 * `T^2 KL(softmax(teacher / T) || softmax(student / T))` of logits `[rows, classes]`, T the temperature; the teacher is a constant. One
 * loss a row (Hinton, Vinyals and Dean, Distilling the knowledge in a neural network, 2015).
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { distillationLoss } from '@rootstock/heads'
 * const logits = tensor([[1, 2, 3]])
 * console.log(distillationLoss(logits, logits, { temperature: 4 }).item()) // 0
 * ```
 */
export const distillationLoss = (
  student: Tensor,
  teacher: Tensor,
  { temperature = 1, ...options }: DistillationOptions = {},
): Tensor => {
  expectRange('distillationLoss', 'greater than 0', { temperature })
  expectSameShape('distillationLoss', { student, teacher })
  return lossOf('distillationLoss', [student, teacher], options, (x, t) => {
    const target = div(stopGradient(t), temperature)
    const p = softmax(target)
    const gap = sub(logSoftmax(target), logSoftmax(div(x, temperature)))
    // a class that the teacher excludes costs nothing
    const terms = where(equal(p, 0), 0, mul(p, gap))
    return mul(sum(terms, { axis: -1 }), temperature ** 2)
  })
}
