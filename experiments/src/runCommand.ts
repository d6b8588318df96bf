/** A command from the first line on the screen to the report on the disk. */
import { type Dataset, labelCounts } from '@rootstock/data'
import { type ReportFiles, renderText, summarise, writeReport } from '@rootstock/eval'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Command, help } from './commandLine.ts'
import { costText } from './cost.ts'
import type { Failure } from './failure.ts'
import { type Experiment, loadExperiment, type RunCommand } from './loadExperiment.ts'
import { paragraph } from './paragraph.ts'
import type { Progress } from './progress.ts'
import { type ExperimentRun, type RunOptions, runExperiment } from './runExperiment.ts'

const grouped = (count: number): string => count.toLocaleString('en-US')

const labelsText = (data: Dataset): string =>
  Object.entries(labelCounts(data))
    .map(([task, count]) => `${task} ${grouped(count)}`)
    .join(', ')

const introduce = ({ config, data: { train, test } }: Experiment, progress: Progress): void => {
  const inputs = train.preprocessing.inputs.length
  const { name, description = '' } = config
  progress.say(paragraph(name, description))
  progress.say(
    paragraph(
      'rows',
      `${grouped(train.rows)} to train on, ${grouped(test.rows)} to test on; ${grouped(inputs)} ${inputs === 1 ? 'input' : 'inputs'} as ${grouped(train.width)} numbers`,
    ),
  )
  progress.say(paragraph('labels', `to train on: ${labelsText(train)}`))
  progress.say(paragraph('', `to test on: ${labelsText(test)}`))
}

const conclude = (
  run: ExperimentRun,
  { html, json }: ReportFiles,
  seconds: number,
  progress: Progress,
): void => {
  progress.say(paragraph('cost', costText(run, seconds, run.backend)))
  progress.say(paragraph('report', html))
  progress.say(paragraph('', json))
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
  options: RunOptions,
): TE.TaskEither<Failure, ReportFiles> => {
  const { progress } = options
  const began = performance.now()
  return pipe(
    loadExperiment(command),
    TE.tapIO((experiment) => () => introduce(experiment, progress)),
    TE.bindTo('experiment'),
    TE.bind('run', ({ experiment }) => runExperiment(experiment, options)),
    TE.bind('files', ({ experiment, run }) => report(run, experiment.out, progress)),
    TE.tapIO(
      ({ run, files }) =>
        () =>
          conclude(run, files, (performance.now() - began) / 1000, progress),
    ),
    TE.map(({ files }) => files),
  )
}

/** Does what the user asked for; what it finds is on the screen and in the files. */
export const runCommand = (
  command: Command,
  options: RunOptions,
): TE.TaskEither<Failure, ReportFiles | null> =>
  command._tag === 'Help'
    ? TE.fromIO(() => {
        options.progress.say(help)
        return null
      })
    : runExperimentOf(command, options)
