/**
 * `npm run golden -- <folder> [--backend reference|wasm|native] [--family name]`: compares the framework with reference values.
 * Exits with 1 when a case differs, with 2 when the folder or a file cannot be used.
 */
import { parseArgs } from 'node:util'
import {
  type Backend,
  currentBackend,
  referenceBackend,
  setBackend,
  wasmBackend,
} from '@rootstock/core'
import { explainUnavailable, nativeBackend } from '@rootstock/native'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { explain } from './error.ts'
import type { Family } from './family.ts'
import { readFolder } from './readFolder.ts'
import { checkFamily, reportText, summaryText } from './report.ts'

const usage = 'usage: npm run golden -- <folder> [--backend reference|wasm|native] [--family name]'

type Open = TE.TaskEither<string, Backend>

const backends: ReadonlyMap<string, Open> = new Map([
  ['reference', TE.fromIO(referenceBackend)],
  ['wasm', TE.fromIO(wasmBackend)],
  ['native', TE.mapLeft(explainUnavailable)(nativeBackend())],
])

interface Request {
  readonly folder: string
  readonly open: Open
  readonly family: string | undefined
}

const readRequest = (): E.Either<string, Request> =>
  pipe(
    E.tryCatch(
      () =>
        parseArgs({
          allowPositionals: true,
          options: { backend: { type: 'string' }, family: { type: 'string' } },
        }),
      (cause) => `${String(cause)}\n${usage}`,
    ),
    E.flatMap(({ positionals, values: { backend, family } }) => {
      const [folder] = positionals
      const open = backend === undefined ? TE.fromIO(currentBackend) : backends.get(backend)
      if (folder === undefined || positionals.length > 1 || open === undefined) {
        return E.left(usage)
      }
      return E.right({ folder, open, family })
    }),
  )

/** The families asked for. */
const choose = (
  families: readonly Family[],
  wanted: string | undefined,
): E.Either<string, readonly Family[]> => {
  if (wanted === undefined) return E.right(families)
  const chosen = families.filter(({ family }) => family === wanted)
  const names = families.map(({ family }) => family).join(', ')
  return chosen.length > 0 ? E.right(chosen) : E.left(`there is no family ${wanted}, but ${names}`)
}

/** Runs the families one by one, printing each as it ends; the exit code. */
const check = (backend: Backend, chosen: readonly Family[]): number => {
  setBackend(backend)
  const reports = chosen.map((given) => {
    const report = checkFamily(given)
    console.log(reportText(report))
    return report
  })
  console.log(summaryText(reports, backend.name))
  return reports.some(({ failures }) => failures.length > 0) ? 1 : 0
}

process.exitCode = await pipe(
  TE.fromEither(readRequest()),
  TE.bindTo('request'),
  TE.bind('backend', ({ request }) => request.open),
  TE.bind('families', ({ request }) =>
    TE.fromEither(pipe(readFolder(request.folder), E.mapLeft(explain))),
  ),
  TE.bind('chosen', ({ request, families }) => TE.fromEither(choose(families, request.family))),
  TE.match(
    (message) => {
      console.error(message)
      return 2
    },
    ({ backend, chosen }) => check(backend, chosen),
  ),
)()
