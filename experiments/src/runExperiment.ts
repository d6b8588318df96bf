/** An experiment from its data to a run that can be reported: pretrain, then compare. */
import { currentBackend } from '@rootstock/core'
import type { ExperimentConfig } from '@rootstock/data'
import { type CompareEvent, compare, type Run } from '@rootstock/eval'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { armsOf } from './arms.ts'
import type { Failure } from './failure.ts'
import type { Experiment } from './loadExperiment.ts'
import { modelOf, type TableModel, trunkOf, weightingOf } from './model.ts'
import type { Progress } from './progress.ts'
import { type Trunks, trunksOf } from './trunks.ts'

/** A run, and what the machine gave for it. */
export interface ExperimentRun extends Run {
  /** The most memory that the process held, in bytes. */
  readonly peakMemory: number
  /** Whether one pretrained trunk served all seeds. */
  readonly pretrained: 'never' | 'once' | 'for each seed'
}

const none: Trunks = {
  of: () => {
    throw new Error('no arm of this experiment starts from a pretrained trunk')
  },
  curves: [],
  seconds: 0,
  nats: [],
}

const seedsOf = ({ seed, seeds }: ExperimentConfig): readonly number[] =>
  Array.from({ length: seeds }, (_, i) => seed + i)

const showTrial =
  (progress: Progress) =>
  (event: CompareEvent): void => {
    if (event._tag !== 'TrialStepped') return
    const { number, trials, arm, labels, seed, secondsLeft } = event
    progress.show({
      what: 'comparing',
      done: (number - 1) / trials,
      detail: `${number} of ${trials}: ${arm}, ${labels.toLocaleString('en-US')} labels, seed ${seed}`,
      secondsLeft,
    })
  }

const compareArms = (
  { config, data, tasks }: Experiment,
  model: TableModel,
  trunks: Trunks,
  progress: Progress,
) => {
  const arms = armsOf({ config, model, weighting: weightingOf(config), trunk: trunks.of })
  const names = Object.keys(arms)
  return compare({
    name: config.name,
    model,
    train: data.train,
    test: data.test,
    arms,
    reference: names.includes('scratch') ? 'scratch' : names[0]!,
    labels: config.labels,
    seeds: seedsOf(config),
    metrics: Object.fromEntries(tasks.map(({ name, metric }) => [name, metric])),
    units: Object.fromEntries(
      tasks.flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, unit]])),
    ),
    onEvent: showTrial(progress),
  })
}

const natsText = ({ nats }: Trunks): string =>
  nats
    .map(
      ({ kind, nats: found, marginal }) =>
        `${kind} ${found.toFixed(3)} (ignoring the row ${marginal.toFixed(3)})`,
    )
    .join(', ')

/** Pretrains where the config says so, trains all arms and scores them on the test rows. */
export const runExperiment = (
  experiment: Experiment,
  progress: Progress,
): TE.TaskEither<Failure, ExperimentRun> => {
  const { config, data } = experiment
  const { pretraining } = config
  const trunk = trunkOf(config.trunk, data.train.width)
  const model = modelOf(trunk, data.train)
  const options = { config, trunk, data: data.train, seeds: seedsOf(config), progress }
  return pipe(
    pretraining === undefined ? TE.right(none) : trunksOf({ ...options, pretraining }),
    TE.tapIO((trunks) => () => {
      if (pretraining !== undefined) progress.say(`pretrained   nats per cell: ${natsText(trunks)}`)
    }),
    TE.bindTo('trunks'),
    TE.bind('compared', ({ trunks }) =>
      pipe(
        compareArms(experiment, model, trunks, progress),
        TE.mapLeft((): Failure => ({ _tag: 'Stopped' })),
      ),
    ),
    TE.map(({ trunks, compared }) => ({
      ...compared,
      backend: currentBackend().name,
      config,
      curves: [...trunks.curves, ...compared.curves],
      phases: [
        ...(pretraining === undefined ? [] : [{ name: 'pretraining', seconds: trunks.seconds }]),
        ...compared.phases,
      ],
      peakMemory: process.resourceUsage().maxRSS * 1024,
      pretrained:
        pretraining === undefined ? 'never' : pretraining.perSeed ? 'for each seed' : 'once',
    })),
  )
}
