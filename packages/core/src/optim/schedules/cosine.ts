/** Rates that fall along half a cosine: slowly, fast, slowly. */
import { add, div, mul, pow, rem, sub } from '../../numeric/arithmetic.ts'
import { less, where } from '../../numeric/comparison.ts'
import { log } from '../../numeric/exponential.ts'
import { floor } from '../../numeric/rounding.ts'
import { cos } from '../../numeric/trigonometry.ts'
import type { Tensor } from '../../tensor.ts'
import { ofStep, progress, type Schedule } from './schedule.ts'

/** From `start` to `end` along half a cosine while p goes from 0 to 1. */
export const alongCosine = (start: number, end: number, p: Tensor): Tensor =>
  add(mul(add(cos(mul(p, Math.PI)), 1), (start - end) / 2), end)

/** Options of `cosineDecay`. */
export interface CosineDecayOptions {
  readonly rate: number
  /** Steps of the fall. */
  readonly steps: number
  /** The rate at the end, which then stays. Default 0. */
  readonly least?: number
}

/**
 * `least + (rate - least) (1 + cos(pi t / steps)) / 2`, then `least` (Loshchilov and Hutter, SGDR, 2017).
 * @example
 * ```ts
 * import { cosineDecay, tensor } from '@rootstock/core'
 * const rate = cosineDecay({ rate: 1, steps: 10 })
 * console.log([0, 5, 99].map((t) => rate(tensor(t)).item())) // [1, 0.5, 0]
 * ```
 */
export const cosineDecay = ({ rate, steps, least = 0 }: CosineDecayOptions): Schedule =>
  ofStep((t) => alongCosine(rate, least, progress(t, 0, steps)))

/** Options of `cosineRestarts`. */
export interface CosineRestartsOptions extends CosineDecayOptions {
  /** How many times as long each cycle is as the one before; `steps` is the length of the first. Default 1. */
  readonly growth?: number
}

/**
 * `cosineDecay` again and again (Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts, 2017).
 * @example
 * ```ts
 * import { cosineRestarts, tensor } from '@rootstock/core'
 * const rate = cosineRestarts({ rate: 1, steps: 2, growth: 2 })
 * console.log([0, 1, 2, 4, 6].map((t) => rate(tensor(t)).item())) // [1, 0.5, 1, 0.5, 1]
 * ```
 */
export const cosineRestarts = (options: CosineRestartsOptions): Schedule => {
  const { rate, steps, least = 0, growth = 1 } = options
  if (growth === 1) return ofStep((t) => alongCosine(rate, least, div(rem(t, steps), steps)))
  return ofStep((t) => {
    // cycle n begins at steps (growth^n - 1) / (growth - 1); the small addition keeps its first step from the cycle before
    const reached = add(mul(t, (growth - 1) / steps), 1)
    const scale = pow(growth, floor(add(div(log(reached), Math.log(growth)), 1e-9)))
    const start = mul(sub(scale, 1), steps / (growth - 1))
    return alongCosine(rate, least, div(sub(t, start), mul(scale, steps)))
  })
}

/** Options of `warmupCosine`. */
export interface WarmupCosineOptions extends CosineDecayOptions {
  /** Steps of the rise; `steps` are those of rise and fall together. */
  readonly warmup: number
}

/**
 * `rate (t + 1) / warmup` while t < warmup, then `cosineDecay` to the end of all steps.
 * @example
 * ```ts
 * import { tensor, warmupCosine } from '@rootstock/core'
 * const rate = warmupCosine({ rate: 1, warmup: 2, steps: 12 })
 * console.log([0, 1, 2, 7, 12].map((t) => rate(tensor(t)).item())) // [0.5, 1, 1, 0.5, 0]
 * ```
 */
export const warmupCosine = ({ rate, warmup, steps, least = 0 }: WarmupCosineOptions): Schedule =>
  ofStep((t) => {
    const rise = mul(add(t, 1), rate / warmup)
    return where(less(t, warmup), rise, alongCosine(rate, least, progress(t, warmup, steps)))
  })
