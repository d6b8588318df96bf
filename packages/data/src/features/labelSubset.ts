/** Few labels on purpose: the experiment of this framework is a model that has seen every row and few answers. */
import { expectKnown, expectWhole } from '../argument.ts'
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
 * Throws when there is no such task.
 *
 * @example
 * ```ts
 * import { labelledRows, parseCsv, prepare, select } from '@rootstock/data'
 *
 * const menu = parseCsv('price,dish\n5,soup\n9,fish\n8,fish\n6,soup\n')
 * if (menu._tag === 'Left') throw new Error(menu.left._tag)
 * const selected = select({ inputs: ['price'], targets: { dish: 'dish' } })(menu.right)
 * if (selected._tag === 'Left') throw new Error(selected.left._tag)
 * const data = prepare(selected.right, { by: 'modulo', divisor: 4, test: 3 })
 * if (data._tag === 'Left') throw new Error(data.left._tag)
 * const rows = labelledRows(data.right.train, 'dish', 2, 1)
 * console.log(rows.includes(0)) // true
 * ```
 */
export const labelledRows = <Task extends string>(
  dataset: Dataset<Task>,
  task: NoInfer<Task>,
  count: number,
  seed: number,
): Int32Array => {
  expectKnown('labelledRows', task, Object.keys(dataset.targets))
  expectWhole('labelledRows', 'count', count)
  const groups = groupsOf(dataset.targets[task], shuffled(dataset.rows, seed, 0))
  // The k-th of n rows of a class comes at (k + 1/2) / n: any prefix then has the proportions of the whole, and it grows
  // with the count. The first of each class comes before all others.
  const queue = groups.flatMap((rows) =>
    rows.map((row, k) => ({ row, at: k === 0 ? -1 : (k + 0.5) / rows.length })),
  )
  const chosen = queue.toSorted((a, b) => a.at - b.at).slice(0, count)
  return Int32Array.from(chosen, ({ row }) => row).toSorted()
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
export const labelSubset = <Task extends string>(
  dataset: Dataset<Task>,
  tasks: NoInfer<Task> | readonly NoInfer<Task>[],
  count: number,
  seed: number,
): Dataset<Task> => {
  const names: readonly Task[] = typeof tasks === 'string' ? [tasks] : tasks
  for (const name of names) expectKnown('labelSubset', name, Object.keys(dataset.targets))
  const [first] = names
  if (first === undefined) return dataset
  return hideLabels(dataset, names, labelledRows(dataset, first, count, seed))
}
