/** How far to go along a line: far enough that the function has fallen and its slope has flattened. */
import { addScaled, dot, type Evaluated, type Place, placeOf } from './vector.ts'

// Values come from float32 arithmetic: a fall smaller than this share of the value cannot be told from rounding.
const rounding = 1e-7
const sufficient = 1e-4
const flattening = 0.9
const mostTrials = 25

/** A point of the line: how far, and the function and its slope there. */
interface Point {
  readonly size: number
  readonly value: number
  readonly slope: number
}

/** Where the cubic through two points and their slopes is lowest, kept away from both ends. */
const between = (low: Point, high: Point): number => {
  const length = high.size - low.size
  const d = low.slope + high.slope - (3 * (high.value - low.value)) / length
  const root = Math.sqrt(d * d - low.slope * high.slope) * Math.sign(length)
  const share = 1 - (high.slope + root - d) / (high.slope - low.slope + 2 * root)
  // not a number where an end is not finite: halve
  return low.size + length * (share >= 0.1 && share <= 0.9 ? share : 0.5)
}

/**
 * A place along a direction that satisfies the strong Wolfe conditions, `f <= f_0 + 1e-4 t s_0` and `|s| <= 0.9 |s_0|` with slopes s, or
 * the lowest found that satisfies the first; null when the function does not fall at all.
 */
export const searchLine = <Found extends Evaluated>(
  f: (x: Float64Array) => Found,
  from: Place<Found>,
  direction: Float64Array,
): Place<Found> | null => {
  const start = { size: 0, value: from.value, slope: dot(from.gradient, direction) }
  if (!(start.slope < 0)) return null
  let low: Point = start
  let high: Point | null = null
  let best: Place<Found> | null = null
  let size = 1
  for (let trial = 0; trial < mostTrials; trial++) {
    const place = placeOf(f, addScaled(from.x, size, direction))
    const { value } = place
    const point = { size, value, slope: dot(place.gradient, direction) }
    const isFinite = Number.isFinite(value) && Number.isFinite(place.steepness)
    const isLevel = Math.abs(value - start.value) <= rounding * Math.abs(start.value)
    if (isFinite && isLevel && place.steepness < from.steepness) return place
    if (isFinite && value <= start.value + sufficient * size * start.slope && value <= low.value) {
      if (Math.abs(point.slope) <= -flattening * start.slope) return place
      best = place
      // the lowest point lies on the side to which the function falls
      const isPast = point.slope * ((high?.size ?? Number.POSITIVE_INFINITY) - low.size) >= 0
      if (isPast) high = low
      low = point
    } else high = point
    size = high === null ? 2 * size : between(low, high)
  }
  return best
}
