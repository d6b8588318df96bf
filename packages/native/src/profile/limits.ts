/** Time, and what the machine can do at most. */
import { add, type Backend, lower, matmul, placeholder, type Tensor, trace } from '@rootstock/core'
import { type Replay, replay } from './replay.ts'

/** Seconds of one run: the least mean of several rounds. */
export const secondsOf = (run: Replay, roundSeconds = 0.004): number => {
  run()
  let best = Infinity
  for (let round = 0; round < 5; round++) {
    const start = performance.now()
    let count = 0
    let elapsed = 0
    do {
      run()
      count++
      elapsed = (performance.now() - start) / 1000
    } while (elapsed < roundSeconds)
    best = Math.min(best, elapsed / count)
  }
  return best
}

/** What a backend reaches at most on this machine. */
export interface Limits {
  /** Float32 operations a second, in a product of large matrices. */
  readonly flops: number
  /** Bytes a second, reading and writing more than caches hold. */
  readonly bandwidth: number
  /** Seconds it takes to run nothing. */
  readonly call: number
}

const measured = new WeakMap<Backend, Limits>()

const time = (backend: Backend, f: (x: Tensor) => Tensor, shape: readonly number[]): number => {
  const program = lower(trace(f)(placeholder(shape)).graph)
  const x = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5)
  return secondsOf(replay(backend, program, program.steps, () => x))
}

/** Limits, measured once per backend. */
export const limitsOf = (backend: Backend): Limits => {
  const known = measured.get(backend)
  if (known !== undefined) return known
  const [side, length] = [768, 2 ** 24]
  const nothing = { buffers: [], constants: [], inputs: 0, outputs: [], arenaBytes: 0, steps: [] }
  const limits = {
    flops: (2 * side ** 3) / time(backend, (x) => matmul(x, x), [side, side]),
    bandwidth: (2 * 4 * length) / time(backend, (x) => add(x, 1), [length]),
    call: secondsOf(replay(backend, nothing, [], () => new Float32Array(0))),
  }
  measured.set(backend, limits)
  return limits
}
