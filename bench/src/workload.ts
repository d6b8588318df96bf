/** What is measured: a workload says what every runner is given, what must come out, and how Rootstock's user writes it. */
import type { Named, Problem } from './problem.ts'
import type { Program } from './runner/program.ts'
import type { Spec } from './spec.ts'

/** Results by metric; runners that differ are not timed. */
export type Expected = Readonly<Record<string, readonly number[]>>

/** A workload. */
export interface Workload<S extends Spec = Spec> {
  /** As in the tables of the peers: `W2_mlp_small`. */
  readonly name: string
  readonly title: string
  readonly spec: S
  /** Examples in a step. */
  readonly samples: number
  /** Operations of products and convolutions in a step; absent where memory is the limit. */
  readonly flops?: number
  /** Bytes a step must read and write at least; absent where arithmetic is the limit. */
  readonly bytes?: number
  /** Initial parameters and batches. */
  readonly problem: () => Pick<Problem, 'params' | 'batches'>
  /** What a right result is: known values, or plain float64 loops over the problem. */
  readonly expected: (problem: Pick<Problem, 'params' | 'batches'>) => Expected
  /** Largest difference from what is expected, relative to the largest value expected. */
  readonly tolerance: number
  /** The workload written with Rootstock. */
  readonly rootstock: (problem: Problem) => Program
}

/** Batches that training cycles through. */
const batchCount = 8

/** `count` batches. */
export const batchesOf = (make: (batch: number) => Named): Named[] =>
  Array.from({ length: batchCount }, (_, batch) => make(batch))
