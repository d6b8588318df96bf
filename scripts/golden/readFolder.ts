/** Reads every family of a folder. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import type { GoldenError } from './error.ts'
import { decodeFamily, type Family } from './family.ts'

const reasonOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause)

const unreadable =
  (path: string) =>
  (cause: unknown): GoldenError => ({ _tag: 'Unreadable', path, reason: reasonOf(cause) })

const readFamily = (file: string): E.Either<GoldenError, Family> =>
  pipe(
    E.tryCatch(() => readFileSync(file, 'utf8'), unreadable(file)),
    E.flatMap((text) =>
      E.tryCatch(
        (): unknown => JSON.parse(text),
        (cause): GoldenError => ({ _tag: 'Syntax', file, reason: reasonOf(cause) }),
      ),
    ),
    E.flatMap((document) => decodeFamily(document, file)),
  )

/** All families of a folder in the order of their file names, or the first thing that is wrong. */
export const readFolder = (folder: string): E.Either<GoldenError, readonly Family[]> =>
  pipe(
    E.tryCatch(() => readdirSync(folder), unreadable(folder)),
    E.map((names) => names.filter((name) => name.endsWith('.json')).toSorted()),
    E.filterOrElse(RA.isNonEmpty, (): GoldenError => ({ _tag: 'Empty', folder })),
    E.flatMap(E.traverseArray((name) => readFamily(join(folder, name)))),
  )
