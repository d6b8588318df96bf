/** What a runner in JavaScript makes of a problem. */
import type { Problem } from '../problem.ts'

/** A workload ready to run. */
export interface Program {
  /** Runs step i on batch i mod batches; a promise only where there is something to wait for. */
  readonly step: (i: number) => void | Promise<void>
  /** Waits for everything that steps have started. */
  readonly fence?: () => void | Promise<void>
  /** Training: loss of the current parameters on batch 0, without noise. */
  readonly loss?: () => number | Promise<number>
  /** Everything else: the first elements of the result. */
  readonly values?: () => ArrayLike<number> | Promise<ArrayLike<number>>
}

/** A contestant: turns a problem into a program, or throws `Unsupported`. */
export type Contestant = (problem: Problem, threads: number) => Program | Promise<Program>

/** Thrown where a contestant has no way to express a workload. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported'
}
