/** The embedded data set: the lecture's restaurants as a table, most of whose answers are missing. */
import { type DataError, type Table, table } from '@rootstock/data'
import type * as E from 'fp-ts/lib/Either.js'
import { drawsOf } from './draws.ts'
import { grades } from './grades.ts'
import { menu } from './menu.ts'
import { townOf } from './town.ts'

/** What a table of restaurants depends on. */
export interface RestaurantOptions {
  readonly seed: number
  /** Rows. Default 8000. */
  readonly count?: number
  /** Share of the restaurants that a critic visited. Default 0.15. */
  readonly visited?: number
  /** Share of the grades of a visited restaurant that are missing all the same. Default 0.1. */
  readonly forgotten?: number
}

/** The names of the tasks. */
export const tasks = ['food', 'loudness', 'on foot', 'come back'] as const

/**
 * A table of restaurants: 17 columns that anybody can see, then four grades that only a visit tells. Equal options give
 * equal tables, and no column depends on whether another is used.
 */
export const restaurants = ({
  seed,
  count = 8000,
  visited = 0.15,
  forgotten = 0.1,
}: RestaurantOptions): E.Either<DataError, Table> => {
  const draws = drawsOf(seed)
  const town = townOf(draws, count)
  return table([...menu(draws, town), ...grades(draws, town, { visited, forgotten })], {
    file: 'restaurants',
  })
}
