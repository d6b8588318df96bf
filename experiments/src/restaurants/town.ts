/**
 * A town of restaurants as nobody sees it: what each one is really like. The menu and the street show it from many sides, all
 * of them blurred; the grades of a critic follow from it.
 */
import type { Draws } from './draws.ts'

/** The kinds of kitchen, from quick to elaborate. */
export const dishes = [
  'burger',
  'noodles',
  'pizza',
  'curry',
  'tapas',
  'vegetables',
  'sushi',
  'roast',
  'fish',
  'tasting menu',
] as const

/** A part of the town. */
export interface Quarter {
  readonly zip: string
  /** 0 at the edge of the town, 1 in the middle. */
  readonly centrality: number
  /** Standardised. */
  readonly income: number
}

/** Hidden properties, one entry for each restaurant. */
export interface Town {
  readonly count: number
  readonly quarters: readonly Quarter[]
  /** Index of the quarter. */
  readonly quarter: Int32Array
  /** Index into `dishes`. */
  readonly dish: Int32Array
  /** Quality of the food, standardised. */
  readonly quality: Float32Array
  /** From quick to elaborate, standardised; better kitchens tend to be elaborate. */
  readonly style: Float32Array
  /** How well it can be reached on foot, from 0 to 1. */
  readonly walkability: Float32Array
  /** How crowded it is, standardised. */
  readonly crowding: Float32Array
}

const quarterCount = 16

const quartersOf = (draws: Draws): readonly Quarter[] => {
  const centrality = draws.uniform('quarter centrality', quarterCount)
  const income = draws.normal('quarter income', quarterCount)
  return Array.from({ length: quarterCount }, (_, i) => ({
    zip: String(72070 + i),
    centrality: centrality[i]!,
    income: income[i]!,
  }))
}

/** Central quarters have more restaurants. */
const placeAll = (quarters: readonly Quarter[], uniform: Float32Array): Int32Array => {
  const weights = quarters.map(({ centrality }) => 0.2 + centrality)
  const total = weights.reduce((a, b) => a + b)
  return Int32Array.from(uniform, (u) => {
    let rest = u * total
    const found = weights.findIndex((weight) => {
      rest -= weight
      return rest < 0
    })
    return found === -1 ? quarters.length - 1 : found
  })
}

const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x))

/** The town of a seed. */
export const townOf = (draws: Draws, count: number): Town => {
  const quarters = quartersOf(draws)
  const quarter = placeAll(quarters, draws.uniform('quarter', count))
  const at = (i: number): Quarter => quarters[quarter[i]!]!
  const mix = (name: string, f: (noise: number, i: number) => number): Float32Array =>
    draws.normal(name, count).map(f)
  const quality = mix('quality', (e, i) => 0.4 * at(i).income + 0.9 * e)
  const style = mix('style', (e, i) => 0.5 * quality[i]! + 0.25 * at(i).income + 0.8 * e)
  const walkability = mix('walkability', (e, i) => clamp(at(i).centrality + 0.18 * e, 0, 1))
  const crowding = mix('crowding', (e, i) => 0.6 * walkability[i]! - 0.35 * style[i]! + 0.8 * e)
  const dish = Int32Array.from(
    mix('dish', (e, i) => 4.5 + 2.1 * style[i]! + 1.3 * e),
    (x) => clamp(Math.round(x), 0, dishes.length - 1),
  )
  return { count, quarters, quarter, dish, quality, style, walkability, crowding }
}
