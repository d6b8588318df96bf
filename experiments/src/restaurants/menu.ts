/** What anybody can see of a restaurant: its menu, its rooms and its street. Some of it is not on record. */
import { type Column, numberColumn, stringColumn } from '@rootstock/data'
import type { Draws } from './draws.ts'
import { dishes, type Town } from './town.ts'

type Cell = number | null

/** Prices end in .0 or .5, as on menus. */
const price = (x: number): number => Math.max(1, Math.round(2 * x) / 2)
const wholeNumber = (x: number): number => Math.max(0, Math.round(x))
const atLeastOne = (x: number): number => Math.max(1, Math.round(x))

/** Share of the restaurants of which a thing is not on record. */
const unrecorded = { area: 0.2, staff: 0.15, wait: 0.3, opened: 0.1 } as const

const columnsOf = (draws: Draws, town: Town) => {
  const { count, quality, style, walkability, crowding, quarters, quarter } = town
  const numbers = (
    name: string,
    value: (i: number, noise: number) => Cell,
    missing = 0,
  ): readonly Cell[] => {
    const noise = draws.normal(name, count)
    const lost = missing === 0 ? null : draws.uniform(`${name} is lost`, count)
    return Array.from(noise, (e, i) => (lost !== null && lost[i]! < missing ? null : value(i, e)))
  }
  const income = (i: number): number => quarters[quarter[i]!]!.income
  return { numbers, income, quality, style, walkability, crowding }
}

const menuOf = (draws: Draws, town: Town): readonly Column[] => {
  const { numbers, income, quality, style } = columnsOf(draws, town)
  const main = numbers('main', (i, e) =>
    price(Math.exp(2.6 + 0.28 * style[i]! + 0.12 * income(i) + 0.12 * e)),
  )
  const share = (of: number) => (i: number, e: number) => price(main[i]! * of * Math.exp(0.16 * e))
  const wines = numbers('wines', (i, e) => {
    const list = 1.2 + 0.9 * style[i]! + 0.5 * quality[i]! + 0.6 * e
    return list < 0.6 ? 0 : atLeastOne(Math.exp(list))
  })
  const bottle = numbers('bottle', (i, e) =>
    wines[i] === 0 ? null : price(Math.exp(3 + 0.3 * style[i]! + 0.15 * quality[i]! + 0.14 * e)),
  )
  return [
    // a good kitchen cooks few dishes
    numberColumn(
      'dishes',
      numbers('dishes', (i, e) =>
        atLeastOne(Math.exp(3.6 - 0.3 * quality[i]! - 0.2 * style[i]! + 0.25 * e)),
      ),
    ),
    numberColumn('price of starters', numbers('starter', share(0.5))),
    numberColumn('price of mains', main),
    numberColumn('price of desserts', numbers('dessert', share(0.42))),
    numberColumn('wines', wines),
    numberColumn('price of a bottle', bottle),
  ]
}

const roomsOf = (draws: Draws, town: Town): readonly Column[] => {
  const { numbers, quality, style, crowding } = columnsOf(draws, town)
  const seats = numbers('seats', (i, e) =>
    atLeastOne(Math.exp(3.9 - 0.2 * style[i]! + 0.25 * crowding[i]! + 0.35 * e)),
  )
  const music = draws.normal('music', town.count).map((e, i) => crowding[i]! + 0.9 * e)
  return [
    numberColumn('seats', seats),
    numberColumn(
      'area',
      numbers(
        'area',
        (i, e) => atLeastOne(seats[i]! * Math.exp(0.5 - 0.3 * crowding[i]! + 0.12 * e)),
        unrecorded.area,
      ),
    ),
    numberColumn(
      'staff',
      numbers(
        'staff',
        (i, e) =>
          atLeastOne((seats[i]! / 9) * Math.exp(0.3 * quality[i]! + 0.2 * style[i]! + 0.15 * e)),
        unrecorded.staff,
      ),
    ),
    numberColumn(
      'days to wait',
      numbers(
        'wait',
        (i, e) => wholeNumber(Math.exp(0.9 * quality[i]! + 0.4 * crowding[i]! + 0.4 * e) - 0.5),
        unrecorded.wait,
      ),
    ),
    stringColumn(
      'music',
      Array.from(music, (x) => (x > 1.4 ? 'live' : x > -0.3 ? 'background' : 'none')),
    ),
  ]
}

const streetOf = (draws: Draws, town: Town): readonly Column[] => {
  const { numbers, quality, walkability } = columnsOf(draws, town)
  return [
    stringColumn(
      'zip code',
      Array.from(town.quarter, (q) => town.quarters[q]!.zip),
    ),
    numberColumn(
      'shops nearby',
      numbers('shops', (i, e) => wholeNumber(Math.exp(0.5 + 3 * walkability[i]! + 0.35 * e) - 1)),
    ),
    numberColumn(
      'bus lines',
      numbers('bus', (i, e) => wholeNumber(5 * walkability[i]! + 0.9 * e)),
    ),
    numberColumn(
      'parking lots',
      numbers('parking', (i, e) =>
        wholeNumber(Math.exp(3.6 - 2.6 * walkability[i]! + 0.5 * e) - 1),
      ),
    ),
    numberColumn(
      'year of opening',
      // what is bad does not grow old
      numbers(
        'opened',
        (i, e) => Math.round(2024 - Math.exp(2.2 + 0.25 * quality[i]! + 0.7 * e)),
        unrecorded.opened,
      ),
    ),
  ]
}

/** The columns of a town that need no critic. */
export const menu = (draws: Draws, town: Town): readonly Column[] => [
  stringColumn(
    'dish',
    Array.from(town.dish, (d) => dishes[d]!),
  ),
  ...menuOf(draws, town),
  ...roomsOf(draws, town),
  ...streetOf(draws, town),
]
