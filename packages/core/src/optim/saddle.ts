/**
 * Where the gradient is nought a loss may have a minimum, or a saddle from which training would crawl away for ever. The Hessian tells
 * them apart, and its most negative direction leads down; where it is silent, a search of the neighbourhood is left.
 */
import type { Tensor } from '../tensor.ts'
import { besides, randomVector, type Spectrum, unitOf } from './lanczos.ts'
import { type Landscape, landscapeOf, spectrumOf, strengthOf } from './landscape.ts'
import { addScaled, dot, type Evaluated, type Place, placeOf } from './vector.ts'

/** Options of `saddleTest`. */
export interface SaddleOptions {
  /** No entry of the gradient is above it where the function is stationary. Default 1e-3. */
  readonly steepness?: number
  /** Curvature counts from this share of the largest on. Default 1e-4. */
  readonly tolerance?: number
  /** How far around to look for lower ground where curvature is silent, and the first step of an escape, which goes no farther than eight. Default 0.1. */
  readonly radius?: number
  /** Random directions to look along there, both ways; each costs up to a hundred gradients. Default 8. */
  readonly searches?: number
  /** Hessian-vector products for the spectrum. Default: one per parameter up to 500, 100 beyond. */
  readonly steps?: number
  readonly seed?: number
}

/** A way down from a saddle. */
export interface Escape<Params> {
  /** A unit vector over all parameters. */
  readonly direction: Params
  /** How far to go along it. */
  readonly step: number
  /** Where that leads. */
  readonly params: Params
  /** The value there. */
  readonly value: number
}

/** What a place is, by its first, second or higher derivatives. */
export type Stationarity<Params> =
  | { readonly kind: 'slope'; readonly steepness: number }
  | {
      readonly kind: 'saddle'
      /** Directions of negative curvature that were found; all of them make a maximum. */
      readonly index: number
      /** Of second order where curvature tells; else the Hessian has no negative direction, yet lower ground is near. */
      readonly order: 'second' | 'higher'
      /** Null where the fall cannot be told from rounding. */
      readonly escape: Escape<Params> | null
    }
  | {
      readonly kind: 'minimum'
      /** Directions without curvature that were found; along these nothing lower was met within the radius. */
      readonly flat: number
    }

/** A function around a place, and what it says there. */
interface Ground<Params> extends Landscape<Params> {
  readonly place: Place<Evaluated>
}

/** A place and its function. */
type Found = Evaluated & { readonly x: Float64Array }

/** How far an escape may go, in radii. */
const farthest = 8

/** Goes on along the way to a lower place for as long as it falls, twice as far each time. */
const stretch = <Params>(
  { unpack, place, evaluate }: Ground<Params>,
  found: Found,
  radius: number,
): Escape<Params> => {
  const way = addScaled(found.x, -1, place.x)
  const direction = unitOf(way)
  let [best, step] = [found, Math.sqrt(dot(way, way))]
  while (2 * step <= farthest * radius) {
    const x = addScaled(place.x, 2 * step, direction)
    const next = { ...evaluate(x), x }
    if (!(next.value < best.value)) break
    best = next
    step *= 2
  }
  return { direction: unpack(direction), step, params: unpack(best.x), value: best.value }
}

/** Down along a direction, whichever of both ways its slope says. */
const alongDirection = <Params>(
  ground: Ground<Params>,
  direction: Float64Array,
  radius: number,
): Escape<Params> | null => {
  const { place, evaluate, rounding } = ground
  const sign = dot(place.gradient, direction) > 0 ? -1 : 1
  for (let size = radius; size > 1e-3 * radius; size /= 2) {
    const x = addScaled(place.x, sign * size, direction)
    const found = { ...evaluate(x), x }
    if (found.value < place.value - rounding * Math.abs(place.value))
      return stretch(ground, found, radius)
  }
  return null
}

const descents = 12
const halvings = 7

/** The first lower place on the way to a target, which is halved again and again; null where none is met. */
const lowerOnWay = (
  evaluate: (x: Float64Array) => Evaluated,
  from: Found,
  target: Float64Array,
): Found | null => {
  const way = addScaled(target, -1, from.x)
  for (let i = 0; i < halvings; i++) {
    const x = addScaled(from.x, 2 ** -i, way)
    const found = evaluate(x)
    if (found.value < from.value) return { ...found, x }
  }
  return null
}

