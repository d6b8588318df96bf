/** One number for a model of many tasks, beside models of one task each. */
import { ArgumentError } from '@rootstock/core'
import { type MetricName, metrics } from './metric.ts'

/** Scores by task and metric, such as those of `evaluate`. */
export type TaskScores<Task extends string = string> = Readonly<
  Record<Task, { readonly [Name in MetricName]?: number }>
>

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** The gain of a score, as a share of the size of the baseline's. */
const gainOf = (name: MetricName, score: number, baseline: number): number => {
  const difference = (score - baseline) / Math.abs(baseline)
  return metrics[name].direction === 'higher' ? difference : -difference
}

const gainOfTask = (
  task: string,
  scores: TaskScores[string],
  baseline: TaskScores[string] | undefined,
): number => {
  // keys of a record of optional metrics are names of metrics
  const names = Object.keys(scores) as MetricName[]
  return meanOf(
    names.map((name) => {
      const [score, base] = [scores[name], baseline?.[name]]
      if (score !== undefined && base !== undefined && Object.hasOwn(metrics, name))
        return gainOf(name, score, base)
      throw new ArgumentError({
        operation: 'relativeGain',
        inputs: { task, metric: name, score, baseline: base },
        rule: 'every score must be of a known metric and have one of the baseline beside it',
      })
    }),
  )
}

/**
 * The mean relative gain of a multitask model over its single-task baselines, known as delta-m: the mean over tasks of the mean
 * over a task's metrics of (M - B) / |B|, with the sign turned where lower is better. A share, not per cent: 0.05 is five per
 * cent better. A baseline of 0 makes it infinite or NaN. (Maninis, Radosavovic and Kokkinos, Attentive single-tasking of
 * multiple tasks, 2019; metrics averaged within a task first: Lin and Zhang, LibMTL, 2023.)
 *
 * @example
 * ```ts
 * import { relativeGain } from '@rootstock/eval'
 * const alone = { species: { accuracy: 0.5 }, width: { rmse: 2 } }
 * console.log(relativeGain({ species: { accuracy: 0.75 }, width: { rmse: 2.5 } }, alone)) // 0.125
 * ```
 */
export const relativeGain = <Task extends string>(
  scores: TaskScores<Task>,
  baseline: TaskScores<NoInfer<Task>>,
): number =>
  meanOf(
    Object.keys(scores).map((task) =>
      gainOfTask(task, scores[task as Task], baseline[task as Task]),
    ),
  )
