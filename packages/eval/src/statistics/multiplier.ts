/**
 * The label multiplier: how many times more labels the reference arm needs for the score another arm has. Read from the
 * reference's learning curve, which is measured at a few label counts only, so the answer may be a bound or nothing.
 */

/** A measured place of a learning curve. `score` is oriented: higher is better. */
export interface CurvePoint {
  readonly labels: number
  readonly score: number
}

/** How many times more labels; `more than` and `less than` are bounds from the end of the measured range. */
export type Multiplier =
  | { readonly kind: 'equal' | 'more than' | 'less than'; readonly value: number }
  | { readonly kind: 'not measured'; readonly reason: string }

/**
 * The nearest curve that never falls (pool adjacent violators; Ayer and others, 1955): more labels do not make a model worse,
 * so a dip between two counts is noise of the seeds.
 */
export const risingCurve = (curve: readonly CurvePoint[]): readonly CurvePoint[] => {
  const pools: { sum: number; labels: number[] }[] = []
  for (const { labels, score } of [...curve].sort((a, b) => a.labels - b.labels)) {
    let pool = { sum: score, labels: [labels] }
    for (
      let last = pools.at(-1);
      last !== undefined && last.sum / last.labels.length > pool.sum / pool.labels.length;
      last = pools.at(-1)
    ) {
      pools.pop()
      pool = { sum: last.sum + pool.sum, labels: [...last.labels, ...pool.labels] }
    }
    pools.push(pool)
  }
  return pools.flatMap(({ sum, labels }) =>
    labels.map((count) => ({ labels: count, score: sum / labels.length })),
  )
}

/** The label counts at which a rising curve has this score, as a range: a flat stretch has it everywhere. */
const countsWithScore = (
  curve: readonly CurvePoint[],
  score: number,
): readonly [number, number] => {
  const crossing = (from: CurvePoint, to: CurvePoint): number => {
    const share = (score - from.score) / (to.score - from.score)
    return Math.exp(Math.log(from.labels) + share * Math.log(to.labels / from.labels))
  }
  const above = curve.findIndex((point) => point.score >= score)
  const below = curve.findLastIndex((point) => point.score <= score)
  const first = curve[above]!
  const last = curve[below]!
  return [
    first.score === score ? first.labels : crossing(curve[above - 1]!, first),
    last.score === score ? last.labels : crossing(last, curve[below + 1]!),
  ]
}

/** The multiplier read from a rising curve of at least two points. */
const readCurve = (curve: readonly CurvePoint[], { labels, score }: CurvePoint): Multiplier => {
  const least = curve[0]!
  const most = curve[curve.length - 1]!
  if (score > most.score) return { kind: 'more than', value: most.labels / labels }
  if (score < least.score) return { kind: 'less than', value: least.labels / labels }
  const [from, to] = countsWithScore(curve, score)
  return { kind: 'equal', value: Math.min(Math.max(labels, from), to) / labels }
}

/**
 * How many times more labels the reference needs for `score`, which the other arm reaches with `labels` labels: the
 * reference's curve is made rising, then interpolated linearly in the logarithm of the label count. Beyond the measured range
 * the answer is a bound; with fewer than two label counts it is `not measured`. Where making it rise moved the curve, the
 * reference's own score at the same label count decides on which side of 1 the answer lies.
 *
 * @example
 * ```ts
 * import { labelMultiplier } from '@rootstock/eval'
 * const scratch = [{ labels: 10, score: 0.5 }, { labels: 100, score: 0.7 }, { labels: 1000, score: 0.9 }]
 * console.log(labelMultiplier(scratch, { labels: 10, score: 0.7 })) // { kind: 'equal', value: 10 }
 * ```
 */
export const labelMultiplier = (
  reference: readonly CurvePoint[],
  point: CurvePoint,
): Multiplier => {
  if (!Number.isFinite(point.score))
    return { kind: 'not measured', reason: 'this arm has no score here' }
  const measured = reference.filter((p) => Number.isFinite(p.score) && p.labels > 0)
  if (measured.length < 2)
    return {
      kind: 'not measured',
      reason: 'the reference has scores at fewer than two label counts',
    }
  const found = readCurve(risingCurve(measured), point)
  const own = measured.find((p) => p.labels === point.labels)
  if (own === undefined || found.kind === 'not measured') return found
  const above = found.kind === 'more than' || found.value > 1
  const below = found.kind === 'less than' || found.value < 1
  const isContradiction = (above && point.score <= own.score) || (below && point.score >= own.score)
  return isContradiction ? { kind: 'equal', value: 1 } : found
}
