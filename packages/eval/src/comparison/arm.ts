/** What an arm is: a way to make a model from rows of which few have labels. Comparisons know nothing else about it. */
import type { Dataset } from '@rootstock/data'
import type { FitError, FitEvent } from '@rootstock/heads'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { TransferError } from '../transfer/trained.ts'

/** What an arm is given: the same rows and labels as every other arm of the comparison. */
export interface ArmContext {
  /** All training rows; only the drawn ones have labels. */
  readonly data: Dataset
  /** How many rows have labels. */
  readonly labels: number
  /** Decides the arm's initial parameters and noise. */
  readonly seed: number
  readonly signal?: AbortSignal | undefined
  /** To be told what happens, for progress, loss curves and the count of steps; `fit` takes it as it is. */
  readonly onEvent: (event: FitEvent<string>) => void
}

/** Why an arm gave no model. */
export interface Failure {
  readonly _tag: string
}

/** Trains a model in a context: parameters, or the reason that there are none. */
export type Arm<Params, E extends Failure = ArmError> = (
  context: ArmContext,
) => TaskEither<E, Params>

/** How the arms of this package fail. */
export type ArmError = FitError<unknown> | TransferError<unknown>

/** Parameters of a trunk that was trained elsewhere: the same for all seeds, or its own for each seed. */
export type Pretrained<TrunkParams> = TrunkParams | ((seed: number) => TrunkParams)

/** The parameters of a trunk for a seed. */
export const pretrainedFor = <TrunkParams>(
  trunk: Pretrained<TrunkParams>,
  seed: number,
): TrunkParams =>
  typeof trunk === 'function' ? (trunk as (seed: number) => TrunkParams)(seed) : trunk
