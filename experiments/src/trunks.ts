/** The trunks of an experiment: pretrained once, or anew for each seed so that the intervals hold that chance too. */
import type { Dataset, ExperimentConfig } from '@rootstock/data'
import type { LossCurve } from '@rootstock/eval'
import type { EpochSummary, FitEvent, MlpParams, Trunk } from '@rootstock/heads'
import type { Denoised, Scored } from '@rootstock/pretrain'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from './failure.ts'
import { type PretrainingConfig, pretrainTrunk } from './pretrainTrunk.ts'
import { type Progress, paceText } from './progress.ts'

/** Pretrained trunks and what there is to tell about them. */
export interface Trunks {
  /** Parameters for a seed. */
  readonly of: (seed: number) => MlpParams
  readonly curves: readonly LossCurve[]
  readonly seconds: number
  /** Nats per cell at the end, and of the best guess that ignores the row, both by kind of column. */
  readonly nats: readonly {
    readonly kind: string
    readonly nats: number
    readonly marginal: number
  }[]
}

const curvesOf = (
  history: readonly EpochSummary<Scored>[],
  steps: number,
  seed: number,
): readonly LossCurve[] => {
  const kinds = Object.keys(history[0]?.losses ?? {}) as Scored[]
  return kinds.map((task) => ({
    phase: 'pretraining',
    task,
    seed,
    points: history.flatMap(({ epoch, losses }) => {
      const loss = losses[task]
      return loss === null ? [] : [[Math.round((steps * epoch) / history.length), loss] as const]
    }),
  }))
}

const meanOver = (runs: readonly Denoised<MlpParams>[], kind: Scored): number =>
  runs.reduce((sum, { history }) => sum + (history.at(-1)?.losses[kind] ?? 0), 0) / runs.length

const natsOf = (runs: readonly Denoised<MlpParams>[]): Trunks['nats'] =>
  Object.entries(runs[0]?.marginal ?? {}).map(([kind, marginal]) => ({
    kind,
    nats: meanOver(runs, kind as Scored),
    marginal,
  }))

const show =
  (progress: Progress, number: number, count: number) =>
  (event: FitEvent<Scored>): void => {
    if (event._tag !== 'Stepped') return
    const { step, steps, epoch, epochs, rowsPerSecond, losses, secondsLeft } = event
    const which = count === 1 ? '' : `trunk ${number + 1} of ${count}, `
    const place = `${which}epoch ${epoch} of ${epochs}`
    progress.show({
      what: 'pretraining',
      done: (number + step / steps) / count,
      detail: `${place}, ${paceText(rowsPerSecond, losses)}`,
      secondsLeft: secondsLeft + ((count - number - 1) * secondsLeft * steps) / (steps - step + 1),
    })
  }

/** What the trunks are made from. */
export interface TrunksOptions {
  readonly config: ExperimentConfig
  readonly pretraining: PretrainingConfig
  readonly trunk: Trunk<MlpParams>
  readonly data: Dataset
  readonly seeds: readonly number[]
  readonly progress: Progress
  readonly signal?: AbortSignal | undefined
}

/** Pretrains the trunks of an experiment. */
export const trunksOf = (options: TrunksOptions): TE.TaskEither<Failure, Trunks> => {
  const { config, pretraining, trunk, data, progress, signal } = options
  const seeds = pretraining.perSeed ? options.seeds : options.seeds.slice(0, 1)
  return pipe(
    seeds.map((seed, i) => ({ seed, onEvent: show(progress, i, seeds.length) })),
    TE.traverseSeqArray(({ seed, onEvent }) =>
      pretrainTrunk(config, pretraining, { trunk, data, seed, signal, onEvent }),
    ),
    TE.bimap(
      (error): Failure =>
        error._tag === 'Aborted' ? { _tag: 'Stopped' } : { _tag: 'PretrainingEnded', error },
      (runs) => ({
        of: (seed) => runs[Math.max(0, seeds.indexOf(seed))]!.trunk,
        curves: runs.flatMap(({ history, steps }, i) => curvesOf(history, steps, seeds[i]!)),
        seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0),
        nats: natsOf(runs),
      }),
    ),
  )
}
