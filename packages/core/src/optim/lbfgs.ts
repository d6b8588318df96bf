/**
 * Minimising a smooth function of few thousand numbers: the limited-memory BFGS method (Liu and Nocedal, On the limited memory BFGS
 * method for large scale optimization, 1989) with a line search that ends at the strong Wolfe conditions (Nocedal and Wright, Numerical
 * optimization, 2006, algorithms 3.5, 3.6 and 7.4). It runs beside the tensors, in float64, around any value and gradient.
 */
import type { Tensor } from '../tensor.ts'
import { evaluatorOf } from './landscape.ts'
import { packing } from './packing.ts'
import { searchLine } from './searchLine.ts'
import { addScaled, dot, type Evaluated, type Place, placeOf } from './vector.ts'

/** Options of `lbfgs` and `lbfgsPath`. */
export interface LbfgsOptions {
  /** Ends where no entry of the gradient is above it. Default 1e-5. */
  readonly tolerance?: number
  /** Steps whose curvature is remembered. Default 10. */
  readonly memory?: number
}

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

/**
 * The places that the search visits, the start first; it ends where no entry of the gradient is above the tolerance, or where the
 * function cannot be told from flat. A start whose value is not finite is the only place. What f gives besides value and gradient stays
 * with each place.
 * @example
 * ```ts
 * import { lbfgsPath } from '@rootstock/core'
 * const bowl = (x: Float64Array) => ({ value: (x[0]! - 3) ** 2, gradient: Float64Array.of(2 * (x[0]! - 3)) })
 * const places = [...lbfgsPath(bowl, Float64Array.of(0))]
 * console.log(places.at(-1)!.x[0]!.toFixed(6)) // 3.000000
 * ```
 */
export function* lbfgsPath<Found extends Evaluated>(
  f: (x: Float64Array) => Found,
  start: Float64Array,
  { tolerance = 1e-5, memory = 10 }: LbfgsOptions = {},
): Generator<Place<Found>, void, undefined> {
  let at = placeOf(f, start)
  let pairs: readonly Curvature[] = []
  yield at
  while (at.steepness > tolerance && Number.isFinite(at.value)) {
    const next = searchLine(f, at, directionOf(at.gradient, pairs))
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

/** Where `lbfgs` ended. */
export interface Minimum<Params> {
  readonly params: Params
  readonly value: number
  /** The largest entry of the gradient, without sign. */
  readonly steepness: number
  readonly steps: number
}

/** Options of `lbfgs`. */
export interface MinimizeOptions extends LbfgsOptions {
  /** The most steps to make. Default 100. */
  readonly maxSteps?: number
}

/**
 * Minimises a scalar function of a tree of parameters, compiled once; ends as `lbfgsPath` does, or after `maxSteps`. Needs no learning
 * rate, but the whole function at each step: no batches.
 * @example
 * ```ts
 * import { lbfgs, square, sub, type Tensor, tensor } from '@rootstock/core'
 * const valley = ({ x, y }: { x: Tensor; y: Tensor }) =>
 *   square(sub(1, x)).add(square(sub(y, square(x))).mul(100))
 * const { params } = lbfgs(valley, { x: tensor(-1.2), y: tensor(1) })
 * console.log(params.x.item().toFixed(3), params.y.item().toFixed(3)) // 1.000 1.000
 * ```
 */
export const lbfgs = <Params>(
  f: (params: Params) => Tensor,
  start: Params,
  { maxSteps = 100, ...options }: MinimizeOptions = {},
): Minimum<Params> => {
  const { pack, unpack } = packing(start)
  const evaluate = evaluatorOf(f, { pack, unpack })
  let steps = -1
  let at: Place<Evaluated> | undefined
  for (at of lbfgsPath(evaluate, pack(start), options)) if (++steps === maxSteps) break
  const { x, value, steepness } = at!
  return { params: unpack(x), value, steepness, steps }
}
