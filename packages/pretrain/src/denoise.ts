/** Pretraining a trunk on rows without labels. */
import { ArgumentError } from '@rootstock/core'
import {
  type EpochSummary,
  type FitError,
  type FitEvent,
  fit,
  type Optimizer,
  type TrainingState,
} from '@rootstock/heads'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Column, Scored } from './column.ts'
import {
  type DecoderParams,
  type DenoiserOptions,
  type DenoiserParams,
  denoiser,
} from './denoiser.ts'
import { type Inputs, marginalNats } from './marginal.ts'

/** Options of `denoise`. */
export interface DenoiseOptions<TrunkParams> extends DenoiserOptions<TrunkParams> {
  /** Rows to learn from; labels, if they have any, are not looked at. */
  readonly data: Inputs
  readonly optimizer: Optimizer
  readonly epochs: number
  readonly batchSize: number
  readonly seed: number
  /** Rows to measure reconstruction on after each epoch. */
  readonly validation?: Inputs
  /** Parameters to start from; drawn from the seed when absent. */
  readonly params?: DenoiserParams<TrunkParams>
  /** A state to go on from, to the same bits as without the pause. */
  readonly state?: TrainingState
  readonly signal?: AbortSignal
  readonly onEvent?: (event: FitEvent<Scored>) => void
}

/** What pretraining gives. */
export interface Denoised<TrunkParams> {
  /** Parameters of the trunk, to graft onto a model. */
  readonly trunk: TrunkParams
  readonly decoder: DecoderParams
  /** Nats per cell by kind of column, epoch by epoch. */
  readonly history: readonly EpochSummary<Scored>[]
  /** Nats per cell of the best prediction that ignores the row: what reconstruction has to beat. */
  readonly marginal: Readonly<Record<string, number>>
  readonly steps: number
  readonly seconds: number
  readonly state: TrainingState
}

const expectCoins = ({ rows, width, inputs }: Inputs, columns: readonly Column[]): void => {
  for (const { name, kind, from, to } of columns) {
    if (kind === 'numeric') continue
    for (let row = 0; row < rows; row++) {
      for (let at = row * width + from; at < row * width + to; at++) {
        const value = inputs[at]!
        if (value >= 0 && value <= 1) continue
        throw new ArgumentError({
          operation: 'denoise',
          inputs: { column: name, kind, row, value },
          rule: `features of ${kind} columns must be between 0 and 1`,
        })
      }
    }
  }
}

const unlabelled = ({ rows, width, inputs }: Inputs) => ({ rows, width, inputs, targets: {} })

/**
 * Trains a trunk to undo a corruption: reconstruct each row from a corrupted copy of it, scored in nats per cell (Vincent et al.,
 * Extracting and Composing Robust Features with Denoising Autoencoders, 2008). No label is needed.
 * @example
 * ```ts
 * import { adam } from '@rootstock/core'
 * import { mlp } from '@rootstock/heads'
 * import { denoise, swap } from '@rootstock/pretrain'
 * const data = { rows: 4, width: 2, inputs: Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3) }
 * const result = await denoise({
 *   data,
 *   trunk: mlp({ in: 2, hidden: [8] }),
 *   columns: [{ name: 'twins', kind: 'numeric', from: 0, to: 2 }],
 *   corruption: swap({ probability: 0.3 }),
 *   optimizer: adam(),
 *   epochs: 5,
 *   batchSize: 4,
 *   seed: 7,
 * })()
 * console.log(result._tag) // Right
 * ```
 */
export const denoise = <TrunkParams>(
  options: DenoiseOptions<TrunkParams>,
): TE.TaskEither<FitError<DenoiserParams<TrunkParams>, Scored>, Denoised<TrunkParams>> => {
  const { data, validation, columns, variance = 1, optimizer, epochs, batchSize, seed } = options
  const { params, state, signal, onEvent } = options
  const model = denoiser(options)
  expectCoins(data, columns)
  const optional = {
    ...(validation === undefined ? {} : { validation: unlabelled(validation) }),
    ...(params === undefined ? {} : { params }),
    ...(state === undefined ? {} : { state }),
    ...(signal === undefined ? {} : { signal }),
    ...(onEvent === undefined ? {} : { onEvent }),
  }
  const { weighting } = model
  return pipe(
    fit({
      model,
      data: unlabelled(data),
      weighting,
      optimizer,
      epochs,
      batchSize,
      seed,
      ...optional,
    }),
    TE.map((fitted) => ({
      trunk: fitted.params.trunk,
      decoder: fitted.params.decoder,
      history: fitted.history,
      marginal: marginalNats(data, columns, variance),
      steps: fitted.steps,
      seconds: fitted.seconds,
      state: fitted.state,
    })),
  )
}
