/**
 * What the threads of a team tell each other, in words of the shared memory. The caller's thread is number 0; a job is one
 * run of a program by all threads.
 */
import type { HostImport, HostMemory, HostModule } from './host.ts'

/** Positions of int32 words in the control block; what changes often has a cache line of its own. */
export const words = {
  /** Counts jobs and messages: what a worker without work waits for. */
  news: 0,
  /** Counts jobs. */
  jobs: 1,
  /** The program of the current job, by the number of the message that brought it. */
  program: 2,
  /** The line at which its memory starts. */
  start: 3,
  /** Counts messages sent to each worker. */
  sent: 4,
  /** How many workers sleep until there is news. */
  idle: 5,
  /** Not 0 when a thread has failed: the others must not wait for it. */
  failed: 6,
  /** How many workers are doing a job. */
  working: 7,
  /** How often the caller's thread looks at a barrier before it sleeps. */
  patience: 8,
  /** How many have arrived at the current barrier, plus 256 times the number of barriers that all have passed. */
  gate: 16,
  /** How many sleep at the current barrier. */
  sleeping: 32,
  /** From here on, how many messages each worker has dealt with. */
  received: 48,
} as const

/** How often a thread looks before it sleeps: at a barrier for some tens of microseconds, for news for some hundred. */
export const patience = { barrier: 20_000, news: 60_000 } as const

/** More threads than this cannot be counted. */
export const mostThreads = 255

/** Bytes of the control block of a team. */
export const controlBytes = (threads: number): number => 4 * (words.received + threads)

/** The first message to a worker. */
interface Enlistment {
  readonly kind: 'enlist'
  readonly memory: HostMemory
  /** The address of the control block. */
  readonly control: number
  readonly thread: number
  readonly threads: number
}

/** Functions that programs import by the library's name and theirs. */
interface Library {
  readonly kind: 'library'
  readonly name: string
  readonly module: HostModule
}

/** A program; its number is that of the message. */
interface SharedProgram {
  readonly kind: 'program'
  readonly module: HostModule
  readonly imports: readonly HostImport[]
}

/** No job will name this program any more. */
interface Dismissal {
  readonly kind: 'forget'
  readonly program: number
}

/** What workers are sent. */
export type Message = Enlistment | Library | SharedProgram | Dismissal

/** The exported `run` of a program that threads share; `start` and `control` are lines. */
export type TeamRun = (start: number, thread: number, threads: number, control: number) => void

/** Says that a thread has failed, and lets those go that wait for it. */
export const announceFailure = (control: Int32Array): void => {
  Atomics.store(control, words.failed, 1)
  Atomics.add(control, words.gate, 256)
  Atomics.notify(control, words.gate)
}
