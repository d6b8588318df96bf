/** Which rows have labels: the label counts of a comparison, and the rows drawn for each of them. */
import { ArgumentError } from '@rootstock/core'
import { type Dataset, hideLabels, type Labels, labelledRows } from '@rootstock/data'
import { trainingRows } from '@rootstock/heads'

/** How many rows have labels: a number of rows, a share of the labelled rows (below 1), or all of them. */
export type LabelCount = number | 'all'

/** The numbers of labelled rows that are asked for, ascending, each once; more than there are is all there are. */
export const resolveCounts = (
  data: Dataset,
  tasks: readonly string[],
  counts: readonly LabelCount[],
): readonly number[] => {
  const all = trainingRows('compare', data, tasks).length
  const resolved = counts.map((count) => {
    if (count === 'all') return all
    const isShare = count > 0 && count < 1
    if (!isShare && !(Number.isInteger(count) && count >= 1)) {
      throw new ArgumentError({
        operation: 'compare',
        inputs: { labels: count },
        rule: "a label count must be a whole number of at least 1, a share below 1, or 'all'",
      })
    }
    return Math.min(all, isShare ? Math.max(1, Math.round(count * all)) : count)
  })
  return [...new Set(resolved)].toSorted((a, b) => a - b)
}

/** A classification by which rows can be drawn: the classes of a task, and one more for rows that lack its label. */
const strataOf = (data: Dataset, tasks: readonly string[], by: string | undefined): Labels => {
  const labels = by === undefined ? undefined : data.targets[by]
  const isClassified = labels?.kind === 'classification'
  const classes = isClassified ? labels.classes : []
  const mask = new Uint8Array(data.rows)
  for (const row of trainingRows('compare', data, tasks)) mask[row] = 1
  const values = Int32Array.from({ length: data.rows }, (_, row) =>
    isClassified && labels.mask[row] !== 0 ? labels.values[row]! : classes.length,
  )
  return { kind: 'classification', values, mask, classes: [...classes, ''] }
}

/**
 * The data with labels on `count` rows only, the same rows for all tasks. Rows are drawn in proportion to the classes of the task `by`,
 * each class at least once if the count allows it; a smaller count is part of a larger one of the same seed.
 */
export const drawLabels = (
  data: Dataset,
  tasks: readonly string[],
  {
    by,
    count,
    seed,
  }: { readonly by: string | undefined; readonly count: number; readonly seed: number },
): Dataset => {
  const strata = strataOf(data, tasks, by)
  const rows = labelledRows({ ...data, targets: { strata } }, 'strata', count, seed)
  return hideLabels(data, tasks, rows)
}
