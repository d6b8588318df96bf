/** Restarts: the cheap answer to a loss with bad valleys, and how many of them are enough. */
import { ArgumentError } from '../errors.ts'

/** A share, or a number that follows from one, and the limits of its 95 % interval. */
export interface Share {
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** Options of `restarts`. */
export interface RestartOptions {
  /** How often to run; the seeds are `from`, `from + 1`, ... */
  readonly count: number
  /** The first seed. Default 0. */
  readonly from?: number
  /** A run succeeds when its value is below. */
  readonly below: number
}

/** What came of several runs. */
export interface Restarts<Run> {
  /** All runs, the best first; those whose value is not a number last. */
  readonly runs: readonly { readonly seed: number; readonly run: Run }[]
  /** How many runs succeeded, of all. */
  readonly success: Share
  /** Runs that contain a success with probability 0.95: from the success rate, and from the limits of its interval. */
  readonly needed: Share
}

/** The normal quantile that leaves 2.5 % above. */
const reach = 1.959963984540054

/** The score interval, which holds for few runs and for none or all of them (Wilson, Probable inference, 1927). */
const wilson = (successes: number, count: number): Share => {
  const mean = successes / count
  const square = reach ** 2
  const centre = (successes + square / 2) / (count + square)
  const half = (reach / (count + square)) * Math.sqrt(count * mean * (1 - mean) + square / 4)
  return {
    mean,
    low: successes === 0 ? 0 : centre - half,
    high: successes === count ? 1 : centre + half,
  }
}

/**
 * The number of independent runs of which at least one succeeds with probability `confidence`, when each does with probability `rate`:
 * `ceil(ln(1 - confidence) / ln(1 - rate))`; Infinity for a rate of 0.
 * @example
 * ```ts
 * import { restartsNeeded } from '@rootstock/core'
 * console.log(restartsNeeded(0.5), restartsNeeded(0.05), restartsNeeded(0)) // 5 59 Infinity
 * ```
 */
export const restartsNeeded = (rate: number, confidence = 0.95): number => {
  if (!(rate >= 0 && rate <= 1) || !(confidence > 0 && confidence < 1))
    throw new ArgumentError({
      operation: 'restartsNeeded',
      inputs: { rate, confidence },
      rule: 'rate must lie in [0, 1], and confidence between 0 and 1',
    })
  if (rate === 0) return Infinity
  return Math.max(1, Math.ceil(Math.log(1 - confidence) / Math.log1p(-rate)))
}

/** Numbers in order, and what is none behind them. */
const compare = (a: number, b: number): number =>
  Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a < b ? -1 : a > b ? 1 : 0

/**
 * Runs a training several times from different seeds, and says how often it succeeds and how many runs one should plan for. `run` gives
 * an object with the final loss as its `value`, as `lbfgs` does, and whatever else is worth keeping.
 * @example
 * ```ts
 * import { lbfgs, random, restarts, sin, type Tensor } from '@rootstock/core'
 * // valleys at -pi/2 and, higher, at 3 pi/2
 * const f = (x: Tensor) => sin(x).add(x.mul(x).mul(0.01))
 * const start = (seed: number) => random.uniform(random.key(seed), [], { low: -5, high: 8 })
 * const { runs, success, needed } = restarts((seed) => lbfgs(f, start(seed)), { count: 20, below: -0.9 })
 * console.log(runs[0]!.run.params.item().toFixed(2)) // -1.54
 * console.log(success.mean > 0.3, success.mean < 0.9, needed.mean >= 2) // true true true
 * ```
 */
export const restarts = <Run extends { readonly value: number }>(
  run: (seed: number) => Run,
  { count, from = 0, below }: RestartOptions,
): Restarts<Run> => {
  if (!Number.isInteger(count) || count < 1)
    throw new ArgumentError({
      operation: 'restarts',
      inputs: { count },
      rule: 'count must be a whole number of at least 1',
    })
  const runs = Array.from({ length: count }, (_, i) => ({ seed: from + i, run: run(from + i) }))
  const success = wilson(runs.filter((one) => one.run.value < below).length, count)
  return {
    runs: runs.toSorted((a, b) => compare(a.run.value, b.run.value)),
    success,
    needed: {
      mean: restartsNeeded(success.mean),
      low: restartsNeeded(success.high),
      high: restartsNeeded(success.low),
    },
  }
}
