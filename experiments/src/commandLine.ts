/** The command line: what the user asked for, or what is wrong with the request. */
import { parseArgs } from 'node:util'
import { nearest } from '@rootstock/data'
import * as E from 'fp-ts/lib/Either.js'

/** What the user asked for. */
export type Command =
  | { readonly _tag: 'Help' }
  /** Without a config: the embedded experiment. */
  | {
      readonly _tag: 'Run'
      readonly config: string | undefined
      readonly data: string | undefined
      readonly out: string | undefined
      readonly seeds: number | undefined
    }

/** The command line cannot be understood. */
export interface UsageError {
  readonly _tag: 'UsageError'
  readonly reason: string
}

const options = {
  data: { type: 'string' },
  out: { type: 'string' },
  seeds: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** How the program is used. */
export const help = `usage
  npm start                              restaurants: a small experiment made on the spot
  npm start -- <config.json> [options]   any table: the config says what to read and what to compare

options
  --data <folder>   the folder that file paths in the config are relative to
                    (default: data.folder of the config, else the folder of the config)
  --out <folder>    where the report goes (default: runs/<name of the experiment>)
  --seeds <number>  how many draws of labels, instead of the config's
  --help            this text

configs for public data sets are in experiments/configs`

const invalid = (reason: string): E.Either<UsageError, never> =>
  E.left({ _tag: 'UsageError', reason })

const unknownOption = (name: string): string => {
  const near = nearest(name.replace(/^-+/, ''), Object.keys(options))
  return `there is no option ${name}${near === undefined ? '' : `; did you mean --${near}?`}`
}

/** Reads the arguments after the program's name. */
export const parseCommand = (args: readonly string[]): E.Either<UsageError, Command> => {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const known = Object.hasOwn(options, token.name)
      ? options[token.name as keyof typeof options]
      : undefined
    if (known === undefined) return invalid(unknownOption(token.rawName))
    if (known.type === 'string' && (token.value === undefined || token.value === ''))
      return invalid(`${token.rawName} needs a value`)
    if (known.type === 'boolean' && token.value !== undefined)
      return invalid(`${token.rawName} takes no value`)
  }
  if (values.help === true) return E.right({ _tag: 'Help' })
  if (positionals.length > 1)
    return invalid(`one config at a time, not ${positionals.length}: ${positionals.join(', ')}`)
  const text = (value: string | boolean | undefined): string | undefined =>
    typeof value === 'string' ? value : undefined
  const seeds = values.seeds === undefined ? undefined : Number(values.seeds)
  if (seeds !== undefined && !(Number.isSafeInteger(seeds) && seeds >= 1))
    return invalid(`--seeds must be a whole number of at least 1, not ${String(values.seeds)}`)
  const [config] = positionals
  return E.right({ _tag: 'Run', config, data: text(values.data), out: text(values.out), seeds })
}

/** The failure in words, with the way out. */
export const explainUsage = ({ reason }: UsageError): string => `${reason}\n\n${help}`
