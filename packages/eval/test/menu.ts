/**
 * A small world for tests: restaurants whose dishes follow from two hidden causes. A kind with three classes (label missing in some
 * rows) and a price in dollars (missing in others), through the same preparation as real tables.
 */
import { random } from '@rootstock/core'
import { numberColumn, prepare, select, stringColumn, table } from '@rootstock/data'
import * as E from 'fp-ts/lib/Either.js'

const right = <L, R>(either: E.Either<L, R>): R => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}

const columns = 6

/** Training and test rows: every fifth tests. */
export const menu = (rows = 200) => {
  const draws = random.normal(random.key(11), [rows, 2 + columns]).data()
  const at = (row: number, column: number): number => draws[row * (2 + columns) + column]!
  const range = Array.from({ length: rows }, (_, row) => row)
  const cause = range.map((row) => [at(row, 0), at(row, 1)] as const)
  const inputs = Array.from({ length: columns }, (_, k) =>
    numberColumn(
      `dish ${k}`,
      cause.map(([a, b], row) => Math.cos(k) * a + Math.sin(k) * b + 0.3 * at(row, 2 + k)),
    ),
  )
  const kinds = ['bar', 'diner', 'palace']
  const kind = cause.map(([a], row) =>
    row % 7 === 3 ? null : kinds[a < -0.5 ? 0 : a < 0.6 ? 1 : 2]!,
  )
  const price = cause.map(([a, b], row) => (row % 11 === 4 ? null : 40 + 15 * a + 8 * b))
  const world = right(table([...inputs, stringColumn('kind', kind), numberColumn('price', price)]))
  const selected = right(
    select({ inputs: ['dish 0..dish 5'], targets: { kind: 'kind', price: 'price' } })(world),
  )
  return right(prepare(selected, { by: 'modulo', divisor: 5, test: 4 }))
}
