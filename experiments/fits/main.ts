/** Trains one of the shipped models on public data and says what it reaches, in which time and memory: `npm run fits -- <name>`. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { costSoFar, costText } from '../src/cost.ts'
import { computeOn } from '../src/machine.ts'
import { banking77 } from './banking77.ts'
import { type FitCommand, parseFitCommand, usage } from './commandLine.ts'
import { etth1 } from './etth1.ts'
import { etth1Linear } from './etth1Linear.ts'
import { fashionMnist } from './fashionMnist.ts'
import { explainFailure, type Fit, reachedText } from './fit.ts'
import { lenet } from './lenet.ts'
import { photos } from './photos.ts'
import { placedDigits } from './placedDigits.ts'
import { shakespeare } from './shakespeare.ts'

const fits: Readonly<Record<string, Fit>> = {
  'placed-digits': placedDigits,
  lenet,
  'fashion-mnist': fashionMnist,
  photos,
  etth1,
  'etth1-linear': etth1Linear,
  shakespeare,
  banking77,
}

const say = (line: string): void => console.log(line)

const help = [
  usage,
  '',
  'fits',
  ...Object.entries(fits).map(([name, { description }]) => `  ${name}: ${description}`),
].join('\n')

const run = (fit: Fit, { folder, validate, machine }: FitCommand): TE.TaskEither<string, void> => {
  const began = performance.now()
  return pipe(
    computeOn(machine),
    TE.bindTo('backend'),
    TE.bind('scores', () => pipe(fit.run({ folder, validate, say }), TE.mapLeft(explainFailure))),
    TE.map(({ backend, scores }) => {
      say(validate ? 'on rows held out of the training rows:' : 'on the test rows:')
      for (const reached of scores) say(`  ${reachedText(reached)}`)
      say(costText(costSoFar(), (performance.now() - began) / 1000, backend.name))
    }),
  )
}

const obey = (command: FitCommand): TE.TaskEither<string, void> => {
  const { name } = command
  if (name === '') return TE.fromIO(() => say(help))
  const fit = Object.hasOwn(fits, name) ? fits[name] : undefined
  return fit === undefined ? TE.left(`there is no fit ${name}\n\n${help}`) : run(fit, command)
}

const done = await pipe(
  TE.fromEither(parseFitCommand(process.argv.slice(2))),
  TE.mapLeft((reason) => `${reason}\n\n${help}`),
  TE.flatMap(obey),
)()
if (E.isLeft(done)) {
  console.error(done.left)
  process.exitCode = 1
}
