/** Trains one of the shipped models on public data and says what it reaches, in which time and memory: `npm run fits -- <name>`. */
import { setBackend } from '@rootstock/core'
import { explainUnavailable, selectBackend } from '@rootstock/native'
import { durationText } from '../src/progress.ts'
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

const refuse = (reason: string): void => {
  const known = Object.entries(fits).map(([name, { description }]) => `  ${name}: ${description}`)
  console.error([reason, '', usage, '', 'fits', ...known].join('\n'))
  process.exitCode = 2
}

const conclude = (backend: string, seconds: number): void => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const processor = durationText((userCPUTime + systemCPUTime) / 1e6)
  const memory = `${Math.round(maxRSS / 1024)} MiB`
  say(`${durationText(seconds)}, ${processor} of processor time, ${memory} at most, ${backend}`)
}

const run = async (fit: Fit, command: FitCommand): Promise<boolean> => {
  const { folder, validate, threads } = command
  const backend = await selectBackend(command.backend, threads === undefined ? {} : { threads })()
  if (backend._tag === 'Left') {
    console.error(explainUnavailable(backend.left))
    return false
  }
  setBackend(backend.right)
  const start = performance.now()
  const result = await fit.run({ folder, validate, say })()
  if (result._tag === 'Left') {
    console.error(explainFailure(result.left))
    return false
  }
  say(validate ? 'on rows held out of the training rows:' : 'on the test rows:')
  for (const reached of result.right) say(`  ${reachedText(reached)}`)
  conclude(backend.right.name, (performance.now() - start) / 1000)
  return true
}

const command = parseFitCommand(process.argv.slice(2))
if (command._tag === 'Left') refuse(command.left)
else {
  const { name } = command.right
  const fit = Object.hasOwn(fits, name) ? fits[name] : undefined
  if (fit === undefined) refuse(name === '' ? 'which fit?' : `there is no fit ${name}`)
  else process.exitCode = (await run(fit, command.right)) ? 0 : 1
}
