/** Pretraining as a config says it: denoising on all training rows, labelled or not. */
import type { Dataset, ExperimentConfig } from '@rootstock/data'
import type { FitError, FitEvent, MlpParams, Trunk } from '@rootstock/heads'
import {
  type Corruption,
  type Denoised,
  type DenoiserParams,
  denoise,
  gaussian,
  masking,
  type Scored,
  saltAndPepper,
  swap,
} from '@rootstock/pretrain'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { optimizerOf } from './optimizer.ts'

/** What a config says about pretraining. */
export type PretrainingConfig = NonNullable<ExperimentConfig['pretraining']>

const corruptionOf = (corruption: PretrainingConfig['corruption']): Corruption => {
  switch (corruption.kind) {
    case 'masking':
      return masking(corruption)
    case 'gaussian':
      return gaussian(corruption)
    case 'saltAndPepper':
      return saltAndPepper(corruption)
    case 'swap':
      return swap(corruption)
  }
}

/** What pretraining needs beside its config. */
export interface PretrainOptions {
  readonly trunk: Trunk<MlpParams>
  readonly data: Dataset
  readonly seed: number
  readonly onEvent: (event: FitEvent<Scored>) => void
}

/** Pretrains the trunk of an experiment. */
export const pretrainTrunk = (
  config: ExperimentConfig,
  pretraining: PretrainingConfig,
  { trunk, data, seed, onEvent }: PretrainOptions,
): TaskEither<FitError<DenoiserParams<MlpParams>, Scored>, Denoised<MlpParams>> => {
  const { epochs, positions, batchSize = config.batchSize, learningRate } = pretraining
  const { decoder, variance } = pretraining
  const steps = epochs * Math.ceil(data.rows / batchSize)
  const optimizer = { ...config.optimizer, ...(learningRate === undefined ? {} : { learningRate }) }
  return denoise({
    data,
    trunk,
    columns: data.columns,
    corruption: corruptionOf(pretraining.corruption),
    positions,
    ...(decoder === undefined ? {} : { decoder }),
    ...(variance === undefined ? {} : { variance }),
    optimizer: optimizerOf(optimizer, steps),
    epochs,
    batchSize,
    seed,
    onEvent,
  })
}
