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

/** The columns as they are scored: the pixels of an image may be probabilities. */
const scored = (columns: Dataset['columns'], pixels: PretrainingConfig['pixels']) =>
  columns.map((column) =>
    column.shape !== undefined && pixels === 'bernoulli'
      ? { ...column, kind: 'binary' as const }
      : column,
  )

/** The first image with a pixel that is no probability. */
export const improbableImage = ({ rows, width, inputs, columns }: Dataset): string | undefined => {
  const isProbability = (value: number): boolean => value >= 0 && value <= 1
  const images = columns.filter(({ shape }) => shape !== undefined)
  return images.find(({ from, to }) => {
    for (let row = 0; row < rows; row++)
      if (!inputs.subarray(row * width + from, row * width + to).every(isProbability)) return true
    return false
  })?.name
}

/** What pretraining needs beside its config. */
export interface PretrainOptions {
  readonly trunk: Trunk<MlpParams>
  readonly data: Dataset
  readonly seed: number
  readonly signal?: AbortSignal | undefined
  readonly onEvent: (event: FitEvent<Scored>) => void
}

/** Pretrains the trunk of an experiment. */
export const pretrainTrunk = (
  config: ExperimentConfig,
  pretraining: PretrainingConfig,
  { trunk, data, seed, signal, onEvent }: PretrainOptions,
): TaskEither<FitError<DenoiserParams<MlpParams>, Scored>, Denoised<MlpParams>> => {
  const { epochs, positions, batchSize = config.batchSize, learningRate } = pretraining
  const { decoder, variance } = pretraining
  const steps = epochs * Math.ceil(data.rows / batchSize)
  const optimizer = { ...config.optimizer, ...(learningRate === undefined ? {} : { learningRate }) }
  return denoise({
    data,
    trunk,
    columns: scored(data.columns, pretraining.pixels),
    corruption: corruptionOf(pretraining.corruption),
    positions,
    ...(decoder === undefined ? {} : { decoder }),
    ...(variance === undefined ? {} : { variance }),
    optimizer: optimizerOf(optimizer, steps),
    epochs,
    batchSize,
    seed,
    onEvent,
    ...(signal === undefined ? {} : { signal }),
  })
}
