/** Rates that fall by powers. */
import { add, div, minimum, mul, pow, sub } from '../../numeric/arithmetic.ts'
import { greaterEqual } from '../../numeric/comparison.ts'
import { sqrt } from '../../numeric/exponential.ts'
import { cast, floor, reciprocal } from '../../numeric/rounding.ts'
import type { Tensor } from '../../tensor.ts'
import { ofStep, progress, type Schedule } from './schedule.ts'

/** Options of `stepDecay`. */
export interface StepDecayOptions {
  readonly rate: number
  /** Steps between two falls. */
  readonly every: number
  /** Default 0.1. */
  readonly factor?: number
}

/**
 * `rate factor^floor(t / every)`.
 * @example
 * ```ts
 * import { stepDecay, tensor } from '@rootstock/core'
 * const rate = stepDecay({ rate: 1, every: 2, factor: 0.5 })
 * console.log([0, 1, 2, 4].map((t) => rate(tensor(t)).item())) // [1, 1, 0.5, 0.25]
 * ```
 */
export const stepDecay = ({ rate, every, factor = 0.1 }: StepDecayOptions): Schedule =>
  ofStep((t) => mul(pow(factor, floor(div(t, every))), rate))

/** Options of `milestoneDecay`. */
export interface MilestoneDecayOptions {
  readonly rate: number
  /** Steps at which the rate falls. */
  readonly milestones: readonly number[]
  /** Default 0.1. */
  readonly factor?: number
}

/**
 * `rate factor^(number of milestones <= t)`.
 * @example
 * ```ts
 * import { milestoneDecay, tensor } from '@rootstock/core'
 * const rate = milestoneDecay({ rate: 1, milestones: [2, 3], factor: 0.5 })
 * console.log([1, 2, 9].map((t) => rate(tensor(t)).item())) // [1, 0.5, 0.25]
 * ```
 */
export const milestoneDecay = ({
  rate,
  milestones,
  factor = 0.1,
}: MilestoneDecayOptions): Schedule =>
  ofStep((t) => {
    const passed = milestones.map((at): Tensor => cast(greaterEqual(t, at), 'float64'))
    return mul(
      pow(
        factor,
        passed.reduce((sum, one) => add(sum, one), mul(t, 0)),
      ),
      rate,
    )
  })

/** Options of `exponentialDecay`. */
export interface ExponentialDecayOptions {
  readonly rate: number
  /** What is left after each step. */
  readonly factor: number
}

/**
 * `rate factor^t`.
 * @example
 * ```ts
 * import { exponentialDecay, tensor } from '@rootstock/core'
 * console.log(exponentialDecay({ rate: 1, factor: 0.5 })(tensor(3)).item()) // 0.125
 * ```
 */
export const exponentialDecay = ({ rate, factor }: ExponentialDecayOptions): Schedule =>
  ofStep((t) => mul(pow(factor, t), rate))

/** Options of `polynomialDecay`. */
export interface PolynomialDecayOptions {
  readonly rate: number
  /** Steps until the rate is 0. */
  readonly steps: number
  /** 1 is a line. Default 1. */
  readonly power?: number
}

/**
 * `rate (1 - t / steps)^power`, then 0.
 * @example
 * ```ts
 * import { polynomialDecay, tensor } from '@rootstock/core'
 * console.log(polynomialDecay({ rate: 1, steps: 4, power: 2 })(tensor(2)).item()) // 0.25
 * ```
 */
export const polynomialDecay = ({ rate, steps, power = 1 }: PolynomialDecayOptions): Schedule =>
  ofStep((t) => mul(pow(sub(1, progress(t, 0, steps)), power), rate))

/** Options of `inverseTimeDecay`. */
export interface InverseTimeDecayOptions {
  readonly rate: number
  /** How fast. */
  readonly decay: number
  /** Default 1: the rate is half after `1 / decay` steps. */
  readonly power?: number
}

/**
 * `rate / (1 + decay t)^power` (Robbins and Monro, A stochastic approximation method, 1951).
 * @example
 * ```ts
 * import { inverseTimeDecay, tensor } from '@rootstock/core'
 * console.log(inverseTimeDecay({ rate: 1, decay: 0.5 })(tensor(2)).item()) // 0.5
 * ```
 */
export const inverseTimeDecay = ({ rate, decay, power = 1 }: InverseTimeDecayOptions): Schedule =>
  ofStep((t) => {
    const slower = add(mul(t, decay), 1)
    return div(rate, power === 1 ? slower : pow(slower, power))
  })

/** Options of `inverseRootDecay`. */
export interface InverseRootDecayOptions {
  /** The highest rate, at the end of the rise. */
  readonly rate: number
  /** Steps of the rise. */
  readonly warmup: number
}

/**
 * `rate min((t + 1) / warmup, sqrt(warmup / (t + 1)))` (Vaswani et al., Attention is all you need, 2017).
 * @example
 * ```ts
 * import { inverseRootDecay, tensor } from '@rootstock/core'
 * const rate = inverseRootDecay({ rate: 1, warmup: 4 })
 * console.log([0, 3, 15].map((t) => rate(tensor(t)).item())) // [0.25, 1, 0.5]
 * ```
 */
export const inverseRootDecay = ({ rate, warmup }: InverseRootDecayOptions): Schedule =>
  ofStep((t) => {
    const share = div(add(t, 1), warmup)
    return mul(minimum(share, sqrt(reciprocal(share))), rate)
  })
