import { isPresent, type NumberColumn, type Table, valueAt } from '@rootstock/data'
import { expect, test } from 'vitest'
import { type RestaurantOptions, restaurants, tasks } from '../../src/restaurants/restaurants.ts'

const tableOf = (options: RestaurantOptions): Table => {
  const made = restaurants(options)
  if (made._tag === 'Left') throw new Error(made.left._tag)
  return made.right
}

const columnOf = (table: Table, name: string) => {
  const found = table.columns.find((column) => column.name === name)
  if (found === undefined) throw new Error(`no column ${name}`)
  return found
}

const rowsOf = (table: Table, count: number) =>
  table.columns.map((column) => Array.from({ length: count }, (_, row) => valueAt(column, row)))

const presentShare = (table: Table, name: string): number => {
  const column = columnOf(table, name)
  let present = 0
  for (let row = 0; row < table.rows; row++) if (isPresent(column, row)) present++
  return present / table.rows
}

const numbersOf = (table: Table, name: string): NumberColumn => {
  const column = columnOf(table, name)
  if (column.kind !== 'number') throw new Error(`${name} is no number`)
  return column
}

/** Pearson's correlation over the rows in which both are known. */
const correlation = (table: Table, one: string, other: string): number => {
  const [a, b] = [numbersOf(table, one), numbersOf(table, other)]
  const rows = Array.from({ length: table.rows }, (_, row) => row).filter(
    (row) => isPresent(a, row) && isPresent(b, row),
  )
  const meanOf = (x: NumberColumn) => rows.reduce((s, row) => s + x.values[row]!, 0) / rows.length
  const [ma, mb] = [meanOf(a), meanOf(b)]
  const sum = (f: (row: number) => number) => rows.reduce((s, row) => s + f(row), 0)
  const da = (row: number) => a.values[row]! - ma
  const db = (row: number) => b.values[row]! - mb
  return (
    sum((row) => da(row) * db(row)) /
    Math.sqrt(sum((row) => da(row) ** 2) * sum((row) => db(row) ** 2))
  )
}

const town = tableOf({ seed: 1, count: 3000 })

test('equal seeds give equal tables, other seeds others', () => {
  expect(tableOf({ seed: 1, count: 3000 })).toEqual(town)
  expect(rowsOf(tableOf({ seed: 2, count: 50 }), 50)).not.toEqual(rowsOf(town, 50))
})

test('a larger town begins with the smaller one', () => {
  expect(rowsOf(tableOf({ seed: 1, count: 200 }), 200)).toEqual(rowsOf(town, 200))
})

test('seventeen columns can be seen by anybody, four take a visit', () => {
  const names = town.columns.map((column) => column.name)
  expect(names).toHaveLength(21)
  expect(names.slice(17)).toEqual([...tasks])
})

test('most labels are missing: a grade is there if the restaurant was visited and it was not forgotten', () => {
  const expected = 0.15 * 0.9
  const tolerance = 4 * Math.sqrt((expected * (1 - expected)) / town.rows)
  for (const task of tasks)
    expect(Math.abs(presentShare(town, task) - expected)).toBeLessThan(tolerance)
})

test('grades are forgotten one by one: a visited restaurant may have some of them only', () => {
  const counts = new Set<number>()
  for (let row = 0; row < town.rows; row++) {
    counts.add(tasks.filter((task) => isPresent(columnOf(town, task), row)).length)
  }
  expect(counts).toEqual(new Set([0, 1, 2, 3, 4]))
})

test('what is not on record is missing at its rate, and a house without wine has no price of a bottle', () => {
  expect(presentShare(town, 'area')).toBeCloseTo(0.8, 1)
  const [wines, bottle] = [numbersOf(town, 'wines'), numbersOf(town, 'price of a bottle')]
  for (let row = 0; row < town.rows; row++)
    expect(isPresent(bottle, row)).toBe(wines.values[row] !== 0)
})

test('what is hidden shows in several columns at once, so that one can be told from others', () => {
  for (const [one, other] of [
    ['price of mains', 'price of a bottle'],
    ['price of mains', 'price of desserts'],
    ['shops nearby', 'bus lines'],
    ['seats', 'staff'],
  ] as const)
    expect(correlation(town, one, other)).toBeGreaterThan(0.4)
  expect(correlation(town, 'shops nearby', 'parking lots')).toBeLessThan(-0.3)
  expect(correlation(town, 'dishes', 'food')).toBeLessThan(-0.4)
})

test('no single column gives an answer away', () => {
  const visible = town.columns.slice(0, 17).filter((column) => column.kind === 'number')
  for (const { name } of visible) {
    expect(Math.abs(correlation(town, name, 'food'))).toBeLessThan(0.85)
    expect(Math.abs(correlation(town, name, 'loudness'))).toBeLessThan(0.85)
  }
})

test('every class of a task occurs often enough to be learned', () => {
  for (const task of ['on foot', 'come back'] as const) {
    const column = columnOf(town, task)
    if (column.kind !== 'string') throw new Error(`${task} is no text`)
    const labelled = [...column.codes].filter((code) => code !== -1).length
    column.dictionary.forEach((_, code) => {
      expect([...column.codes].filter((c) => c === code).length / labelled).toBeGreaterThan(0.15)
    })
  }
})