/**
 * Lower ground in the ball around the place, by steps towards the point of the ball that the gradient recommends (Frank and Wolfe, An
 * algorithm for quadratic programming, 1956). A convex function falls by no more than slope times radius, so that is not counted.
 */
const searchBall = <Params>(
  { place, evaluate, rounding }: Ground<Params>,
  direction: Float64Array,
  radius: number,
): Found | null => {
  const start = addScaled(place.x, radius, direction)
  let at: Found = { ...evaluate(start), x: start }
  const reach = radius * Math.sqrt(dot(at.gradient, at.gradient))
  const noise = rounding * Math.max(Math.abs(place.value), Math.abs(at.value), reach)
  for (let i = 0; i < descents; i++) {
    const target = addScaled(place.x, -radius, unitOf(at.gradient))
    const lower = lowerOnWay(evaluate, at, target)
    if (lower === null) break
    at = lower
  }
  const slope = radius * Math.sqrt(dot(place.gradient, place.gradient))
  return at.value < place.value - noise - slope ? at : null
}

/** Looks both ways along random directions in which the function does not bend. */
const searchFlat = <Params>(
  ground: Ground<Params>,
  spectrum: Spectrum,
  bent: readonly number[],
  { radius, searches, seed }: Required<Pick<SaddleOptions, 'radius' | 'searches' | 'seed'>>,
): Escape<Params> | null => {
  const { length } = ground.x
  const curved = bent.map((i) => spectrum.vector(i))
  for (let i = 0; i < searches; i++) {
    const direction = unitOf(besides(randomVector(length, seed, 2 ** 29 + i), curved))
    for (const start of [direction, direction.map((entry) => -entry)]) {
      const found = searchBall(ground, start, radius)
      if (found !== null) return stretch(ground, found, radius)
    }
  }
  return null
}

/**
 * Tells a minimum from a saddle of a scalar function at `params` and offers a way down from a saddle. The eigenvalues l of the Hessian come
 * from `lanczos` on Hessian-vector products; with one of `l < -tolerance max |l|` it is a saddle whose index counts them, and the most
 * negative direction is the way (Dauphin et al., Identifying and attacking the saddle point problem, 2014). Where some l are 0 and none is
 * negative, derivatives of higher order decide: the neighbourhood is searched for lower ground, which finds it in a monkey saddle. Deep
 * networks have many such directions at any minimum; a search that finds nothing is no proof.
 * @example
 * ```ts
 * import { saddleTest, square, sub, type Tensor, tensor } from '@rootstock/core'
 * const f = ({ x, y }: { x: Tensor; y: Tensor }) => sub(square(x), square(y))
 * const found = saddleTest(f, { x: tensor(0), y: tensor(0) })
 * if (found.kind === 'saddle') console.log(found.index, found.escape!.value < 0) // 1 true
 * ```
 */
export const saddleTest = <Params>(
  f: (params: Params) => Tensor,
  params: Params,
  {
    steepness = 1e-3,
    tolerance = 1e-4,
    radius = 0.1,
    searches = 8,
    seed = 0,
    ...options
  }: SaddleOptions = {},
): Stationarity<Params> => {
  const landscape = landscapeOf('saddleTest', f, params)
  const ground = { ...landscape, place: placeOf(landscape.evaluate, landscape.x) }
  if (!(ground.place.steepness <= steepness))
    return { kind: 'slope', steepness: ground.place.steepness }
  const spectrum = spectrumOf(landscape, { ...options, seed })
  const limit = tolerance * strengthOf(spectrum)
  const index = spectrum.values.filter((value) => value < -limit).length
  if (index > 0) {
    const escape = alongDirection(ground, spectrum.vector(0), radius)
    return { kind: 'saddle', index, order: 'second', escape }
  }
  const bent = [...spectrum.values.keys()].filter((i) => spectrum.values[i]! > limit)
  const flat = spectrum.values.length - bent.length
  if (flat > 0 || !spectrum.isComplete) {
    const escape = searchFlat(ground, spectrum, bent, { radius, searches, seed })
    if (escape !== null) return { kind: 'saddle', index, order: 'higher', escape }
  }
  return { kind: 'minimum', flat }
}
