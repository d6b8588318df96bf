/** Texts as numbers: how much of each gram a text has, more for rare ones (Salton and Buckley, Term-weighting approaches, 1988). */
import { gramsOf } from '../text/grams.ts'

/** Grams that have a feature, what one of each counts, and how long the vector of a text is. */
export interface FittedGrams {
  readonly grams: readonly string[]
  readonly weights: readonly number[]
  readonly length: number
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The grams that most of the texts have, at most so many. One weighs `ln((1 + n) / (1 + texts that have it)) + 1`; the length is such
 * that features that are not 0 are about 1.
 */
export const fitGrams = (texts: Iterable<string>, most: number): FittedGrams => {
  const having = new Map<string, number>()
  let count = 0
  for (const text of texts) {
    count++
    for (const gram of gramsOf(text).keys()) having.set(gram, (having.get(gram) ?? 0) + 1)
  }
  const kept = [...having]
    .toSorted(([a, often], [b, oftenB]) => oftenB - often || byCodeUnit(a, b))
    .slice(0, most)
  const present = kept.reduce((total, [, often]) => total + often, 0)
  return {
    grams: kept.map(([gram]) => gram),
    weights: kept.map(([, often]) => Math.log((1 + count) / (1 + often)) + 1),
    length: Math.sqrt(present > 0 ? present / count : 1),
  }
}

/**
 * Writes texts into rows: `(1 + ln count) weight` of each gram, made a vector of the fitted length. A text without any known gram
 * stays 0.
 */
export const gramWriter = ({ grams, weights, length }: FittedGrams) => {
  const places = new Map(grams.map((gram, i) => [gram, i]))
  return (text: string, features: Float32Array): void => {
    let squares = 0
    for (const [gram, count] of gramsOf(text)) {
      const place = places.get(gram)
      if (place === undefined) continue
      const value = (1 + Math.log(count)) * weights[place]!
      features[place] = value
      squares += value ** 2
    }
    if (squares === 0) return
    const factor = length / Math.sqrt(squares)
    for (let i = 0; i < grams.length; i++) features[i]! *= factor
  }
}
