/** From a comparison to what it shows: means, paired gains, verdicts and label multipliers. */
import { type IntervalOptions, meanInterval } from '../statistics/interval.ts'
import { mean } from '../statistics/moments.ts'
import { type CurvePoint, labelMultiplier } from '../statistics/multiplier.ts'
import { verdictOf } from '../statistics/verdict.ts'
import {
  type ComparedTask,
  type Comparison,
  checkComparison,
  metricOf,
  scoreLookup,
} from './comparison.ts'
import type { ArmSummary, Gain, PointSummary, Summary } from './summary.ts'

type ScoreAt = (arm: string, labels: number, seed: number) => number | null

const isNumber = (value: number | null): value is number => value !== null

const gainOf = (differences: readonly number[], options: IntervalOptions): Gain | null => {
  if (differences.length === 0) return null
  const interval = meanInterval(differences, options)
  return {
    pairs: differences.length,
    mean: mean(differences),
    interval,
    verdict: verdictOf(interval),
  }
}

/** How a task is read: its scores, and the sign that makes higher better. */
interface Reading {
  readonly comparison: Comparison
  readonly scoreAt: ScoreAt
  readonly sign: 1 | -1
  readonly options: IntervalOptions
}

const scoresOf = (
  { comparison, scoreAt }: Reading,
  arm: string,
  labels: number,
): readonly number[] => comparison.seeds.map((seed) => scoreAt(arm, labels, seed)).filter(isNumber)

const difference = (
  { comparison, scoreAt, sign }: Reading,
  arm: string,
  labels: number,
  seed: number,
): number | null => {
  const score = scoreAt(arm, labels, seed)
  const reference = scoreAt(comparison.reference, labels, seed)
  return score === null || reference === null ? null : sign * (score - reference)
}

const referenceCurve = (reading: Reading): readonly CurvePoint[] => {
  const { comparison, sign } = reading
  return comparison.labelCounts.flatMap((labels) => {
    const scores = scoresOf(reading, comparison.reference, labels)
    return scores.length === 0 ? [] : [{ labels, score: sign * mean(scores) }]
  })
}

const summarisePoint = (
  reading: Reading,
  curve: readonly CurvePoint[],
  arm: string,
  labels: number,
): PointSummary => {
  const { comparison, options, sign } = reading
  const scores = scoresOf(reading, arm, labels)
  const centre = scores.length === 0 ? null : mean(scores)
  const isReference = arm === comparison.reference
  const differences = comparison.seeds.map((seed) => difference(reading, arm, labels, seed))
  return {
    labels,
    seeds: scores.length,
    mean: centre,
    interval: meanInterval(scores, options),
    gain: isReference ? null : gainOf(differences.filter(isNumber), options),
    multiplier: isReference
      ? null
      : labelMultiplier(curve, { labels, score: sign * (centre ?? Number.NaN) }),
  }
}

/** The gain of each seed averaged over the label counts the two arms share; a seed that lacks one of them is left out. */
const overallGain = (reading: Reading, arm: string): Gain | null => {
  const { comparison, options } = reading
  if (arm === comparison.reference) return null
  const { labelCounts, seeds } = comparison
  const shared = labelCounts.filter((labels) =>
    seeds.some((seed) => difference(reading, arm, labels, seed) !== null),
  )
  const perSeed = seeds.flatMap((seed) => {
    const gains = shared.map((labels) => difference(reading, arm, labels, seed)).filter(isNumber)
    return shared.length > 0 && gains.length === shared.length ? [mean(gains)] : []
  })
  return gainOf(perSeed, options)
}

const summariseTask = (reading: Reading): readonly ArmSummary[] => {
  const { comparison } = reading
  const curve = referenceCurve(reading)
  return comparison.arms.map((arm) => ({
    arm,
    points: comparison.labelCounts.map((labels) => summarisePoint(reading, curve, arm, labels)),
    gain: overallGain(reading, arm),
  }))
}

/**
 * Summarises a comparison: for each task, arm and label count the mean over seeds with its interval, the paired gain over the
 * reference with its interval and verdict, and the label multiplier; for each task and arm one verdict over all label
 * counts. Intervals are `meanInterval`'s. Throws when the comparison contradicts itself.
 *
 * @example
 * ```ts
 * import { summarise } from '@rootstock/eval'
 * const score = (arm: string, seed: number, accuracy: number) =>
 *   ({ arm, labels: 10, seed, task: 'dish', metrics: { accuracy } })
 * const summary = summarise({
 *   name: 'small',
 *   tasks: [{ name: 'dish', kind: 'classification', metric: 'accuracy' }],
 *   arms: ['scratch', 'tuned'],
 *   reference: 'scratch',
 *   labelCounts: [10],
 *   seeds: [1, 2, 3],
 *   scores: [
 *     score('scratch', 1, 0.6), score('scratch', 2, 0.7), score('scratch', 3, 0.65),
 *     score('tuned', 1, 0.7), score('tuned', 2, 0.81), score('tuned', 3, 0.74),
 *   ],
 * })
 * console.log(summary.tasks[0]?.arms[1]?.gain?.verdict) // helps
 * ```
 */
export const summarise = (comparison: Comparison, options: IntervalOptions = {}): Summary => {
  checkComparison(comparison)
  const lookup = scoreLookup(comparison)
  const ascending = [...comparison.labelCounts].sort((a, b) => a - b)
  const sorted = { ...comparison, labelCounts: ascending }
  const reading = (task: ComparedTask): Reading => ({
    comparison: sorted,
    scoreAt: (arm, labels, seed) => lookup(task, arm, labels, seed),
    sign: metricOf(task).direction === 'higher' ? 1 : -1,
    options,
  })
  return {
    name: comparison.name,
    reference: comparison.reference,
    arms: comparison.arms,
    labelCounts: ascending,
    seeds: comparison.seeds,
    confidence: options.confidence ?? 0.95,
    tasks: comparison.tasks.map((task) => ({ task, arms: summariseTask(reading(task)) })),
  }
}
