/** What `fit` is asked to do and what it gives. */
import { ArgumentError } from '@rootstock/core'
import type { Objective } from '../objective.ts'
import type { Weighting } from '../weighting/weighting.ts'
import type { EpochSummary, FitEvent } from './event.ts'
import type { RefinementOptions } from './refinements.ts'
import { checkRows, type Rows, type TableRows } from './rows.ts'
import type { Optimizer, TrainingState } from './step.ts'

/** Options of `fit`. */
export interface FitOptions<Params, Task extends string, Label extends string = Task>
  extends RefinementOptions {
  readonly model: Objective<Params, Task, Label>
  /** Rows whose targets name every task; those of a table from a file are checked when training begins. */
  readonly data: Rows<Label> | TableRows
  /** `accumulate(k, optimizer)` makes one step of every k batches, as of one batch k times as large where all rows are labelled. */
  readonly optimizer: Optimizer
  /** Passes over the rows that have a label. */
  readonly epochs: number
  /**
   * The least number of steps: so many passes are made as this takes, if more than `epochs`. Few rows make few steps, and a model
   * that has not been trained is no measure of few labels.
   */
  readonly minSteps?: number
  /** Rows of a batch; the last batch of an epoch may be smaller. */
  readonly batchSize: number
  /** Decides initial parameters, the order of rows and all noise. */
  readonly seed: number
  /** Parameters to start from; drawn from the seed when absent. They are copied, never changed. */
  readonly params?: Params
  /** Paths of parameters that stay as they are: `['trunk']`, `['trunk/layers/0']`. Default none. */
  readonly frozen?: readonly string[]
  /** Default `equal()`. */
  readonly weighting?: Weighting<NoInfer<Task>>
  /** Rows to measure losses on after each epoch. */
  readonly validation?: Rows<Label> | TableRows
  /** Which parameters to return: those after the last epoch, or after the epoch best on validation. Default last. */
  readonly keep?: 'last' | 'best'
  /** Stop after this many epochs without improvement on validation. Default never. */
  readonly patience?: number
  /** A state that `fit` returned: training goes on from there, to the same bits as without the pause. */
  readonly state?: TrainingState
  readonly signal?: AbortSignal
  readonly onEvent?: (event: FitEvent<Task>) => void
}

/** What training gives. */
export interface Fitted<Params, Task extends string> {
  readonly params: Params
  readonly history: readonly EpochSummary<Task>[]
  /** Steps made, those before a resumed state included. */
  readonly steps: number
  readonly seconds: number
  /** The state after the last step, to go on from. */
  readonly state: TrainingState
}

const positive = (operation: string, name: string, value: number): void => {
  if (Number.isInteger(value) && value >= 1) return
  throw new ArgumentError({
    operation,
    inputs: { [name]: value },
    rule: `${name} must be a whole number of at least 1`,
  })
}

/** Throws unless the options make sense together and the data fit the model. */
export const checkOptions = <P, T extends string, L extends string>(
  options: FitOptions<P, T, L>,
): void => {
  positive('fit', 'epochs', options.epochs)
  positive('fit', 'batchSize', options.batchSize)
  if (options.minSteps !== undefined) positive('fit', 'minSteps', options.minSteps)
  positive('fit', 'data.rows', options.data.rows)
  checkRows('fit', options.data, options.model.labels)
  if (options.validation !== undefined) {
    checkRows('fit', options.validation, options.model.labels)
    return
  }
  const { keep = 'last', patience = 'none', plateau } = options
  if (keep === 'best' || patience !== 'none' || plateau !== undefined) {
    throw new ArgumentError({
      operation: 'fit',
      inputs: { keep, patience, ...(plateau === undefined ? {} : { plateau: 'given' }) },
      rule: 'keep: best, patience and plateau need validation rows',
    })
  }
}
