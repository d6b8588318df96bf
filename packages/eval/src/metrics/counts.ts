/** The table all metrics of predicted classes read: the weight of the rows of each true class called each class. */
import type { PredictionBatch } from './batch.ts'
import { checkClasses, checkRows, type Numbers, type Weighted, weightOf } from './rows.ts'
import { type Stream, streamOf } from './stream.ts'

/** How many classes there are. */
export interface Classes {
  /** How many classes there are; one more than the largest class number seen where absent. */
  readonly classes?: number | undefined
}

/** Options of metrics over predicted classes. */
export interface ClassOptions extends Weighted, Classes {}

/** A table of `classes` x `classes` weights, row-major; a row is a true class, a column a predicted one. */
export interface Counts {
  readonly classes: number
  readonly table: Float64Array
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

const measure = (
  operation: string,
  classes: number | undefined,
  { targets, predictions, ...rest }: PredictionBatch,
): Counts => {
  const weights = checkRows(operation, { targets, name: 'predictions', second: predictions }, rest)
  const size = classes ?? countClasses(targets, predictions, weights)
  checkClasses(operation, 'targets', targets, size, weights)
  checkClasses(operation, 'predictions', predictions, size, weights)
  const table = new Float64Array(size * size)
  for (let i = 0; i < targets.length; i++) {
    const weight = weightOf(weights, i)
    if (weight > 0) table[targets[i]! * size + predictions[i]!]! += weight
  }
  return { classes: size, table }
}

const grow = ({ classes, table }: Counts, size: number): Float64Array => {
  if (classes === size) return table.slice()
  const grown = new Float64Array(size * size)
  for (let k = 0; k < classes; k++)
    grown.set(table.subarray(k * classes, (k + 1) * classes), k * size)
  return grown
}

const merge = (left: Counts, right: Counts): Counts => {
  const [small, large] = left.classes < right.classes ? [left, right] : [right, left]
  const { classes } = large
  const table = grow(large, classes)
  for (let t = 0; t < small.classes; t++)
    for (let y = 0; y < small.classes; y++)
      table[t * classes + y]! += small.table[t * small.classes + y]!
  return { classes, table }
}

/** A metric read off the table, which grows with the class numbers seen unless `classes` says how many there are. */
export const counting = <Result>(
  operation: string,
  { classes }: Classes,
  result: (counts: Counts) => Result,
): Stream<PredictionBatch, Counts, Result> => {
  const size = classes ?? 0
  const empty = { classes: size, table: new Float64Array(size * size) }
  return streamOf({ empty, measure: (batch) => measure(operation, classes, batch), merge }, result)
}

/** The weights of one class. */
export interface ClassCount {
  /** Of the rows that are of this class and were called so. */
  readonly right: number
  /** Of the rows of this class. */
  readonly targets: number
  /** Of the rows called so. */
  readonly predictions: number
}

/** The weights of each class. */
export const perClass = ({ classes, table }: Counts): readonly ClassCount[] =>
  Array.from({ length: classes }, (_, k) => {
    let targets = 0
    let predictions = 0
    for (let j = 0; j < classes; j++) {
      targets += table[k * classes + j]!
      predictions += table[j * classes + k]!
    }
    return { right: table[k * classes + k]!, targets, predictions }
  })

/** Whether a class occurs in the targets or the predictions. */
export const occurs = ({ targets, predictions }: ClassCount): boolean => targets + predictions > 0
