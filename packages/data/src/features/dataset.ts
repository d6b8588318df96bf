/**
 * A data set: what a model trains on. One dense matrix of inputs, and for each task labels with a mask, so that rows in
 * which some labels are missing are the normal case. Everything here is typed arrays; tensors are made per batch.
 */
import type { InputColumn, Preprocessing } from './preprocessing.ts'

/** Labels of a classification task: codes into `classes`; `mask` is 1 where there is a label (else the code is 0). */
export interface ClassificationLabels {
  readonly kind: 'classification'
  readonly values: Int32Array
  readonly mask: Uint8Array
  readonly classes: readonly string[]
}

/** Labels of a regression task, standardised: original = value * deviation + mean. */
export interface RegressionLabels {
  readonly kind: 'regression'
  readonly values: Float32Array
  readonly mask: Uint8Array
  readonly mean: number
  readonly deviation: number
}

/** Labels of one task. */
export type Labels = ClassificationLabels | RegressionLabels

/** Inputs and labels of some rows. */
export interface Dataset {
  readonly rows: number
  readonly width: number
  /** Row-major, `rows * width`. */
  readonly inputs: Float32Array
  /** What the features of a row mean. */
  readonly columns: readonly InputColumn[]
  /** Labels by task. */
  readonly targets: Readonly<Record<string, Labels>>
  readonly preprocessing: Preprocessing
}

const takeLabels = (labels: Labels, rows: Int32Array): Labels => {
  const mask = Uint8Array.from(rows, (row) => labels.mask[row]!)
  return labels.kind === 'classification'
    ? { ...labels, mask, values: Int32Array.from(rows, (row) => labels.values[row]!) }
    : { ...labels, mask, values: Float32Array.from(rows, (row) => labels.values[row]!) }
}

const mapTargets = (
  targets: Dataset['targets'],
  change: (labels: Labels, task: string) => Labels,
): Dataset['targets'] =>
  Object.fromEntries(Object.entries(targets).map(([task, labels]) => [task, change(labels, task)]))

/** The given rows of a data set, in the given order. */
export const takeExamples = (dataset: Dataset, rows: Int32Array): Dataset => {
  const { width } = dataset
  const inputs = new Float32Array(rows.length * width)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    inputs.set(dataset.inputs.subarray(row * width, (row + 1) * width), i * width)
  }
  const targets = mapTargets(dataset.targets, (labels) => takeLabels(labels, rows))
  return { ...dataset, rows: rows.length, inputs, targets }
}

/** The same data set in which only the given rows keep their labels for the given tasks; nothing else is copied. */
export const hideLabels = (
  dataset: Dataset,
  tasks: readonly string[],
  keep: Int32Array,
): Dataset => {
  const kept = new Uint8Array(dataset.rows)
  for (const row of keep) kept[row] = 1
  const targets = mapTargets(dataset.targets, (labels, task) =>
    tasks.includes(task)
      ? { ...labels, mask: labels.mask.map((m, row) => m & kept[row]!) }
      : labels,
  )
  return { ...dataset, targets }
}

/** Number of labels of each task. */
export const labelCounts = ({ targets }: Dataset): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(targets).map(([task, { mask }]) => [task, mask.reduce((sum, m) => sum + m, 0)]),
  )
