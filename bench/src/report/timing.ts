/** From trials to figures. */
import type { Outcome } from '../rounds.ts'
import type { Trial } from '../runner/protocol.ts'
import { median } from '../statistics.ts'

/** An outcome that has trials. */
export type Timed = Extract<Outcome, { readonly kind: 'measured' }>

/** Whether it is ours; the others are compared with it. */
export const isRootstock = ({ family }: Outcome): boolean => family === 'rootstock'

/**
 * Milliseconds of one step in a trial. On one thread the smaller of wall and processor time: the first counts what other
 * programs took, the second what compilers and collectors did on other threads. Where single calls are timed, their median.
 */
export const stepMs = ({ steps, wallMs, cpuMs, p50Us }: Trial, threads: number): number => {
  if (p50Us !== undefined) return p50Us / 1000
  return (threads === 1 ? Math.min(wallMs, cpuMs) : wallMs) / steps
}

/** A figure over the rounds. */
export interface Figure {
  /** The one to quote: on one thread the median, on several the best, since a busy machine disturbs those far more. */
  readonly value: number
  readonly least: number
  readonly most: number
}

const figureOf = (list: readonly number[], value: (list: readonly number[]) => number): Figure => ({
  value: value(list),
  least: Math.min(...list),
  most: Math.max(...list),
})

const least = (list: readonly number[]): number => Math.min(...list)
const stepsMs = ({ trials, threads }: Timed): number[] =>
  trials.map((trial) => stepMs(trial, threads))

/** Milliseconds of one step. */
export const timing = (outcome: Timed): Figure =>
  figureOf(stepsMs(outcome), outcome.threads === 1 ? median : least)

/**
 * How many times longer than `base` a step takes. On one thread compared round by round; where one of them has several,
 * best with best.
 */
export const ratio = (other: Timed, base: Timed): Figure => {
  const [theirs, ours] = [stepsMs(other), stepsMs(base)]
  const isAlone = other.threads === 1 && base.threads === 1
  return figureOf(
    theirs.map((ms, i) => ms / ours[i]!),
    isAlone ? median : () => least(theirs) / least(ours),
  )
}
