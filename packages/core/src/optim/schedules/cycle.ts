/** Rates that rise and fall. */
import { add, div, maximum, mul, sub } from '../../numeric/arithmetic.ts'
import { lessEqual, where } from '../../numeric/comparison.ts'
import { abs, floor } from '../../numeric/rounding.ts'
import type { Tensor } from '../../tensor.ts'
import { alongCosine } from './cosine.ts'
import { ofStep, progress, type Schedule } from './schedule.ts'

/** When a cycle turns, and along what. */
export interface CycleOptions {
  /** All steps of the cycle. */
  readonly steps: number
  /** Share of the steps that rise. Default 0.3. */
  readonly rise?: number
  /** Default `cosine`. */
  readonly along?: 'cosine' | 'line'
  /** Whether the fall mirrors the rise and a third phase goes to the end. Default false. */
  readonly threePhases?: boolean
}

/** Options of `oneCycle`. */
export interface OneCycleOptions extends CycleOptions {
  /** The highest rate. */
  readonly rate: number
  /** By how much the first rate is lower. Default 25. */
  readonly startDivisor?: number
  /** By how much the last rate is lower than the first. Default 1e4. */
  readonly endDivisor?: number
}

const alongLine = (start: number, end: number, p: Tensor): Tensor =>
  add(mul(sub(1, p), start), mul(p, end))

/** Values at the turns of a cycle: the first, after the rise, after the fall, and at the end of a third phase. */
const cycle = (
  { steps, rise = 0.3, along = 'cosine', threePhases = false }: CycleOptions,
  [first, top, fallen, last]: readonly [number, number, number, number],
): Schedule => {
  const go = along === 'cosine' ? alongCosine : alongLine
  const top1 = rise * steps - 1
  const phases = threePhases
    ? [
        { until: top1, to: top },
        { until: 2 * rise * steps - 2, to: fallen },
        { until: steps - 1, to: last },
      ]
    : [
        { until: top1, to: top },
        { until: steps - 1, to: last },
      ]
  return ofStep(
    (t) =>
      phases
        .map(({ until, to }, i) => {
          const before = phases[i - 1] ?? { until: 0, to: first }
          return { until, value: go(before.to, to, progress(t, before.until, until)) }
        })
        .reduceRight((after, now) => ({
          until: now.until,
          value: where(lessEqual(t, now.until), now.value, after.value),
        })).value,
  )
}

/**
 * From `rate / startDivisor` up to `rate`, then down to `rate / startDivisor / endDivisor`, where it stays (Smith and Topin,
 * Super-convergence, 2018).
 * @example
 * ```ts
 * import { oneCycle, tensor } from '@rootstock/core'
 * const rate = oneCycle({ rate: 1, steps: 11, rise: 0.5, startDivisor: 2, along: 'line' })
 * console.log([0, 11].map((t) => rate(tensor(t)).item())) // [0.5, 0.00005]
 * ```
 */
export const oneCycle = ({
  rate,
  startDivisor = 25,
  endDivisor = 1e4,
  ...options
}: OneCycleOptions): Schedule => {
  const first = rate / startDivisor
  return cycle(options, [first, rate, first, first / endDivisor])
}

/** Options of `oneCycleMomentum`. */
export interface OneCycleMomentumOptions extends CycleOptions {
  /** Where the rate is highest. Default 0.85. */
  readonly least?: number
  /** Where the rate is low. Default 0.95. */
  readonly most?: number
}

/**
 * The momentum that goes with `oneCycle`: low where the rate is high (Smith, A disciplined approach to neural network
 * hyper-parameters, 2018).
 * @example
 * ```ts
 * import { oneCycleMomentum, tensor } from '@rootstock/core'
 * const momentum = oneCycleMomentum({ steps: 10, least: 0.5, most: 0.75 })
 * console.log([0, 2, 9].map((t) => momentum(tensor(t)).item())) // [0.75, 0.5, 0.75]
 * ```
 */
export const oneCycleMomentum = ({
  least = 0.85,
  most = 0.95,
  ...options
}: OneCycleMomentumOptions): Schedule => cycle(options, [most, least, most, most])

/** Options of `triangularCycle`. */
export interface TriangularCycleOptions {
  readonly least: number
  readonly most: number
  /** Steps up, and as many down. */
  readonly steps: number
}

/**
 * Up and down between two rates in lines (Smith, Cyclical learning rates for training neural networks, 2017).
 * @example
 * ```ts
 * import { tensor, triangularCycle } from '@rootstock/core'
 * const rate = triangularCycle({ least: 0, most: 1, steps: 4 })
 * console.log([0, 1, 4, 6, 8].map((t) => rate(tensor(t)).item())) // [0, 0.25, 1, 0.5, 0]
 * ```
 */
export const triangularCycle = ({ least, most, steps }: TriangularCycleOptions): Schedule =>
  ofStep((t) => {
    const position = div(t, steps)
    const top = add(mul(floor(div(position, 2)), 2), 1)
    return add(mul(maximum(sub(1, abs(sub(position, top))), 0), most - least), least)
  })
