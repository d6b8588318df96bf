/** The command line of the fits: what the user asked for, or what is wrong with the request. */
import { parseArgs } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'

const backends = ['auto', 'native', 'wasm'] as const

/** What the user asked for. */
export interface FitCommand {
  /** The fit; `''` where none is named. */
  readonly name: string
  readonly folder: string
  readonly validate: boolean
  readonly backend: (typeof backends)[number]
  readonly threads: number | undefined
}

/** How the command is used. */
export const usage = `npm run fits -- <name> [options]

  --data <folder>     where the public data sets are (default: ../shared/data)
  --validate          score rows held out of the training rows, not the test rows
  --backend <name>    ${backends.join(', ')} (default: auto, native where there is a C compiler)
  --threads <number>  threads that share the work (default: what is fastest); scores do not depend on it`

const options = {
  data: { type: 'string', default: '../shared/data' },
  validate: { type: 'boolean', default: false },
  backend: { type: 'string', default: 'auto' },
  threads: { type: 'string' },
} as const

/** Reads the arguments after the program's name. Left: what is wrong with them. */
export const parseFitCommand = (args: readonly string[]): E.Either<string, FitCommand> => {
  const parsed = E.tryCatch(
    () => parseArgs({ args: [...args], options, allowPositionals: true }),
    (thrown) => String(thrown instanceof Error ? thrown.message : thrown),
  )
  if (E.isLeft(parsed)) return parsed
  const { values, positionals } = parsed.right
  const [name = '', ...others] = positionals
  if (others.length > 0) return E.left(`one fit at a time, not ${positionals.join(', ')}`)
  const backend = backends.find((known) => known === values.backend)
  if (backend === undefined) return E.left(`--backend must be one of ${backends.join(', ')}`)
  const threads = values.threads === undefined ? undefined : Number(values.threads)
  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads >= 1))
    return E.left(`--threads must be a whole number of at least 1, not ${values.threads}`)
  return E.right({ name, folder: values.data, validate: values.validate, backend, threads })
}
