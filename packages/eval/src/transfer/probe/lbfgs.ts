/**
 * Minimising a smooth function of few thousand numbers: the limited-memory BFGS method (Liu and Nocedal, On the Limited Memory BFGS
 * Method for Large Scale Optimization, 1989). A linear head on frozen features is a convex problem; this finds its solution in tens
 * of passes, without a step size to choose.
 */

/** A function's value and gradient at a place. */
export interface Evaluated {
  readonly value: number
  readonly gradient: Float64Array
}

/** A place reached, and what the function says there. */
export type Place<Found extends Evaluated> = Found & {
  readonly x: Float64Array
  /** The largest entry of the gradient, without sign. */
  readonly steepness: number
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

const addScaled = (a: Float64Array, scale: number, b: Float64Array): Float64Array => {
  const result = new Float64Array(a.length)
  for (let i = 0; i < a.length; i++) result[i] = a[i]! + scale * b[i]!
  return result
}

const steepnessOf = (gradient: Float64Array): number =>
  gradient.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0)

/** A step made and how the gradient changed over it. */
interface Curvature {
  readonly step: Float64Array
  readonly change: Float64Array
  readonly product: number
}

/** The two-loop recursion: minus the gradient times the inverse Hessian that the remembered steps suggest. */
const directionOf = (gradient: Float64Array, pairs: readonly Curvature[]): Float64Array => {
  let direction: Float64Array = gradient.map((entry) => -entry)
  const shares: number[] = []
  for (const { step, change, product } of pairs.toReversed()) {
    const share = dot(step, direction) / product
    shares.unshift(share)
    direction = addScaled(direction, -share, change)
  }
  const last = pairs.at(-1)
  const scale =
    last === undefined
      ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)))
      : last.product / dot(last.change, last.change)
  direction = direction.map((entry) => scale * entry)
  pairs.forEach(({ step, change, product }, i) => {
    direction = addScaled(direction, shares[i]! - dot(change, direction) / product, step)
  })
  return direction
}

// Values come from float32 arithmetic: a fall smaller than this share of the value cannot be told from rounding.
const rounding = 1e-7
const sufficient = 1e-4
const mostHalvings = 25
/** Steps whose curvature is remembered. */
const memory = 10

/** Backtracks from a whole step until the function has fallen enough; null when it does not fall. */
const search = <Found extends Evaluated>(
  f: (x: Float64Array) => Found,
  from: Place<Found>,
  direction: Float64Array,
): Place<Found> | null => {
  const slope = dot(from.gradient, direction)
  if (!(slope < 0)) return null
  for (let halving = 0, size = 1; halving < mostHalvings; halving++, size /= 2) {
    const x = addScaled(from.x, size, direction)
    const found = f(x)
    const steepness = steepnessOf(found.gradient)
    if (!(Number.isFinite(found.value) && Number.isFinite(steepness))) continue
    const fallen = found.value <= from.value + sufficient * size * slope
    const level = found.value <= from.value + rounding * Math.abs(from.value)
    if (fallen || (level && steepness < from.steepness)) return { ...found, x, steepness }
  }
  return null
}

/**
 * The places that the search visits, the start first; it ends where no entry of the gradient is above the tolerance, or where the
 * function cannot be told from flat. A start whose value is not finite is the only place.
 */
export function* lbfgs<Found extends Evaluated>(
  f: (x: Float64Array) => Found,
  start: Float64Array,
  tolerance: number,
): Generator<Place<Found>, void, undefined> {
  const first = f(start)
  let at: Place<Found> = { ...first, x: start, steepness: steepnessOf(first.gradient) }
  let pairs: readonly Curvature[] = []
  yield at
  while (at.steepness > tolerance && Number.isFinite(at.value)) {
    const next = search(f, at, directionOf(at.gradient, pairs))
    if (next === null) {
      // what is remembered may mislead; the plain gradient has one more try
      if (pairs.length === 0) return
      pairs = []
      continue
    }
    const step = addScaled(next.x, -1, at.x)
    const change = addScaled(next.gradient, -1, at.gradient)
    const product = dot(step, change)
    const isCurved = product > 1e-10 * dot(change, change)
    if (isCurved) pairs = [...pairs.slice(-memory + 1), { step, change, product }]
    at = next
    yield at
  }
}
