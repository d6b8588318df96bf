/** The command line of the thesis. */
import { parseArgs } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'
import { type Machine, machineOf, machineOptions, machineUsage } from '../src/machine.ts'
import { oneOf, wholeNumber } from '../src/optionValue.ts'
import { type Start, starts } from './recipe.ts'

/** What the user asked for. */
export interface Request {
  readonly data: string
  readonly out: string
  readonly machine: Machine
  readonly labels: readonly number[]
  readonly seeds: readonly number[]
  readonly start: Start
  /** Score images held out of the training images, to choose settings by. */
  readonly validate: boolean
}

/** How the program is used. */
export const usage = `usage: npm run thesis -- [options]

options
  --data <folder>     the folder that has the four files of MNIST in its folder mnist (default: ../shared/data)
  --labels <numbers>  how many labels, multiples of 10 (default: 100,600,1000,3000)
  --seeds <number>    how many draws of labels, each with its own pretraining (default: 5)
  --start <name>      how the weights of all arms start: fanIn, as in PyTorch, or usual, as here (default: fanIn)
${machineUsage}
  --validate          score training images that are kept out of training, instead of the test images
  --out <folder>      where the report goes (default: runs/thesis)`

const read = (args: readonly string[]): Request | null => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string', default: '../shared/data' },
      out: { type: 'string', default: 'runs/thesis' },
      start: { type: 'string', default: 'fanIn' },
      ...machineOptions,
      labels: { type: 'string', default: '100,600,1000,3000' },
      seeds: { type: 'string', default: '5' },
      validate: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const { data, out, start, labels, seeds, validate, help } = values
  if (help) return null
  return {
    data,
    out,
    machine: machineOf(values),
    start: oneOf('start', starts, start),
    labels: labels.split(',').map((text) => wholeNumber('labels', text, 10)),
    seeds: Array.from({ length: wholeNumber('seeds', seeds) }, (_, i) => i + 1),
    validate,
  }
}

/** Reads the arguments after the program's name; null is a request for help. Left: what is wrong with them. */
export const parseRequest = (args: readonly string[]): E.Either<string, Request | null> =>
  E.tryCatch(
    () => read(args),
    (thrown) => `${(thrown as Error).message}\n\n${usage}`,
  )
