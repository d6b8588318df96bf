/** From trials to figures. */
import type { Outcome } from '../rounds.ts'
import type { Trial } from '../runner/protocol.ts'
import { type Spread, spreadOf } from '../statistics.ts'

/** An outcome that has trials. */
export type Timed = Extract<Outcome, { readonly kind: 'measured' }>

/**
 * Milliseconds of one step in a trial. On one thread the smaller of wall and processor time: the first counts what other
 * programs took, the second what compilers and collectors did on other threads. Where single calls are timed, their median.
 */
export const stepMs = ({ steps, wallMs, cpuMs, p50Us }: Trial, threads: number): number => {
  if (p50Us !== undefined) return p50Us / 1000
  return (threads === 1 ? Math.min(wallMs, cpuMs) : wallMs) / steps
}

/** Milliseconds of one step over the rounds. */
export const timing = ({ trials, threads }: Timed): Spread =>
  spreadOf(trials.map((trial) => stepMs(trial, threads)))

/** How many times longer than `base` a step takes, round by round. */
export const ratio = (other: Timed, base: Timed): Spread =>
  spreadOf(
    other.trials.map(
      (trial, i) => stepMs(trial, other.threads) / stepMs(base.trials[i]!, base.threads),
    ),
  )
