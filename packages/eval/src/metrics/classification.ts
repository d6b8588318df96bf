/**
 * Metrics of predicted classes. All of them read one table, the confusion matrix, so that they agree on what a row, a
 * weight and an absent class mean.
 */
import { checkClasses, checkRows, type Numbers, type Weighted, weightOf } from './rows.ts'

/** Options of metrics over predicted classes. */
export interface ClassOptions extends Weighted {
  /** How many classes there are; one more than the largest class number seen where absent. */
  readonly classes?: number | undefined
}

const countClasses = (
  targets: Numbers,
  predictions: Numbers,
  weights: Numbers | undefined,
): number => {
  let most = 0
  for (let i = 0; i < targets.length; i++) {
    if (weightOf(weights, i) > 0) most = Math.max(most, targets[i]! + 1, predictions[i]! + 1)
  }
  return Number.isFinite(most) ? Math.ceil(most) : 0
}

const tabulate = (
  operation: string,
  targets: Numbers,
  predictions: Numbers,
  { classes, weights }: ClassOptions,
): { readonly classes: number; readonly counts: Float64Array } => {
  checkRows(operation, targets, ['predictions', predictions, 1], weights)
  const size = classes ?? countClasses(targets, predictions, weights)
  checkClasses(operation, 'targets', targets, size, weights)
  checkClasses(operation, 'predictions', predictions, size, weights)
  const counts = new Float64Array(size * size)
  for (let i = 0; i < targets.length; i++) {
    const weight = weightOf(weights, i)
    if (weight > 0) counts[targets[i]! * size + predictions[i]!]! += weight
  }
  return { classes: size, counts }
}

interface ClassCount {
  /** Weight of the rows that are of this class and were called so. */
  readonly right: number
  readonly targets: number
  readonly predictions: number
}

const perClass = (classes: number, counts: Float64Array): readonly ClassCount[] =>
  Array.from({ length: classes }, (_, k) => {
    let targets = 0
    let predictions = 0
    for (let j = 0; j < classes; j++) {
      targets += counts[k * classes + j]!
      predictions += counts[j * classes + k]!
    }
    return { right: counts[k * classes + k]!, targets, predictions }
  })

/**
 * The confusion matrix: entry [t][p] is the (weighted) number of rows of class t that were called p.
 *
 * @example
 * ```ts
 * import { confusionMatrix } from '@rootstock/eval'
 * console.log(confusionMatrix([0, 0, 1], [0, 1, 1])) // [[1, 1], [0, 1]]
 * ```
 */
export const confusionMatrix = (
  targets: Numbers,
  predictions: Numbers,
  options: ClassOptions = {},
): number[][] => {
  const { classes, counts } = tabulate('confusionMatrix', targets, predictions, options)
  return Array.from({ length: classes }, (_, t) => [
    ...counts.subarray(t * classes, (t + 1) * classes),
  ])
}

/**
 * The (weighted) share of rows whose predicted class is the true one. NaN when no row counts.
 *
 * @example
 * ```ts
 * import { accuracy } from '@rootstock/eval'
 * console.log(accuracy([0, 1, 1, 0], [0, 1, 0, 0])) // 0.75
 * ```
 */
export const accuracy = (
  targets: Numbers,
  predictions: Numbers,
  { weights }: Weighted = {},
): number => {
  checkRows('accuracy', targets, ['predictions', predictions, 1], weights)
  let right = 0
  let total = 0
  for (let i = 0; i < targets.length; i++) {
    const weight = weightOf(weights, i)
    total += weight
    if (targets[i] === predictions[i]) right += weight
  }
  return right / total
}

/**
 * The mean, over the classes that occur in the targets, of the share of that class that was found (its recall). A constant
 * guess scores one divided by the number of classes, however unequal they are. NaN when no row counts.
 *
 * @example
 * ```ts
 * import { balancedAccuracy } from '@rootstock/eval'
 * console.log(balancedAccuracy([0, 0, 0, 1], [0, 0, 0, 0])) // 0.5
 * ```
 */
export const balancedAccuracy = (
  targets: Numbers,
  predictions: Numbers,
  options: ClassOptions = {},
): number => {
  const { classes, counts } = tabulate('balancedAccuracy', targets, predictions, options)
  const present = perClass(classes, counts).filter((c) => c.targets > 0)
  return present.reduce((sum, c) => sum + c.right / c.targets, 0) / present.length
}

/** Options of `f1`. */
export interface F1Options extends ClassOptions {
  /** `macro`: the mean over classes (default); `binary`: of the class `positive` alone. */
  readonly average?: 'macro' | 'binary'
  /** The class that counts as found, for `binary`; 1 where absent. */
  readonly positive?: number
}

const f1OfClass = ({ right, targets, predictions }: ClassCount): number =>
  targets + predictions === 0 ? 0 : (2 * right) / (targets + predictions)

/**
 * F1, the harmonic mean of precision and recall: 2 right / (targets + predictions), where 0/0 is 0. `macro` averages over
 * `classes`, or where that is not given over the classes that occur in the targets or the predictions; NaN when no row counts.
 *
 * @example
 * ```ts
 * import { f1 } from '@rootstock/eval'
 * console.log(f1([0, 1, 1, 1], [0, 1, 0, 1], { average: 'binary' })) // 0.8
 * ```
 */
export const f1 = (targets: Numbers, predictions: Numbers, options: F1Options = {}): number => {
  const { classes, counts } = tabulate('f1', targets, predictions, options)
  const table = perClass(classes, counts)
  const present = table.filter((c) => c.targets + c.predictions > 0)
  if (present.length === 0) return Number.NaN
  if (options.average === 'binary') {
    const positive = table[options.positive ?? 1]
    return positive === undefined ? 0 : f1OfClass(positive)
  }
  return present.reduce((sum, c) => sum + f1OfClass(c), 0) / (options.classes ?? present.length)
}
