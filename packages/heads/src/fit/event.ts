/** What the training loop says while it runs. Losses are always each task's own, unweighted, in the head's units. */

/** A number for each task. */
export type ByTask<Task extends string> = { readonly [T in Task]: number }

/** A number for each task, or null where the task had no labelled row. */
export type MaybeByTask<Task extends string> = { readonly [T in Task]: number | null }

/** Means over an epoch. */
export interface EpochSummary<Task extends string> {
  /** Counted from 1. */
  readonly epoch: number
  /** Mean loss of each task over its labelled rows; null when there were none. */
  readonly losses: MaybeByTask<Task>
  /** The same on the validation rows, after the epoch; null without validation. */
  readonly validation: MaybeByTask<Task> | null
  /** Seconds since training began. */
  readonly seconds: number
}

/** What `onEvent` receives. */
export type FitEvent<Task extends string> =
  | {
      readonly _tag: 'Started'
      /** Rows that are trained on: those with a label. */
      readonly rows: number
      /** Rows that carry a label of each task. */
      readonly labelled: ByTask<Task>
      readonly epochs: number
      readonly steps: number
      /** Trained and frozen numbers in the parameters. */
      readonly trained: number
      readonly frozen: number
    }
  | {
      readonly _tag: 'Stepped'
      /** Counted from 1, as is `epoch`. */
      readonly step: number
      readonly steps: number
      readonly epoch: number
      readonly epochs: number
      /** Each task's mean loss over the labelled rows of the batch; 0 where `labelled` is 0. */
      readonly losses: ByTask<Task>
      readonly labelled: ByTask<Task>
      /** The combined loss that was descended. */
      readonly total: number
      readonly gradientNorm: number
      readonly rowsPerSecond: number
      readonly secondsLeft: number
    }
  | ({ readonly _tag: 'EpochEnded'; readonly epochs: number } & EpochSummary<Task>)
  | { readonly _tag: 'Finished'; readonly steps: number; readonly seconds: number }
  | { readonly _tag: 'Stopped'; readonly reason: string; readonly step: number }
