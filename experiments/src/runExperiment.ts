/** An experiment from its data to a run that can be reported: pretrain, then compare. */
import { currentBackend } from '@rootstock/core'
import type { ExperimentConfig } from '@rootstock/data'
import { type Compared, compare, type Run } from '@rootstock/eval'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { armsOf } from './arms.ts'
import { type Cost, costSoFar } from './cost.ts'
import type { Failure } from './failure.ts'
import type { Experiment } from './loadExperiment.ts'
import { modelOf, type TableModel, trunkOf, weightingOf } from './model.ts'
import { paragraph } from './paragraph.ts'
import type { Progress } from './progress.ts'
import { showTrial } from './showTrial.ts'
import { type Trunks, trunksOf } from './trunks.ts'

/** A run, and what the machine gave for it. */
export interface ExperimentRun extends Run, Cost {
  /** Whether one pretrained trunk served all seeds. */
  readonly pretrained: 'never' | 'once' | 'for each seed'
}

/** Who is told of the progress of a run, and what stops it. */
export interface RunOptions {
  readonly progress: Progress
  readonly signal?: AbortSignal | undefined
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

const compareArms = (
  { config, data, tasks }: Experiment,
  model: TableModel,
  trunks: Trunks,
  { progress, signal }: RunOptions,
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
    ...(signal === undefined ? {} : { signal }),
  })
}

const natsText = ({ nats }: Trunks): string => {
  const gains = nats.map(
    ({ kind, nats: found, marginal }) =>
      `${kind} ${found.toFixed(3)} (ignoring the row ${marginal.toFixed(3)})`,
  )
  return paragraph('pretrained', `nats per cell: ${gains.join(', ')}`)
}

const pretrainedOf = ({ pretraining }: ExperimentConfig): ExperimentRun['pretrained'] =>
  pretraining === undefined ? 'never' : pretraining.perSeed ? 'for each seed' : 'once'

const runOf = (config: ExperimentConfig, trunks: Trunks, compared: Compared): ExperimentRun => ({
  ...compared,
  backend: currentBackend().name,
  config,
  curves: [...trunks.curves, ...compared.curves],
  phases: [
    ...(config.pretraining === undefined ? [] : [{ name: 'pretraining', seconds: trunks.seconds }]),
    ...compared.phases,
  ],
  ...costSoFar(),
  pretrained: pretrainedOf(config),
})

/** Pretrains where the config says so, trains all arms and scores them on the test rows. */
export const runExperiment = (
  experiment: Experiment,
  options: RunOptions,
): TE.TaskEither<Failure, ExperimentRun> => {
  const { config, data } = experiment
  const { pretraining } = config
  const trunk = trunkOf(config.trunk, data.train.width)
  const model = modelOf(trunk, data.train)
  const material = { config, trunk, data: data.train, seeds: seedsOf(config) }
  return pipe(
    pretraining === undefined ? TE.right(none) : trunksOf({ ...options, ...material, pretraining }),
    TE.tapIO((trunks) => () => {
      if (pretraining !== undefined) options.progress.say(natsText(trunks))
    }),
    TE.flatMap((trunks) =>
      pipe(
        compareArms(experiment, model, trunks, options),
        TE.bimap(
          (): Failure => ({ _tag: 'Stopped' }),
          (compared) => runOf(config, trunks, compared),
        ),
      ),
    ),
  )
}
