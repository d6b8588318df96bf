/** One run of the thesis: for each seed pretraining, then the comparison, with what both cost. */
import { currentBackend } from '@rootstock/core'
import type { Prepared } from '@rootstock/data'
import { type Compared, compare, type PhaseTime, type Run } from '@rootstock/eval'
import type { FitEvent, MlpParams } from '@rootstock/heads'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../src/failure.ts'
import { type Progress, paceText } from '../src/progress.ts'
import { showTrial } from '../src/showTrial.ts'
import { contestants, type PretrainedArm, pretrain, pretrainedArms, type Recipe } from './recipe.ts'
import type { Request } from './request.ts'

/** What a run is given. */
export interface ThesisOptions extends Pick<Request, 'labels' | 'seeds'> {
  readonly recipe: Recipe
  readonly data: Prepared<'class'>
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** A pretrained trunk and what it took. */
interface Pretrained {
  readonly trunk: MlpParams
  /** Nats per pixel in the last epoch. */
  readonly nats: number
  readonly seconds: number
}

/** Both pretrained trunks of a seed. */
type Trunks = Readonly<Record<PretrainedArm, Pretrained>>

/** All of one seed. */
interface SeedRun {
  readonly seed: number
  readonly trunks: Trunks
  readonly compared: Compared
}

type Contest = ReturnType<typeof contestants>

const showPretraining =
  (progress: Progress, arm: PretrainedArm, seed: number) =>
  (event: FitEvent<string>): void => {
    if (event._tag !== 'Stepped') return
    const { step, steps, rowsPerSecond, losses, secondsLeft } = event
    progress.show({
      what: `seed ${seed}, pretraining the ${arm} arm`,
      done: step / steps,
      detail: paceText(rowsPerSecond, losses),
      secondsLeft,
    })
  }

const pretrainOne =
  ({ recipe, data, progress, signal }: ThesisOptions, seed: number) =>
  (arm: PretrainedArm): TE.TaskEither<Failure, Pretrained> =>
    pipe(
      pretrain(recipe, arm, data.train, {
        seed,
        onEvent: showPretraining(progress, arm, seed),
        signal,
      }),
      TE.bimap(
        (error): Failure =>
          error._tag === 'Aborted' ? { _tag: 'Stopped' } : { _tag: 'PretrainingEnded', error },
        ({ trunk, seconds, history }) => ({
          trunk,
          seconds,
          nats: history.at(-1)?.losses.binary ?? Number.NaN,
        }),
      ),
    )

const compareOne = (
  { data, labels, progress, signal }: ThesisOptions,
  { model, arms }: Contest,
  seed: number,
): TE.TaskEither<Failure, Compared> => {
  const onEvent = showTrial(progress)
  return pipe(
    compare({ name: 'thesis', model, ...data, arms, labels, seeds: [seed], onEvent, signal }),
    TE.mapLeft((): Failure => ({ _tag: 'Stopped' })),
  )
}

/** Errors of a seed in percent, as a line. */
const lineOf = ({ seed, compared }: SeedRun): string => {
  const errors = compared.labelCounts.map((labels) => {
    const of = compared.scores.filter((score) => score.labels === labels)
    const texts = of.map(({ metrics }) => (100 * (1 - (metrics.accuracy ?? Number.NaN))).toFixed(2))
    return `${labels} labels ${texts.join(', ')}`
  })
  return `seed ${seed}: errors of ${compared.arms.join(', ')}: ${errors.join('; ')}`
}

const phasesOf = (runs: readonly SeedRun[]): readonly PhaseTime[] => {
  const seconds = (name: string) =>
    runs.reduce(
      (sum, { compared }) =>
        sum + (compared.phases.find((phase) => phase.name === name)?.seconds ?? 0),
      0,
    )
  const trunks = runs.flatMap(({ trunks: both }) => Object.values(both))
  return [
    { name: 'pretraining', seconds: trunks.reduce((sum, trunk) => sum + trunk.seconds, 0) },
    ...runs[0]!.compared.arms.map((name) => ({ name, seconds: seconds(name) })),
  ]
}

/** The runs of all seeds as one. */
const merged = ({ recipe }: ThesisOptions, runs: readonly SeedRun[]): Run => ({
  ...runs[0]!.compared,
  seeds: runs.map(({ seed }) => seed),
  scores: runs.flatMap(({ compared }) => compared.scores),
  trials: runs.flatMap(({ compared }) => compared.trials),
  curves: runs.flatMap(({ compared }) => compared.curves),
  phases: phasesOf(runs),
  backend: currentBackend().name,
  config: {
    ...recipe,
    nats: runs.map(({ seed, trunks }) => ({
      seed,
      ...Object.fromEntries(pretrainedArms.map((arm) => [arm, trunks[arm].nats])),
    })),
  },
})

/**
 * Pretrains both trunks and compares all arms, seed after seed. When it is stopped, the seeds that were finished are the result, if
 * there are any.
 */
export const runThesis =
  (options: ThesisOptions): TE.TaskEither<Failure, Run> =>
  async () => {
    const { recipe, data, seeds, progress } = options
    const known = new Map<number, Trunks>()
    const contest = contestants(
      recipe,
      data.train,
      (arm: PretrainedArm, seed: number) => known.get(seed)![arm].trunk,
    )
    const runs: SeedRun[] = []
    for (const seed of seeds) {
      const one = pretrainOne(options, seed)
      const result = await pipe(
        TE.Do,
        TE.bind('autoencoder', () => one('autoencoder')),
        TE.bind('denoising', () => one('denoising')),
        TE.tapIO((trunks) => () => known.set(seed, trunks)),
        TE.bindTo('trunks'),
        TE.bind('compared', () => compareOne(options, contest, seed)),
      )()
      if (E.isLeft(result)) {
        if (result.left._tag === 'Stopped' && runs.length > 0) break
        return result
      }
      const run = { seed, ...result.right }
      runs.push(run)
      progress.say(lineOf(run))
    }
    return E.right(merged(options, runs))
  }
