/** Everything that can end a run without a report: failures of the world, each explained by the package it comes from. */
import { type ConfigError, type DataError, explain, explainConfig } from '@rootstock/data'
import { explainReport, type MetricName, type ReportUnwritable } from '@rootstock/eval'
import { explainFit, type FitError } from '@rootstock/heads'
import { explainUsage, type UsageError } from './commandLine.ts'

/** A metric of the config that the kind of its task does not have. */
export interface MetricUnfit {
  readonly _tag: 'MetricUnfit'
  readonly task: string
  readonly kind: 'classification' | 'regression'
  readonly metric: MetricName
  readonly fitting: readonly MetricName[]
}

/** Pixels that are to be scored as probabilities and are none. */
export interface PixelsUnfit {
  readonly _tag: 'PixelsUnfit'
  readonly image: string
}

/** A file that could not be written. */
export interface FileUnwritable {
  readonly _tag: 'FileUnwritable'
  readonly path: string
  readonly reason: string
}

/** Why there is no report. */
export type Failure =
  | UsageError
  | ConfigError
  /** The data, and the folder that their paths are relative to. */
  | { readonly _tag: 'DataUnusable'; readonly error: DataError; readonly folder: string }
  | MetricUnfit
  | PixelsUnfit
  /** Pretraining ended early. */
  | { readonly _tag: 'PretrainingEnded'; readonly error: FitError<unknown> }
  /** The user stopped the run. */
  | { readonly _tag: 'Stopped' }
  | FileUnwritable
  | ReportUnwritable

const explainData = (error: DataError, folder: string): string =>
  error._tag === 'FileAbsent'
    ? `${explain(error)}\n  paths are relative to ${folder}; --data <folder> names another`
    : explain(error)

/** The message for a user. */
export const explainFailure = (failure: Failure): string => {
  switch (failure._tag) {
    case 'UsageError':
      return explainUsage(failure)
    case 'DataUnusable':
      return explainData(failure.error, failure.folder)
    case 'MetricUnfit': {
      const { task, kind, metric, fitting } = failure
      return `task ${JSON.stringify(task)} is a ${kind}, which has no ${metric}; it has ${fitting.join(', ')}`
    }
    case 'PixelsUnfit':
      return `pretraining.pixels is "bernoulli", but the image ${JSON.stringify(failure.image)} has pixels outside of 0 to 1; scale it by "unit", or say "gaussian"`
    case 'PretrainingEnded':
      return `pretraining: ${explainFit(failure.error)}`
    case 'Stopped':
      return 'stopped before the comparison was done; there is no report'
    case 'FileUnwritable':
      return `${failure.path}: cannot be written: ${failure.reason}`
    case 'ReportUnwritable':
      return explainReport(failure)
    default:
      return explainConfig(failure)
  }
}
