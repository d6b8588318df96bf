/** Few labels on purpose: the experiment of this framework is a model that has seen every row and few answers. */
import { type Dataset, hideLabels, type Labels } from './dataset.ts'
import { shuffled } from './shuffle.ts'

// Rows with a label, in random order, grouped by class; one group for numbers.
const groupsOf = (labels: Labels, order: Int32Array): readonly number[][] => {
  const groups = new Map<number, number[]>()
  for (const row of order) {
    if (labels.mask[row] === 0) continue
    const group = labels.kind === 'classification' ? labels.values[row]! : 0
    const members = groups.get(group)
    if (members === undefined) groups.set(group, [row])
    else members.push(row)
  }
  return [...groups.values()]
}

/**
 * Row numbers of `count` labels of a task. Classes are drawn in proportion, each at least once if `count` allows; the
 * same seed gives the same rows, and a smaller count a subset of a larger one. All labelled rows when there are fewer.
 */
export const labelledRows = (
  dataset: Dataset,
  task: string,
  count: number,
  seed: number,
): Int32Array => {
  const labels = Object.hasOwn(dataset.targets, task) ? dataset.targets[task] : undefined
  if (labels === undefined) return new Int32Array(0)
  const groups = groupsOf(labels, shuffled(dataset.rows, seed, 0))
  // The k-th of n rows of a class comes at (k + 1/2) / n: any prefix then has the proportions of the whole, and it grows
  // with the count. The first of each class comes before all others.
  const queue = groups.flatMap((rows) =>
    rows.map((row, k) => ({ row, at: k === 0 ? -1 : (k + 0.5) / rows.length })),
  )
  queue.sort((a, b) => a.at - b.at)
  return Int32Array.from(queue.slice(0, count), (entry) => entry.row).sort()
}

/**
 * The same data set with `count` labels: all other labels are hidden by the mask. Given several tasks, the rows are drawn
 * by the labels of the first, and the others keep their labels in the same rows only.
 *
 * @example
 * ```ts
 * import { labelCounts, labelSubset, parseCsv, prepare, select } from '@rootstock/data'
 *
 * const table = parseCsv(`x,y\n${Array.from({ length: 40 }, (_, i) => `${i},${i % 2 ? 'odd' : 'even'}`).join('\n')}`)
 * if (table._tag === 'Left') throw new Error(table.left._tag)
 * const selected = select({ inputs: ['x'], targets: { parity: 'y' } })(table.right)
 * if (selected._tag === 'Left') throw new Error(selected.left._tag)
 * const data = prepare(selected.right, { by: 'modulo', divisor: 5, test: 4 })
 * if (data._tag === 'Left') throw new Error(data.left._tag)
 * console.log(labelCounts(labelSubset(data.right.train, 'parity', 10, 1))) // { parity: 10 }
 * ```
 */
export const labelSubset = (
  dataset: Dataset,
  tasks: string | readonly string[],
  count: number,
  seed: number,
): Dataset => {
  const names = typeof tasks === 'string' ? [tasks] : tasks
  const [first] = names
  if (first === undefined) return dataset
  return hideLabels(dataset, names, labelledRows(dataset, first, count, seed))
}
