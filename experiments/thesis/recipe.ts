/**
 * The recipe: one hidden layer of 500, pretrained by repairing images half of whose pixels are masked while half of its units are
 * dropped, then trained with few labels; beside it the same without any noise, a plain autoencoder. All arms train in the same way
 * for the same number of steps.
 */
import { adam, fanInUniform, type Initializer } from '@rootstock/core'
import type { Dataset } from '@rootstock/data'
import { type Arm, fineTuned, scratch } from '@rootstock/eval'
import {
  classification,
  type FitError,
  type FitEvent,
  type MlpParams,
  mlp,
  multitask,
} from '@rootstock/heads'
import {
  type Denoised,
  type DenoiserParams,
  denoise,
  masking,
  type Scored,
} from '@rootstock/pretrain'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { idxClasses } from '../fits/idxImages.ts'
import { balanced } from './digits.ts'

/** Ways for weights to start. */
export const starts = ['usual', 'fanIn'] as const

/** A way for weights to start. */
export type Start = (typeof starts)[number]

/** Shares of pixels that are masked and of hidden units that are dropped. */
export interface Noise {
  readonly pixels: number
  readonly hidden: number
}

/** What a run of the thesis is made of. */
export interface Recipe {
  /** Width of the hidden layer. */
  readonly hidden: number
  /** Shares of inputs and hidden units that are dropped in training with labels. */
  readonly dropout: { readonly input: number; readonly hidden: number }
  /** What is noisy in pretraining, by arm. */
  readonly noise: { readonly autoencoder: Noise; readonly denoising: Noise }
  /** How weights start: as the package thinks best, or uniform in 1 / sqrt(inputs of the layer) as PyTorch's do. */
  readonly start: Start
  readonly learningRate: number
  readonly batchSize: number
  readonly pretrainingEpochs: number
  /** Passes over the labelled rows, or as many more as it takes to make so many steps. */
  readonly epochs: number
  readonly minSteps: number
}

/**
 * The recipe of a table measured with PyTorch, so weights start as there. Epochs and steps of training with labels, and dropout in
 * pretraining, which it leaves open, were chosen by held-out images. Hidden units are dropped in the denoising arm only: dropping them is a noise too, and helps
 * an autoencoder without masks.
 */
export const recipe: Recipe = {
  hidden: 500,
  dropout: { input: 0.2, hidden: 0.5 },
  noise: { autoencoder: { pixels: 0, hidden: 0 }, denoising: { pixels: 0.5, hidden: 0.5 } },
  start: 'fanIn',
  learningRate: 1e-3,
  batchSize: 128,
  pretrainingEpochs: 10,
  epochs: 100,
  minSteps: 2000,
}

const initOf = (start: Start): { readonly init?: Initializer } =>
  start === 'usual' ? {} : { init: fanInUniform }

/** The arms that start from a pretrained trunk. */
export type PretrainedArm = keyof Recipe['noise']

/** Their names. */
export const pretrainedArms = ['autoencoder', 'denoising'] as const satisfies PretrainedArm[]

/** The digits of the experiment. */
export type Digits = Dataset<'class'>

/** Who hears of pretraining, and what stops it. */
export interface PretrainOptions {
  readonly seed: number
  readonly onEvent: (event: FitEvent<Scored>) => void
  readonly signal: AbortSignal
}

/** Pretrains the trunk of an arm on all images, labelled or not. Pixels are scored as probabilities, all of them. */
export const pretrain = (
  { hidden, noise, start, learningRate, batchSize, pretrainingEpochs }: Recipe,
  arm: PretrainedArm,
  data: Digits,
  options: PretrainOptions,
): TaskEither<FitError<DenoiserParams<MlpParams>, Scored>, Denoised<MlpParams>> =>
  denoise({
    ...options,
    data,
    trunk: mlp({
      in: data.width,
      hidden: [hidden],
      dropout: { hidden: noise[arm].hidden },
      ...initOf(start),
    }),
    columns: data.columns.map((column) => ({ ...column, kind: 'binary' })),
    corruption: masking({ probability: noise[arm].pixels }),
    optimizer: adam({ learningRate }),
    epochs: pretrainingEpochs,
    batchSize,
  })

/** Pretrained trunks by arm and seed. */
export type TrunkOf = (arm: PretrainedArm, seed: number) => MlpParams

/** The model, and its arms; each draws as many labels as it is given anew, equally many of each class, and all draw the same. */
export const contestants = (
  { hidden, dropout, start, learningRate, batchSize, epochs, minSteps }: Recipe,
  train: Digits,
  trunkOf: TrunkOf,
) => {
  const trunk = mlp({ in: train.width, hidden: [hidden], dropout, ...initOf(start) })
  const model = multitask(trunk, {
    class: classification({ classes: idxClasses, ...initOf(start) }),
  })
  type Params = ReturnType<typeof model.init>
  const optimizer = adam({ learningRate })
  const training = { model, optimizer, batchSize, epochs, minSteps }
  const fairly =
    (arm: Arm<Params>): Arm<Params> =>
    (context) =>
      arm({ ...context, data: balanced(train, context.labels, context.seed) })
  const from = (arm: PretrainedArm): Arm<Params> =>
    fairly(fineTuned({ ...training, trunk: (seed) => trunkOf(arm, seed), strategy: 'full' }))
  const arms = {
    scratch: fairly(scratch(training)),
    autoencoder: from('autoencoder'),
    denoising: from('denoising'),
  }
  return { model, arms }
}
