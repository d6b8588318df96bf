/** What a comparison comes to: the form of its summary. All of it is JSON. */
import type { Interval } from '../statistics/interval.ts'
import type { Multiplier } from '../statistics/multiplier.ts'
import type { Verdict } from '../statistics/verdict.ts'
import type { ComparedTask } from './comparison.ts'

/** The gain of an arm over the reference, over seeds that both have. Positive is better whatever the metric. */
export interface Gain {
  /** How many seeds both arms have a score for. */
  readonly pairs: number
  readonly mean: number
  /** `null` when there are too few pairs. */
  readonly interval: Interval | null
  readonly verdict: Verdict
}

/** One arm at one label count. */
export interface PointSummary {
  readonly labels: number
  /** How many seeds have a score. */
  readonly seeds: number
  /** `null` when no seed has a score. */
  readonly mean: number | null
  /** The interval of the mean over seeds; `null` when there are too few. */
  readonly interval: Interval | null
  /** The paired gain over the reference; `null` for the reference itself and where no seed is shared. */
  readonly gain: Gain | null
  /** How many times more labels the reference needs for this score; `null` for the reference itself. */
  readonly multiplier: Multiplier | null
}

/** One arm on one task. */
export interface ArmSummary {
  readonly arm: string
  readonly points: readonly PointSummary[]
  /**
   * The gain averaged over the label counts within each seed: one number and one verdict for each task and arm, whatever the
   * number of label counts. `null` for the reference and where no seed has all the counts.
   */
  readonly gain: Gain | null
}

/** One task. */
export interface TaskSummary {
  readonly task: ComparedTask
  readonly arms: readonly ArmSummary[]
}

/** A whole comparison, summarised. */
export interface Summary {
  readonly name: string
  readonly reference: string
  readonly arms: readonly string[]
  readonly labelCounts: readonly number[]
  readonly seeds: readonly number[]
  /** The share of intervals that should hold the truth. */
  readonly confidence: number
  readonly tasks: readonly TaskSummary[]
}
