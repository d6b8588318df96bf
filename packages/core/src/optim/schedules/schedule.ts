/**
 * Learning rates as functions of the int32 number of steps taken, from 0. Each computes one float64 scalar a step; `descend` brings it
 * to the dtype of the parameters. Momenta and other constants may follow the same functions.
 */
import { sub } from '../../numeric/arithmetic.ts'
import { less, where } from '../../numeric/comparison.ts'
import { cast, clamp } from '../../numeric/rounding.ts'
import type { Tensor } from '../../tensor.ts'

/** A number that depends on the step. */
export type Schedule = (step: Tensor) => Tensor

/** A function of the float64 step. */
export const ofStep =
  (f: (t: Tensor) => Tensor): Schedule =>
  (step) =>
    f(cast(step, 'float64'))

/** The share of a phase that is over, between 0 and 1 at any step. */
export const progress = (t: Tensor, start: number, end: number): Tensor =>
  // a phase without length is over at once
  clamp(sub(t, start).div(Math.max(end - start, Number.MIN_VALUE)), { min: 0, max: 1 })

/**
 * One schedule after another: schedule i + 1 takes over at step `boundaries[i]`, where its own steps begin at 0.
 * @example
 * ```ts
 * import { cosineDecay, joinSchedules, linearWarmup, tensor } from '@rootstock/core'
 * const rate = joinSchedules(
 *   [linearWarmup({ rate: 1, steps: 4, start: 0 }), cosineDecay({ rate: 1, steps: 96 })],
 *   [4],
 * )
 * const at = (step: number) => rate(tensor(Int32Array.of(step))).item()
 * console.log(at(1), at(4), at(52)) // 0.25 1 0.5
 * ```
 */
export const joinSchedules = (
  schedules: readonly Schedule[],
  boundaries: readonly number[],
): Schedule => {
  const [first, ...others] = schedules
  return (step) =>
    others.reduce(
      (before, next, i) =>
        where(less(step, boundaries[i]!), before, next(sub(step, boundaries[i]!))),
      first!(step),
    )
}
