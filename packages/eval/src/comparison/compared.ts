/** What a comparison gives, and how it ends early. */
import type { LossCurve, PhaseTime } from '../report/run.ts'
import type { Comparison, Trial } from './comparison.ts'

/** A comparison with what it cost: with a backend, a config and the times of pretraining it is a `Run`, to be reported. */
export interface Compared extends Comparison {
  readonly trials: readonly Trial[]
  readonly curves: readonly LossCurve[]
  /** The seconds of each arm over all its trainings. */
  readonly phases: readonly PhaseTime[]
}

/** The signal was aborted; `compared` is what was finished before. */
export interface ComparisonAborted {
  readonly _tag: 'ComparisonAborted'
  readonly compared: Compared
}

/**
 * The abort in words.
 * @example
 * ```ts
 * import { explainComparison } from '@rootstock/eval'
 * const compared = {
 *   name: 'digits', tasks: [], arms: ['scratch', 'probe'], reference: 'scratch', labelCounts: [10, 50], seeds: [1, 2],
 *   scores: [], trials: [], curves: [], phases: [],
 * }
 * console.log(explainComparison({ _tag: 'ComparisonAborted', compared }))
 * // the comparison "digits" was aborted after 0 of 8 trainings; what was finished is kept
 * ```
 */
export const explainComparison = ({ compared }: ComparisonAborted): string => {
  const { name, arms, labelCounts, seeds, trials } = compared
  const all = arms.length * labelCounts.length * seeds.length
  return `the comparison "${name}" was aborted after ${trials.length} of ${all} trainings; what was finished is kept`
}
