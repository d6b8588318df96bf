/**
 * Trains one of the shipped models on public data and says what it reaches, in which time and memory.
 * `npm run fits -- <name> [--data <folder>] [--validate] [--backend auto|native|wasm] [--threads <number>]`
 */
import { parseArgs } from 'node:util'
import { setBackend } from '@rootstock/core'
import { type BackendChoice, explainUnavailable, selectBackend } from '@rootstock/native'
import { durationText } from '../src/progress.ts'
import { banking77 } from './banking77.ts'
import { etth1 } from './etth1.ts'
import { etth1Linear } from './etth1Linear.ts'
import { fashionMnist } from './fashionMnist.ts'
import { explainFailure, type Fit, type FitContext, reachedText } from './fit.ts'
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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: '../shared/data' },
    validate: { type: 'boolean', default: false },
    backend: { type: 'string', default: 'auto' },
    threads: { type: 'string' },
  },
})
const say = (line: string): void => console.log(line)

const usage = (): string => {
  const known = Object.entries(fits).map(([name, { description }]) => `  ${name}: ${description}`)
  return [
    'npm run fits -- <name> [--data <folder>] [--validate] [--backend auto|native|wasm] [--threads <number>]',
    ...known,
  ].join('\n')
}

const conclude = (backend: string, seconds: number): void => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const processor = durationText((userCPUTime + systemCPUTime) / 1e6)
  const memory = `${Math.round(maxRSS / 1024)} MiB`
  say(`${durationText(seconds)}, ${processor} of processor time, ${memory} at most, ${backend}`)
}

const run = async (fit: Fit, context: FitContext): Promise<boolean> => {
  const options = values.threads === undefined ? {} : { threads: Number(values.threads) }
  const backend = await selectBackend(values.backend as BackendChoice, options)()
  if (backend._tag === 'Left') {
    console.error(explainUnavailable(backend.left))
    return false
  }
  setBackend(backend.right)
  const start = performance.now()
  const result = await fit.run(context)()
  if (result._tag === 'Left') {
    console.error(explainFailure(result.left))
    return false
  }
  say(context.validate ? 'on rows held out of the training rows:' : 'on the test rows:')
  for (const reached of result.right) say(`  ${reachedText(reached)}`)
  conclude(backend.right.name, (performance.now() - start) / 1000)
  return true
}

const [name = ''] = positionals
const fit = Object.hasOwn(fits, name) ? fits[name] : undefined
if (fit === undefined) {
  console.error(usage())
  process.exitCode = 2
} else {
  const { data: folder, validate } = values
  const isDone = await run(fit, { folder, validate, say })
  process.exitCode = isDone ? 0 : 1
}
