/** Data as the training loop takes it: plain typed arrays, columns of labels with masks. Nothing here reads files. */
import { ArgumentError, tensor } from '@rootstock/core'
import type { Batch } from '../objective.ts'

/** Labels of one task: a value, or `width` of them, and a mask entry (1 labelled, 0 missing) for each row. */
export interface Labels {
  readonly values: Float32Array | Int32Array
  readonly mask: Uint8Array
  /** Values of a row that has several: 4 for a box. A head gets them as `[rows, width]`, without it as `[rows]`. */
  readonly width?: number
}

/** Rows of a table: `inputs` holds `rows * width` numbers, row after row; `targets` the labels of each task. */
export interface Rows<Label extends string = string> {
  readonly rows: number
  readonly width: number
  readonly inputs: Float32Array
  readonly targets: { readonly [T in Label]: Labels }
}

/** Rows from a file, with a description of their columns: the names of the tasks are known only when it is read. */
export interface TableRows extends Rows {
  readonly columns: readonly unknown[]
}

/** Rows gathered from a table, and how many of them carry each label. */
export interface Gathered<Label extends string> {
  readonly batch: Batch<Label>
  readonly rows: number
  readonly labelled: { readonly [T in Label]: number }
}

const gatherInputs = (data: Rows, indices: Int32Array): Float32Array<ArrayBuffer> => {
  const { width, inputs } = data
  const result = new Float32Array(indices.length * width)
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]! * width
    result.set(inputs.subarray(from, from + width), i * width)
  }
  return result
}

const gatherLabels = ({ values: from, mask: known, width = 1 }: Labels, indices: Int32Array) => {
  const size = indices.length * width
  const values = from instanceof Int32Array ? new Int32Array(size) : new Float32Array(size)
  const mask = new Uint8Array(indices.length)
  let count = 0
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i]!
    if (known[row] === 0) continue
    for (let j = 0; j < width; j++) values[i * width + j] = from[row * width + j]!
    mask[i] = 1
    count++
  }
  return { values, mask, count }
}

/**
 * The batch of the rows at `indices`.
 * @example
 * ```ts
 * import { gather } from '@rootstock/heads'
 * const data = { rows: 2, width: 1, inputs: Float32Array.of(5, 6), targets: {} }
 * const { batch } = gather(data, [], Int32Array.of(1))
 * console.log(batch.inputs.toArray()) // [[6]]
 * ```
 */
export const gather = <Label extends string>(
  data: Rows<Label> | TableRows,
  labels: readonly Label[],
  indices: Int32Array,
): Gathered<Label> => {
  const found = labels.map((task) => [task, gatherLabels(data.targets[task], indices)] as const)
  const targets = found.map(([task, { values, mask }]) => {
    const { width } = data.targets[task]
    const shape = width === undefined ? [indices.length] : [indices.length, width]
    return [task, { values: tensor(values, { shape }), mask: tensor(mask) }]
  })
  return {
    batch: {
      inputs: tensor(gatherInputs(data, indices), { shape: [indices.length, data.width] }),
      targets: Object.fromEntries(targets) as Batch<Label>['targets'],
    },
    rows: indices.length,
    labelled: Object.fromEntries(found.map(([task, { count }]) => [task, count])) as {
      [T in Label]: number
    },
  }
}

/**
 * Row numbers of the rows that have at least one of the labels, in order; all rows when no label is asked for. Throws when there is
 * none, in the name of `operation`.
 * @example
 * ```ts
 * import { trainingRows } from '@rootstock/heads'
 * const price = { values: Float32Array.of(3, 0, 5), mask: Uint8Array.of(1, 0, 1) }
 * const data = { rows: 3, width: 0, inputs: new Float32Array(0), targets: { price } }
 * console.log(trainingRows('fit', data, ['price'])) // Int32Array(2) [ 0, 2 ]
 * ```
 */
export const trainingRows = <Label extends string>(
  operation: string,
  data: Rows<Label> | TableRows,
  labels: readonly Label[],
): Int32Array => {
  const found = new Int32Array(data.rows)
  const masks = labels.map((label) => data.targets[label].mask)
  let count = 0
  for (let row = 0; row < data.rows; row++) {
    if (masks.length === 0 || masks.some((mask) => mask[row] !== 0)) found[count++] = row
  }
  if (count === 0) {
    throw new ArgumentError({
      operation,
      inputs: { tasks: labels, rows: data.rows },
      rule: 'at least one row must have a label',
    })
  }
  return found.subarray(0, count)
}

/**
 * Throws, in the name of `operation`, unless the arrays have the lengths that the row count and width promise, and every task has
 * labels.
 */
export const checkRows = (operation: string, data: Rows, labels: readonly string[]): void => {
  if (data.inputs.length !== data.rows * data.width) {
    throw new ArgumentError({
      operation,
      inputs: { rows: data.rows, width: data.width, 'inputs.length': data.inputs.length },
      rule: 'inputs must hold rows * width numbers',
    })
  }
  for (const task of labels) {
    const found = data.targets[task]
    if (found === undefined) {
      throw new ArgumentError({
        operation,
        inputs: { task, targets: Object.keys(data.targets) },
        rule: 'the data must hold targets for every task of the model',
      })
    }
    const { values, mask, width } = found
    if (values.length === data.rows * (width ?? 1) && mask.length === data.rows) continue
    throw new ArgumentError({
      operation,
      inputs: {
        task,
        rows: data.rows,
        ...(width === undefined ? {} : { width }),
        values: values.length,
        mask: mask.length,
      },
      rule:
        width === undefined
          ? 'a task must have a value and a mask entry for each row'
          : 'a task must have `width` values and a mask entry for each row',
    })
  }
}
