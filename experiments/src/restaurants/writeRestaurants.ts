/** The generated table as a file, so that the embedded experiment reads it as it would any other, and so can the user. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { formatCsv } from '@rootstock/data'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../failure.ts'
import { type RestaurantOptions, restaurants } from './restaurants.ts'

/** Writes the restaurants of some options as CSV; the folder is made if it is absent. */
export const writeRestaurants = (
  path: string,
  options: RestaurantOptions,
): TE.TaskEither<Failure, string> =>
  pipe(
    TE.fromEither(restaurants(options)),
    TE.mapLeft((error): Failure => ({ _tag: 'DataUnusable', error, folder: dirname(path) })),
    TE.flatMap((table) =>
      TE.tryCatch(
        async () => {
          await mkdir(dirname(path), { recursive: true })
          await writeFile(path, formatCsv(table))
          return path
        },
        (thrown): Failure => ({
          _tag: 'FileUnwritable',
          path,
          reason: thrown instanceof Error ? thrown.message : String(thrown),
        }),
      ),
    ),
  )
