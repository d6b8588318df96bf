/** Where a program computes: the options of a command line that say it, and the backend that they choose. */
import { type Backend, setBackend } from '@rootstock/core'
import { type BackendChoice, explainUnavailable, selectBackend } from '@rootstock/native'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { oneOf, wholeNumber } from './optionValue.ts'

const backends = ['auto', 'native', 'wasm', 'reference'] as const satisfies BackendChoice[]

/** A backend and its threads. */
export interface Machine {
  readonly backend: BackendChoice
  /** Absent: as many as are fast at the time. */
  readonly threads: number | undefined
}

/** The options, for `parseArgs`. */
export const machineOptions = {
  backend: { type: 'string', default: 'auto' },
  threads: { type: 'string' },
} as const

/** What a program that has them says of the options. */
export const machineUsage = `  --backend <name>    ${backends.join(', ')} (default: auto, native where there is a C compiler)
  --threads <number>  threads that share the work (default: what is fastest); scores do not depend on it`

/** Reads the values of the options. Throws an `Error` that says what is wrong. */
export const machineOf = (values: {
  readonly backend: string
  readonly threads?: string | undefined
}): Machine => ({
  backend: oneOf('backend', backends, values.backend),
  threads: values.threads === undefined ? undefined : wholeNumber('threads', values.threads),
})

/** Computes there from now on. Left: why that cannot be, in words. */
export const computeOn = ({ backend, threads }: Machine): TE.TaskEither<string, Backend> =>
  pipe(
    selectBackend(backend, threads === undefined ? {} : { threads }),
    TE.bimap(explainUnavailable, (found) => {
      setBackend(found)
      return found
    }),
  )
