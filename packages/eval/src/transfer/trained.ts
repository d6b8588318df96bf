/** What training on top of a trunk gives, and how it fails: the same for probes and for fine-tuning. */
import type { Aborted, Diverged, EpochSummary } from '@rootstock/heads'

/** A model trained on a trunk that was given. */
export interface Trained<Params, Task extends string> {
  readonly params: Params
  /** Losses after each pass, over all phases. */
  readonly history: readonly EpochSummary<Task>[]
  readonly steps: number
  readonly seconds: number
}

/** How it fails: a number that is none, or the signal. `explainFit` has the words. */
export type TransferError<Params, Task extends string = string> =
  | Diverged<Params, Task>
  | Omit<Aborted<Params>, 'state'>
