/**
 * The threads that run programs together. Workers start when the first program that is worth it is compiled; until all of
 * them have a program, and after one has failed, it runs on the caller's thread alone. Nobody ever waits for a worker that
 * has not said it is there, and workers without work sleep.
 */
import { announceFailure, type Message, patience, type TeamRun, words } from './control.ts'
import type { HostMemory } from './host.ts'
import { lineBytes } from './layout.ts'
import { type HostThread, startThread } from './threads.ts'

/** Pages of a browser must not sleep; they wait awake. */
const canSleep = (control: Int32Array): boolean => {
  try {
    Atomics.wait(control, words.news, -1, 0)
    return true
  } catch {
    return false
  }
}

/** Milliseconds in which a thread must have started. */
const longest = 30_000

/** The caller's thread and its workers. */
export class Team {
  /** The line of the control block. */
  readonly #line: number
  readonly #control: Int32Array
  readonly #threads: number
  readonly #workers: HostThread[]
  #sent = 0
  #failed = false

  /** `address` is that of the control block. */
  constructor(memory: HostMemory, address: number, threads: number) {
    this.#line = address / lineBytes
    this.#threads = threads
    this.#control = new Int32Array(memory.buffer, address, words.received + threads).fill(0)
    this.#control[words.patience] = canSleep(this.#control) ? patience.barrier : -1
    this.#workers = Array.from({ length: threads - 1 }, () => startThread(() => this.#disband()))
    this.#sent++
    this.#workers.forEach((worker, i) => {
      worker.send({ kind: 'enlist', memory, control: address, thread: i + 1, threads })
    })
    this.#announce(words.sent)
  }

  /** Sends all workers a message and gives its number. */
  send(message: Message): number {
    for (const worker of this.#workers) worker.send(message)
    this.#announce(words.sent)
    return ++this.#sent
  }

  /** True when all workers have dealt with a message. */
  has(number: number): boolean {
    for (let thread = 1; thread < this.#threads; thread++) {
      const received = Atomics.load(this.#control, words.received + thread)
      if (received < number) return false
    }
    return !this.#failed
  }

  /** Sleeps until all workers have dealt with a message. */
  wait(number: number): void {
    for (let thread = 1; thread < this.#threads; thread++) {
      const word = words.received + thread
      for (let seen = 0; seen < number; seen = Atomics.load(this.#control, word)) {
        if (Atomics.wait(this.#control, word, seen, longest) === 'timed-out') {
          throw new Error(`wasm backend: thread ${thread} did not start`)
        }
      }
    }
  }

  /** Runs a program on all threads; they have it as that number, this one as a function. */
  run(number: number, program: TeamRun, start: number): void {
    this.#control[words.program] = number
    this.#control[words.start] = start
    this.#announce(words.jobs)
    try {
      program(start, 0, this.#threads, this.#line)
    } catch (error) {
      announceFailure(this.#control)
      // nobody writes to the memory any more when the caller goes on
      while (Atomics.load(this.#control, words.working) > 0);
      this.#disband()
      throw error
    }
  }

  #announce(count: number): void {
    Atomics.add(this.#control, count, 1)
    Atomics.add(this.#control, words.news, 1)
    if (Atomics.load(this.#control, words.idle) > 0) Atomics.notify(this.#control, words.news)
  }

  #disband(): void {
    this.#failed = true
    for (const worker of this.#workers) worker.end()
  }
}
