/** A command from the first line on the screen to the report on the disk. */
import type { Dataset } from '@rootstock/data'
import { labelCounts } from '@rootstock/data'
import { type ReportFiles, renderText, summarise, writeReport } from '@rootstock/eval'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Command, help } from './commandLine.ts'
import type { Failure } from './failure.ts'
import { type Experiment, loadExperiment, type RunCommand } from './loadExperiment.ts'
import { durationText, type Progress } from './progress.ts'
import { type ExperimentRun, runExperiment } from './runExperiment.ts'

const grouped = (count: number): string => count.toLocaleString('en-US')

const labelsText = (data: Dataset): string =>
  Object.entries(labelCounts(data))
    .map(([task, count]) => `${task} ${grouped(count)}`)
    .join(', ')

const introduce = ({ config, data: { train, test } }: Experiment, progress: Progress): void => {
  progress.say(config.name)
  if (config.description !== undefined) progress.say(config.description)
  progress.say('')
  progress.say(
    `rows         ${grouped(train.rows)} to train on, ${grouped(test.rows)} to test on, ${train.preprocessing.inputs.length} inputs as ${grouped(train.width)} numbers`,
  )
  progress.say(`labels       to train on: ${labelsText(train)}; to test on: ${labelsText(test)}`)
}

const megabytes = (bytes: number): string => `${grouped(Math.round(bytes / 2 ** 20))} MiB`

const conclude = (
  progress: Progress,
  run: ExperimentRun,
  { html, json }: ReportFiles,
  seconds: number,
): void => {
  progress.say(
    `${durationText(seconds)} in all, at most ${megabytes(run.peakMemory)} of memory, backend ${run.backend}`,
  )
  progress.say(`report       ${html}\n             ${json}`)
}

const report = (
  run: ExperimentRun,
  out: string,
  progress: Progress,
): TE.TaskEither<Failure, ReportFiles> => {
  const summary = summarise(run)
  progress.say(`\n${renderText(summary, run)}\n`)
  return writeReport(out, summary, run)
}

const runExperimentOf = (
  command: RunCommand,
  progress: Progress,
): TE.TaskEither<Failure, ReportFiles> => {
  const began = performance.now()
  return pipe(
    loadExperiment(command),
    TE.tapIO((experiment) => () => introduce(experiment, progress)),
    TE.bindTo('experiment'),
    TE.bind('run', ({ experiment }) => runExperiment(experiment, progress)),
    TE.bind('files', ({ experiment, run }) => report(run, experiment.out, progress)),
    TE.tapIO(
      ({ run, files }) =>
        () =>
          conclude(progress, run, files, (performance.now() - began) / 1000),
    ),
    TE.map(({ files }) => files),
  )
}

/** Does what the user asked for; what it finds is on the screen and in the files. */
export const runCommand = (
  command: Command,
  progress: Progress,
): TE.TaskEither<Failure, ReportFiles | null> =>
  command._tag === 'Help'
    ? TE.fromIO(() => {
        progress.say(help)
        return null
      })
    : runExperimentOf(command, progress)
