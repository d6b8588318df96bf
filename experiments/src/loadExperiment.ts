/** From a command to an experiment that can begin: its config, its data, and what is wrong with either. */
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Dataset,
  type ExperimentConfig,
  type Prepared,
  readConfig,
  readExperimentData,
} from '@rootstock/data'
import type { ComparedTask } from '@rootstock/eval'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Command } from './commandLine.ts'
import type { Failure } from './failure.ts'
import { improbableImage } from './pretrainTrunk.ts'
import { writeRestaurants } from './restaurants/writeRestaurants.ts'

type Target = Exclude<ExperimentConfig['targets'][string], string>

/** A task, and one of the metrics that a config can name. */
export interface JudgedTask extends ComparedTask {
  readonly metric: NonNullable<Target['metric']>
}

/** An experiment with its data. */
export interface Experiment {
  readonly config: ExperimentConfig
  readonly data: Prepared
  readonly tasks: readonly JudgedTask[]
  /** Folder of the report. */
  readonly out: string
}

/** The command to run an experiment. */
export type RunCommand = Extract<Command, { readonly _tag: 'Run' }>

const embedded = fileURLToPath(new URL('../configs/restaurants.json', import.meta.url))

/** As a person writes it: relative where that is shorter. */
const shown = (path: string): string => {
  const near = relative('.', path)
  return near !== '' && near.length < path.length ? near : path
}

const metricsOf = {
  classification: ['accuracy', 'balancedAccuracy', 'f1', 'rocAuc', 'logLoss'],
  regression: ['r2', 'rmse', 'mae'],
} as const satisfies Readonly<Record<string, readonly JudgedTask['metric'][]>>

const taskOf =
  (config: ExperimentConfig, { targets }: Dataset) =>
  (name: string): E.Either<Failure, JudgedTask> => {
    const target = config.targets[name]
    const labels = targets[name]!
    const { kind } = labels
    const isPair = labels.kind === 'classification' && labels.classes.length === 2
    const fitting: readonly JudgedTask['metric'][] = [
      ...metricsOf[kind],
      ...(isPair ? ['f1Binary' as const] : []),
    ]
    const { metric = fitting[0]!, unit } = typeof target === 'object' ? target : {}
    return fitting.includes(metric)
      ? E.right({ name, kind, metric, ...(unit === undefined ? {} : { unit }) })
      : E.left({ _tag: 'MetricUnfit', task: name, kind, metric, fitting })
  }

/** What a task is judged by, for every task of a config. */
const comparedTasks = (
  config: ExperimentConfig,
  data: Dataset,
): E.Either<Failure, readonly JudgedTask[]> =>
  pipe(Object.keys(config.targets), RA.traverse(E.Applicative)(taskOf(config, data)))

const checkPixels = (config: ExperimentConfig, data: Prepared): E.Either<Failure, Prepared> => {
  const image = config.pretraining?.pixels === 'bernoulli' ? improbableImage(data.train) : undefined
  return image === undefined ? E.right(data) : E.left({ _tag: 'PixelsUnfit', image })
}

const dataOf = (config: ExperimentConfig, folder: string): TE.TaskEither<Failure, Prepared> =>
  pipe(
    readExperimentData(config, { folder }),
    TE.mapLeft((error): Failure => ({ _tag: 'DataUnusable', error, folder: shown(folder) })),
    TE.flatMapEither((data) => checkPixels(config, data)),
  )

const configAt = (
  path: string,
  seeds: number | undefined,
): TE.TaskEither<Failure, ExperimentConfig> =>
  pipe(
    readConfig(path),
    TE.map((config) => (seeds === undefined ? config : { ...config, seeds })),
    TE.mapLeft((error): Failure => error),
  )

/** Makes the restaurants where there is no config, then reads config and data. */
export const loadExperiment = (command: RunCommand): TE.TaskEither<Failure, Experiment> =>
  pipe(
    configAt(command.config ?? embedded, command.seeds),
    TE.bindTo('config'),
    TE.let('out', ({ config }) => command.out ?? join('runs', config.name)),
    TE.let('folder', ({ config, out }) => {
      if (command.data !== undefined) return command.data
      return command.config === undefined
        ? out
        : resolve(dirname(command.config), config.data.folder ?? '.')
    }),
    TE.tap(({ config, folder }) =>
      command.config === undefined
        ? writeRestaurants(join(folder, config.data.files[0]!.path), { seed: config.seed })
        : TE.right(''),
    ),
    TE.bind('data', ({ config, folder }) => dataOf(config, folder)),
    TE.bind('tasks', ({ config, data }) => TE.fromEither(comparedTasks(config, data.train))),
    TE.map(({ config, data, tasks, out }) => ({ config, data, tasks, out })),
  )
