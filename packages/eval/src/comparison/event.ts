/** What a comparison says while it runs. */
import type { FitEvent } from '@rootstock/heads'
import type { Place, Score, Trial } from './comparison.ts'

/** What happens while a comparison runs. */
export type CompareEvent =
  | {
      readonly _tag: 'ComparisonStarted'
      readonly trials: number
      readonly labelCounts: readonly number[]
    }
  | ({ readonly _tag: 'TrialStarted' } & TrialProgress)
  | ({ readonly _tag: 'TrialStepped'; readonly event: FitEvent<string> } & TrialProgress)
  | ({
      readonly _tag: 'TrialEnded'
      readonly trial: Trial
      readonly scores: readonly Score[]
    } & TrialProgress)
  | { readonly _tag: 'ComparisonEnded'; readonly seconds: number }

/** How far a comparison is. */
export interface TrialProgress extends Place {
  /** Number of this training, counted from 1. */
  readonly number: number
  readonly trials: number
  /** Seconds that the rest will take at the pace so far; 0 before the first training has ended. */
  readonly secondsLeft: number
}
