/** How training can end without a model: a closed sum, and one text for each case. */

import type { TrainingState } from './step.ts'

/** A number of the data: an input by row and column, or a label by row and task. */
export type Source<Task extends string> =
  | { readonly row: number; readonly column: number }
  | { readonly row: number; readonly label: Task }

/**
 * A loss or a gradient was not finite; `params` are those before the step, which was not made, or
 * their running mean where one was asked for.
 */
export interface Diverged<Params, Task extends string = string> {
  readonly _tag: 'Diverged'
  readonly cause: 'loss' | 'gradient'
  /** The first task whose loss or gradient was not finite; null when only the combined one was. */
  readonly task: Task | null
  /** The first parameter whose gradient was not finite; null for a loss. */
  readonly parameter: string | null
  /** The first number of the batch that was not finite, if that is why: the row of the data, and the column or the task. */
  readonly source: Source<string> | null
  /** Counted from 1, as is `epoch`. */
  readonly step: number
  readonly epoch: number
  readonly params: Params
}

/** The signal was aborted; `params` are those after the last complete step, or their running mean where one was asked for. */
export interface Aborted<Params> {
  readonly _tag: 'Aborted'
  /** Steps made. */
  readonly step: number
  readonly params: Params
  /** The state after that step, to go on from. */
  readonly state: TrainingState
}

/** How `fit` fails. */
export type FitError<Params, Task extends string = string> =
  | Diverged<Params, Task>
  | Aborted<Params>

const explainSource = (source: Source<string> | null): string => {
  if (source === null) return 'a smaller learning rate or clipByGlobalNorm usually helps'
  const what = 'label' in source ? `its label of "${source.label}"` : `its input ${source.column}`
  return `row ${source.row} of the data is to blame: ${what} is not finite`
}

const explainDiverged = (error: Diverged<unknown>): string => {
  const at = `at step ${error.step} (epoch ${error.epoch})`
  const of = error.task === null ? '' : ` of task "${error.task}"`
  const where = error.parameter === null ? '' : ` with respect to ${error.parameter}`
  return (
    `training stopped ${at}: the ${error.cause}${of}${where} is not finite; ` +
    `the parameters before this step are kept; ${explainSource(error.source)}`
  )
}

/**
 * A sentence for a person.
 * @example
 * ```ts
 * import { explainFit } from '@rootstock/heads'
 * const where = { step: 3, epoch: 1, params: {}, source: null, parameter: null }
 * console.log(explainFit({ _tag: 'Diverged', cause: 'loss', task: 'width', ...where }))
 * ```
 */
export const explainFit = (error: Diverged<unknown> | Omit<Aborted<unknown>, 'state'>): string =>
  error._tag === 'Diverged'
    ? explainDiverged(error)
    : `training was aborted after step ${error.step}; the parameters after this step are kept`
