/**
 * A data set: what a model trains on. One dense matrix of inputs, and for each task labels with a mask, so that rows in
 * which some labels are missing are the normal case. Everything here is typed arrays; tensors are made per batch.
 */
import type { InputColumn } from './inputColumns.ts'
import type { Preprocessing } from './preprocessing.ts'

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

/** Inputs and labels of some rows; `Task` names the tasks when they are known before the file is read. */
export interface Dataset<Task extends string = string> {
  readonly rows: number
  readonly width: number
  /** Row-major, `rows * width`. */
  readonly inputs: Float32Array
  /** What the features of a row mean. */
  readonly columns: readonly InputColumn[]
  /** Labels by task. */
  readonly targets: { readonly [T in Task]: Labels }
  readonly preprocessing: Preprocessing
}

const takeLabels = (labels: Labels, rows: Int32Array): Labels => {
  const mask = Uint8Array.from(rows, (row) => labels.mask[row]!)
  return labels.kind === 'classification'
    ? { ...labels, mask, values: Int32Array.from(rows, (row) => labels.values[row]!) }
    : { ...labels, mask, values: Float32Array.from(rows, (row) => labels.values[row]!) }
}

const mapTargets = <Task extends string, A>(
  { targets }: Dataset<Task>,
  change: (labels: Labels, task: Task) => A,
): { readonly [T in Task]: A } => {
  const entries = Object.entries<Labels>(targets) as [Task, Labels][]
  const changed = entries.map(([task, labels]) => [task, change(labels, task)] as const)
  // The keys are those of the targets, which the types of the standard library forget.
  return Object.fromEntries(changed) as { readonly [T in Task]: A }
}

/**
 * The given rows of a data set, in the given order: a batch, for example.
 *
 * @example
 * ```ts
 * import { parseCsv, prepare, select, takeExamples } from '@rootstock/data'
 *
 * const menu = parseCsv('price,stars\n5,1\n9,2\n7,2\n')
 * if (menu._tag === 'Left') throw new Error(menu.left._tag)
 * const selected = select({ inputs: ['price'], targets: { quality: 'stars' } })(menu.right)
 * if (selected._tag === 'Left') throw new Error(selected.left._tag)
 * const data = prepare(selected.right, { by: 'modulo', divisor: 3, test: 2 })
 * if (data._tag === 'Left') throw new Error(data.left._tag)
 * console.log(takeExamples(data.right.train, Int32Array.of(1)).inputs) // Float32Array(1) [ 1 ]
 * ```
 */
export const takeExamples = <Task extends string>(
  dataset: Dataset<Task>,
  rows: Int32Array,
): Dataset<Task> => {
  const { width } = dataset
  const inputs = new Float32Array(rows.length * width)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    inputs.set(dataset.inputs.subarray(row * width, (row + 1) * width), i * width)
  }
  const targets = mapTargets(dataset, (labels) => takeLabels(labels, rows))
  return { ...dataset, rows: rows.length, inputs, targets }
}

/**
 * The same data set in which only the given rows keep their labels for the given tasks; nothing else is copied.
 *
 * @example
 * ```ts
 * import { hideLabels, labelCounts, parseCsv, prepare, select } from '@rootstock/data'
 *
 * const menu = parseCsv('price,stars\n5,1\n9,2\n7,2\n')
 * if (menu._tag === 'Left') throw new Error(menu.left._tag)
 * const selected = select({ inputs: ['price'], targets: { quality: 'stars' } })(menu.right)
 * if (selected._tag === 'Left') throw new Error(selected.left._tag)
 * const data = prepare(selected.right, { by: 'modulo', divisor: 3, test: 2 })
 * if (data._tag === 'Left') throw new Error(data.left._tag)
 * console.log(labelCounts(hideLabels(data.right.train, ['quality'], Int32Array.of(0)))) // { quality: 1 }
 * ```
 */
export const hideLabels = <Task extends string>(
  dataset: Dataset<Task>,
  tasks: readonly NoInfer<Task>[],
  keep: Int32Array,
): Dataset<Task> => {
  const kept = new Uint8Array(dataset.rows)
  for (const row of keep) kept[row] = 1
  const targets = mapTargets(dataset, (labels, task) =>
    tasks.includes(task)
      ? { ...labels, mask: labels.mask.map((m, row) => m & kept[row]!) }
      : labels,
  )
  return { ...dataset, targets }
}

/**
 * Number of labels of each task.
 *
 * @example
 * ```ts
 * import { labelCounts, parseCsv, prepare, select } from '@rootstock/data'
 *
 * const menu = parseCsv('price,stars\n5,1\n9,NA\n7,2\n')
 * if (menu._tag === 'Left') throw new Error(menu.left._tag)
 * const selected = select({ inputs: ['price'], targets: { quality: 'stars' } })(menu.right)
 * if (selected._tag === 'Left') throw new Error(selected.left._tag)
 * const data = prepare(selected.right, { by: 'modulo', divisor: 3, test: 2 })
 * if (data._tag === 'Left') throw new Error(data.left._tag)
 * console.log(labelCounts(data.right.train)) // { quality: 1 }
 * ```
 */
export const labelCounts = <Task extends string>(
  dataset: Dataset<Task>,
): { readonly [T in Task]: number } =>
  mapTargets(dataset, ({ mask }) => mask.reduce((sum, m) => sum + m, 0))
