/** Rates that begin small, before what is learned can be trusted. */
import { add, mul } from '../../numeric/arithmetic.ts'
import { less, where } from '../../numeric/comparison.ts'
import { fullLike } from '../../numeric/creation.ts'
import { ofStep, progress, type Schedule } from './schedule.ts'

/** Options of the warm-ups. */
export interface WarmupOptions {
  /** The rate afterwards. */
  readonly rate: number
  /** How many steps it takes. Default 5. */
  readonly steps?: number
  /** Share of the rate to begin with. Default 1/3. */
  readonly start?: number
}

/**
 * In a line from `start rate` to `rate`, which then stays (Goyal et al., Accurate, large minibatch SGD, 2017).
 * @example
 * ```ts
 * import { linearWarmup, tensor } from '@rootstock/core'
 * const rate = linearWarmup({ rate: 1, steps: 4, start: 0 })
 * console.log([0, 1, 9].map((t) => rate(tensor(t)).item())) // [0, 0.25, 1]
 * ```
 */
export const linearWarmup = ({ rate, steps = 5, start = 1 / 3 }: WarmupOptions): Schedule =>
  ofStep((t) => mul(add(mul(progress(t, 0, steps), 1 - start), start), rate))

/**
 * `start rate` for some steps, then `rate`.
 * @example
 * ```ts
 * import { constantWarmup, tensor } from '@rootstock/core'
 * const rate = constantWarmup({ rate: 1, steps: 2, start: 0.5 })
 * console.log([0, 1, 2].map((t) => rate(tensor(t)).item())) // [0.5, 0.5, 1]
 * ```
 */
export const constantWarmup = ({ rate, steps = 5, start = 1 / 3 }: WarmupOptions): Schedule =>
  ofStep((t) => where(less(t, steps), rate * start, fullLike(t, rate)))
