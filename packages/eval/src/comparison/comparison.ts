/**
 * The record of a comparison: which arms were trained with how many labels and which seeds, and what each scored on each task.
 * Plain data, so that it can be written as JSON, read back and summarised elsewhere.
 */
import { ArgumentError } from '@rootstock/core'
import { type Metric, type MetricName, metrics } from '../metrics/metric.ts'

/** A task of a comparison. */
export interface ComparedTask {
  readonly name: string
  readonly kind: 'classification' | 'regression'
  /** The metric that the verdict is about. */
  readonly metric: MetricName
  /** The unit of the target ("US dollars"), for metrics measured in it. */
  readonly unit?: string
}

/** The place of one training in a comparison. */
export interface Place {
  readonly arm: string
  /** How many labelled rows the arm was trained on. */
  readonly labels: number
  readonly seed: number
}

/** What one trained model scored on one task. A metric that is undefined on these rows is `null` (NaN counts as `null`). */
export interface Score extends Place {
  readonly task: string
  readonly metrics: Readonly<Record<string, number | null>>
}

/** One training of a comparison: what it cost, and why it gave no model if it did not. */
export interface Trial extends Place {
  /** Steps made, those of a failed training included. */
  readonly steps: number
  readonly seconds: number
  /** Null when it gave a model. Its scores are null otherwise. */
  readonly failure: string | null
}

/** Arms x label counts x seeds, with the scores of every task. Equal seed and label count mean the same labelled rows. */
export interface Comparison {
  readonly name: string
  readonly tasks: readonly ComparedTask[]
  readonly arms: readonly string[]
  /** The arm that the others are measured against, usually the one trained from scratch. */
  readonly reference: string
  readonly labelCounts: readonly number[]
  readonly seeds: readonly number[]
  readonly scores: readonly Score[]
  /** What each training cost, where that is known. */
  readonly trials?: readonly Trial[]
}

/** Scores are found by place, never by name in an object: a task may be called `__proto__`. */
const placeOf = (score: Omit<Score, 'metrics'>): string =>
  JSON.stringify([score.task, score.arm, score.labels, score.seed])

const refuse = (comparison: Comparison, rule: string, hint?: string): never => {
  throw new ArgumentError({
    operation: 'summarise',
    inputs: { comparison: comparison.name, arms: comparison.arms.join(', ') },
    rule,
    hint,
  })
}

const checkNames = (comparison: Comparison): void => {
  const { arms, labelCounts, reference, seeds, tasks } = comparison
  const lists = { arms, labelCounts, seeds, tasks: tasks.map((task) => task.name) }
  for (const [list, values] of Object.entries(lists)) {
    const twice = values.find((value, i) => values.indexOf(value as never) !== i)
    if (twice !== undefined) refuse(comparison, `${list} must differ, but ${twice} is there twice`)
  }
  if (!arms.includes(reference))
    refuse(comparison, `the reference arm (${reference}) must be one of the arms`)
  for (const task of tasks)
    if (!Object.hasOwn(metrics, task.metric))
      refuse(
        comparison,
        `the metric of task ${task.name} (${task.metric}) must be one that is known`,
        `known are ${Object.keys(metrics).join(', ')}`,
      )
}

/** Checks that a comparison does not contradict itself: a score of an unlisted arm, count, seed or task, or two of one place. */
export const checkComparison = (comparison: Comparison): void => {
  checkNames(comparison)
  const tasks = new Set(comparison.tasks.map((task) => task.name))
  const places = new Set<string>()
  for (const score of comparison.scores) {
    const unlisted = [
      !tasks.has(score.task) && `task ${score.task}`,
      !comparison.arms.includes(score.arm) && `arm ${score.arm}`,
      !comparison.labelCounts.includes(score.labels) && `label count ${score.labels}`,
      !comparison.seeds.includes(score.seed) && `seed ${score.seed}`,
    ].find((text) => text !== false)
    if (unlisted !== undefined)
      refuse(comparison, `every score must be of a listed place, but one is of ${unlisted}`)
    const place = placeOf(score)
    if (places.has(place))
      refuse(
        comparison,
        `each place must have one score, but there are two of task ${score.task}, arm ${score.arm}, ${score.labels} labels, seed ${score.seed}`,
      )
    places.add(place)
  }
}

/** The metric a task is judged by. */
export const metricOf = (task: ComparedTask): Metric => metrics[task.metric]

/** Looks up the judged score of a place; `null` where it is absent or not a finite number. */
export const scoreLookup = (
  comparison: Comparison,
): ((task: ComparedTask, arm: string, labels: number, seed: number) => number | null) => {
  const byPlace = new Map(comparison.scores.map((score) => [placeOf(score), score]))
  return (task, arm, labels, seed) => {
    const found = byPlace.get(placeOf({ task: task.name, arm, labels, seed }))
    if (found === undefined || !Object.hasOwn(found.metrics, task.metric)) return null
    const value = found.metrics[task.metric]
    return typeof value === 'number' && Number.isFinite(value) ? value : null
  }
}
