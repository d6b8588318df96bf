/** What a fit is: a recipe that trains one model on public data and has to reach a score. */
import { type DataError, explain } from '@rootstock/data'
import { explainFit, type FitError } from '@rootstock/heads'
import type * as TE from 'fp-ts/lib/TaskEither.js'

/** How to run a fit. */
export interface FitContext {
  /** The folder of the public data sets. */
  readonly folder: string
  /** Whether to score rows held out of the training rows, so that settings can be chosen without a look at the test rows. */
  readonly validate: boolean
  /** Cuts the fit short: the most rows of each part, and the passes over them. */
  readonly limit?: { readonly rows: number; readonly epochs: number }
  /** Writes a line. */
  readonly say: (line: string) => void
}

/** A score, and what it has to be. */
export interface Reached {
  readonly what: string
  readonly value: number
  readonly atLeast?: number
  readonly atMost?: number
}

/** Why a fit gave no score. */
export type FitFailure =
  | { readonly _tag: 'DataUnusable'; readonly error: DataError }
  | { readonly _tag: 'TrainingEnded'; readonly error: FitError<unknown> }

/** A recipe with its data. */
export interface Fit {
  readonly description: string
  readonly run: (context: FitContext) => TE.TaskEither<FitFailure, readonly Reached[]>
}

/** Wraps what reading gave. */
export const unusable = (error: DataError): FitFailure => ({ _tag: 'DataUnusable', error })

/** The failure in words. */
export const explainFailure = (failure: FitFailure): string =>
  failure._tag === 'DataUnusable'
    ? `${explain(failure.error)}\n  --data <folder> says where the public data sets are`
    : explainFit(failure.error)

/** A score as a line: what it is, whether it is what it has to be. */
export const reachedText = ({ what, value, atLeast, atMost }: Reached): string => {
  const bars = [
    ...(atLeast === undefined ? [] : [{ text: `at least ${atLeast}`, met: value >= atLeast }]),
    ...(atMost === undefined ? [] : [{ text: `at most ${atMost}`, met: value <= atMost }]),
  ]
  const asked = bars.map(({ text, met }) => `${text}: ${met ? 'reached' : 'missed'}`)
  return [`${what} ${value.toFixed(4)}`, ...asked].join(', ')
}
