/**
 * `npm run agreement -- [graphs] [--backend wasm|native] [--target flag] [--part 1/2] [--all]`: compares a backend with the
 * reference, bit by bit, on that many random graphs of up to 30 operations and on their gradients (10,000 by default), and with
 * `--all` on the rest of the conformance suite too. `--part 2/3` does every third case from the second on, so that processes can
 * share the work. The gate runs a part of this. Exits with 1 when something differs, with 2 when the backend cannot be had.
 */
import { parseArgs } from 'node:util'
import { type Backend, wasmBackend } from '@rootstock/core'
import { type Case, conformance } from '@rootstock/core/conformance'
import { explainUnavailable, nativeBackend } from '@rootstock/native'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

const usage =
  'usage: npm run agreement -- [graphs] [--backend wasm|native] [--target -march=...] [--part 1/2] [--all]'

interface Request {
  readonly graphs: number
  readonly backend: string
  readonly target: string | undefined
  readonly part: Part
  readonly all: boolean
}

/** Every `of`-th case from the `first` on, counted from 0. */
interface Part {
  readonly first: number
  readonly of: number
}

const readPart = (text: string): Part | null => {
  const [, which, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (which === undefined || of === undefined || which < 1 || which > of) return null
  return { first: which - 1, of }
}

const readRequest = (): E.Either<string, Request> =>
  pipe(
    E.tryCatch(
      () =>
        parseArgs({
          allowPositionals: true,
          options: {
            backend: { type: 'string', default: 'native' },
            target: { type: 'string' },
            part: { type: 'string', default: '1/1' },
            all: { type: 'boolean', default: false },
          },
        }),
      (cause) => `${String(cause)}\n${usage}`,
    ),
    E.flatMap(({ positionals: [graphs = '10000', ...more], values }) => {
      const part = readPart(values.part)
      const isKnown = /^\d+$/.test(graphs) && ['wasm', 'native'].includes(values.backend)
      return more.length > 0 || !isKnown || part === null
        ? E.left(usage)
        : E.right({ ...values, graphs: Number(graphs), target: values.target, part })
    }),
  )

const open = ({ backend, target }: Request): TE.TaskEither<string, Backend> =>
  backend === 'wasm'
    ? TE.of(wasmBackend())
    : pipe(
        nativeBackend({ threads: 2, ...(target === undefined ? {} : { target: [target] }) }),
        TE.mapLeft(explainUnavailable),
      )

/** What a case that fails says, or null. */
const failureOf = ({ name, run }: Case): string | null => {
  try {
    run()
    return null
  } catch (thrown) {
    return `${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`
  }
}

/** Runs the cases; the exit code. */
const check = (backend: Backend, { graphs, part, all }: Request): number => {
  const cases = conformance(() => backend, { graphs })
    .filter(({ name }) => all || name.startsWith('random graph'))
    .filter((_, i) => i % part.of === part.first)
  const started = performance.now()
  let failed = 0
  let said = started
  cases.forEach((given, i) => {
    const failure = failureOf(given)
    if (failure !== null) {
      failed++
      console.log(failure)
    }
    if (performance.now() - said > 30_000) {
      said = performance.now()
      const left = ((said - started) / (i + 1)) * (cases.length - i - 1)
      console.log(`${i + 1} of ${cases.length}, ${Math.ceil(left / 60_000)} minutes left`)
    }
  })
  const minutes = ((performance.now() - started) / 60_000).toFixed(1)
  console.log(`${backend.name}: ${cases.length} cases, ${failed} differ, ${minutes} minutes`)
  return failed > 0 ? 1 : 0
}

process.exitCode = await pipe(
  readRequest(),
  TE.fromEither,
  TE.bindTo('request'),
  TE.bind('backend', ({ request }) => open(request)),
  TE.match(
    (message) => {
      console.error(message)
      return 2
    },
    ({ request, backend }) => check(backend, request),
  ),
)()
