/** What only a visit tells: the answers, for the few restaurants that somebody went to. */
import { type Column, numberColumn, stringColumn } from '@rootstock/data'
import type { Draws } from './draws.ts'
import type { Town } from './town.ts'

/** Share of the restaurants that were visited, and of the grades that were then forgotten. */
export interface Visits {
  readonly visited: number
  readonly forgotten: number
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** The grades of a town: numbers and classes, each with noise of its own. Most are missing. */
export const grades = (draws: Draws, town: Town, visits: Visits): readonly Column[] => {
  const { count, quality, style, walkability, crowding } = town
  const visit = draws.uniform('visit', count)
  const recorded = <T>(name: string, value: (i: number, noise: number) => T): (T | null)[] => {
    const noise = draws.normal(name, count)
    const memory = draws.uniform(`${name} is forgotten`, count)
    return Array.from(noise, (e, i) =>
      visit[i]! < visits.visited && memory[i]! >= visits.forgotten ? value(i, e) : null,
    )
  }
  const chance = draws.uniform('come back by chance', count)
  // a full room is loud, and the louder the more it matters
  const loudness = (i: number): number => 64 + 4 * crowding[i]! + 1.2 * crowding[i]! ** 2
  return [
    numberColumn(
      'food',
      recorded('food', (i, e) =>
        Math.min(20, Math.max(0, Math.round(2 * (12 + 3 * quality[i]! + e)) / 2)),
      ),
    ),
    numberColumn(
      'loudness',
      recorded('loudness', (i, e) => Math.round(10 * (loudness(i) + 1.5 * e)) / 10),
    ),
    stringColumn(
      'on foot',
      recorded('on foot', (i, e) => {
        const ease = walkability[i]! + 0.06 * e
        return ease < 0.33 ? 'hard' : ease < 0.66 ? 'possible' : 'easy'
      }),
    ),
    stringColumn(
      'come back',
      recorded('come back', (i) => {
        // good food brings people back unless the price or the noise is worse than the food is good
        const dear = style[i]! - quality[i]!
        const odds = 0.4 + 1.6 * quality[i]! - 0.8 * Math.max(0, dear) - 0.6 * crowding[i]! ** 2
        return chance[i]! < sigmoid(odds) ? 'yes' : 'no'
      }),
    ),
  ]
}
