/** The way all fits train: AdamW along one cycle of the learning rate, a line after each epoch. */
import { adamW, chain, clipByGlobalNorm, oneCycle } from '@rootstock/core'
import { type FitOptions, type Fitted, fit } from '@rootstock/heads'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { durationText } from '../src/progress.ts'
import type { FitContext, FitFailure } from './fit.ts'

/** What differs between fits. */
export interface TrainingOptions<Params, Task extends string>
  extends Pick<
    FitOptions<Params, Task>,
    'model' | 'data' | 'weighting' | 'epochs' | 'batchSize' | 'seed'
  > {
  /** The highest learning rate. */
  readonly rate: number
  /** Weight decay of weights; biases and norms have none. */
  readonly decay: number
  /** The largest norm of all gradients together. Default none. */
  readonly clip?: number
}

/** Trains and says how it goes. */
export const train = <Params, Task extends string>(
  { rate, decay, clip, ...options }: TrainingOptions<Params, Task>,
  { limit, say }: FitContext,
): TE.TaskEither<FitFailure, Fitted<Params, Task>> => {
  const epochs = limit?.epochs ?? options.epochs
  const steps = epochs * Math.ceil(options.data.rows / options.batchSize)
  const descent = adamW({
    learningRate: oneCycle({ rate, steps }),
    weightDecay: decay,
    decays: (path) => path.endsWith('weight'),
  })
  const optimizer = clip === undefined ? descent : chain(clipByGlobalNorm(clip), descent)
  return pipe(
    fit({
      ...options,
      epochs,
      optimizer,
      onEvent: (event) => {
        if (event._tag !== 'EpochEnded') return
        const losses = Object.entries<number | null>(event.losses)
        const each = losses.map(([task, loss]) => `${task} ${loss?.toFixed(4) ?? 'unlabelled'}`)
        say(`epoch ${event.epoch} of ${epochs}, ${durationText(event.seconds)}: ${each.join(', ')}`)
      },
    }),
    TE.mapLeft((error): FitFailure => ({ _tag: 'TrainingEnded', error })),
  )
}
