/** The command line of the fits: what the user asked for, or what is wrong with the request. */
import { parseArgs } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'
import { type Machine, machineOf, machineOptions, machineUsage } from '../src/machine.ts'

/** What the user asked for. */
export interface FitCommand {
  /** The fit; `''` where none is named, or where help is wanted. */
  readonly name: string
  readonly folder: string
  readonly validate: boolean
  readonly machine: Machine
}

/** How the command is used. */
export const usage = `usage: npm run fits -- <name> [options]

options
  --data <folder>     where the public data sets are (default: ../shared/data)
  --validate          score rows held out of the training rows, not the test rows
${machineUsage}`

const read = (args: readonly string[]): FitCommand => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: 'string', default: '../shared/data' },
      validate: { type: 'boolean', default: false },
      ...machineOptions,
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [name = '', ...others] = positionals
  if (others.length > 0) throw new Error(`one fit at a time, not ${positionals.join(', ')}`)
  const { data: folder, validate, help } = values
  return { name: help ? '' : name, folder, validate, machine: machineOf(values) }
}

/** Reads the arguments after the program's name. Left: what is wrong with them. */
export const parseFitCommand = (args: readonly string[]): E.Either<string, FitCommand> =>
  E.tryCatch(
    () => read(args),
    (thrown) => (thrown as Error).message,
  )
