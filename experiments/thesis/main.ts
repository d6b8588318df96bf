/** `npm run thesis`: what a trunk that learned to repair images is worth to models with few labels. */
import { type PhaseTime, summarise, writeReport } from '@rootstock/eval'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { costSoFar, costText } from '../src/cost.ts'
import { explainFailure, type Failure } from '../src/failure.ts'
import { computeOn } from '../src/machine.ts'
import { paragraph } from '../src/paragraph.ts'
import { durationText, progressOn } from '../src/progress.ts'
import { readDigits } from './digits.ts'
import { recipe } from './recipe.ts'
import { parseRequest, type Request, usage } from './request.ts'
import { thesisTable } from './table.ts'
import { runThesis } from './thesis.ts'

const progress = progressOn(process.stdout)

// The first interrupt ends the run after the step under way, a second one at once.
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())

const explained = TE.mapLeft(explainFailure)

const phasesText = (phases: readonly PhaseTime[]): string =>
  phases.map(({ name, seconds }) => `${name} ${durationText(seconds)}`).join(', ')

const thesis = (request: Request): TE.TaskEither<string, void> => {
  const { data: folder, out, labels, seeds, start, validate, machine } = request
  const began = performance.now()
  const tested = validate ? 'training images held out' : 'test images'
  return pipe(
    computeOn(machine),
    TE.flatMap(() =>
      pipe(
        readDigits(folder, validate),
        TE.mapLeft((error): Failure => ({ _tag: 'DataUnusable', error, folder })),
        explained,
      ),
    ),
    TE.tapIO(({ train, test }) => () => {
      const rows = `${train.rows.toLocaleString('en-US')} images to pretrain on`
      progress.say(
        paragraph(
          'thesis',
          `${rows}, errors on ${test.rows.toLocaleString('en-US')} ${tested}, draws of labels: ${seeds.length}`,
        ),
      )
    }),
    TE.flatMap((data) =>
      explained(
        runThesis({
          recipe: { ...recipe, start },
          data,
          labels,
          seeds,
          progress,
          signal: stop.signal,
        }),
      ),
    ),
    TE.bindTo('run'),
    TE.let('summary', ({ run }) => summarise(run)),
    TE.bind('files', ({ run, summary }) => explained(writeReport(out, summary, run))),
    TE.map(({ run, summary, files }) => {
      progress.say(`\n${thesisTable(run, summary)}\n`)
      const seconds = (performance.now() - began) / 1000
      progress.say(paragraph('phases', phasesText(run.phases)))
      progress.say(paragraph('cost', costText(costSoFar(), seconds, run.backend)))
      progress.say(paragraph('report', files.html))
      progress.say(paragraph('', files.json))
    }),
  )
}

const request = parseRequest(process.argv.slice(2))
if (E.isRight(request) && request.right === null) {
  progress.say(usage)
} else {
  const done = await pipe(
    TE.fromEither(request),
    TE.flatMap((asked) => thesis(asked as Request)),
  )()
  if (E.isLeft(done)) {
    process.stderr.write(`${done.left}\n`)
    process.exitCode = 1
  }
}
