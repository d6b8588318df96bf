/**
 * What one thread of this machine can do at best from WebAssembly: multiplications and additions of 128-bit vectors that never wait for
 * memory, and streams through memory that never wait for arithmetic. Shares of these limits say how good a kernel is on
 * any machine, however busy.
 */
import {
  add,
  addInt,
  type Code,
  constant,
  encodeModule,
  firstLane,
  get,
  instantiate,
  integer,
  load,
  mul,
  type ProbeFunction,
  repeat,
  set,
  store,
} from './module.ts'

const range = (count: number) => Array.from({ length: count }, (_, i) => i)

/** Everything that was computed, so that no compiler may leave it out. */
const sumOf = (locals: readonly number[]): Code =>
  firstLane(locals.slice(1).reduce((sum: Code, local) => add(sum, get(local)), get(locals[0]!)))

/** Independent accumulators, as many as a register tile has. */
const arithmetic = (
  name: string,
  accumulators: number,
  next: (accumulator: Code, factor: Code, i: number) => Code,
): ProbeFunction => {
  const [factor, ...locals] = range(accumulators + 1).map((i) => i + 1)
  const once = locals.map((local, i) => set(local, next(get(local), get(factor!), i)))
  return {
    name,
    params: 1,
    vectors: accumulators + 1,
    body: [set(factor!, constant(0.999)), repeat(0, [once, once]), sumOf(locals)],
  }
}

/** Streams of 128 bytes an iteration: (count, target, left, right). */
const stream = (name: string, each: (offset: number, i: number) => Code): ProbeFunction => {
  const pointers = [1, 2, 3].map((local) => set(local, addInt(get(local), integer(128))))
  return {
    name,
    params: 4,
    vectors: 8,
    body: [
      repeat(0, [range(8).map((i) => each(16 * i, i)), pointers]),
      sumOf(range(8).map((i) => 4 + i)),
    ],
  }
}

const probes: readonly ProbeFunction[] = [
  // as in a matrix product: one operand from memory, ten sums in registers
  arithmetic('muladd', 10, (sum, factor, i) => add(sum, mul(factor, load(integer(0), 16 * i)))),
  arithmetic('mulchain', 12, (sum, factor) => add(mul(sum, factor), factor)),
  stream('read', (offset, i) => set(4 + i, add(get(4 + i), load(get(2), offset)))),
  stream('copy', (offset) => store(get(1), offset, load(get(2), offset))),
  stream('triad', (offset) =>
    store(get(1), offset, add(load(get(2), offset), mul(constant(3), load(get(3), offset)))),
  ),
]

const operations = { muladd: 2 * 2 * 4 * 10, mulchain: 2 * 2 * 4 * 12 } as const
const arrays = { read: 1, copy: 2, triad: 3 } as const
const streamBytes = 64 * 2 ** 20
const pages = (3 * streamBytes) / 65536 + 1

/** Best of what was seen. */
export interface Limit {
  /** 10^9 operations per second. */
  readonly gflops: number
  /** 10^9 bytes per second. */
  readonly gbps: number
}

/** The better of both. */
export const higher = (a: Limit, b: Limit): Limit => ({
  gflops: Math.max(a.gflops, b.gflops),
  gbps: Math.max(a.gbps, b.gbps),
})

type Exports = Readonly<Record<string, (...args: readonly number[]) => number>> & {
  readonly memory: { readonly buffer: ArrayBuffer }
}

/** A probe of what one thread can do; each call measures for some tens of milliseconds. */
export const createWasmProbe = (): (() => Limit) => {
  const run = instantiate(encodeModule(probes, pages)) as Exports
  // pages that were never written to are all the same zeros
  new Float32Array(run.memory.buffer).fill(1)
  const seconds = (f: () => void): number => {
    const start = performance.now()
    f()
    return (performance.now() - start) / 1000
  }
  const arithmeticRate = (name: keyof typeof operations): number => {
    const count = 2 ** 17
    const best = Math.min(...range(5).map(() => seconds(() => run[name]!(count))))
    return (count * operations[name]) / best / 1e9
  }
  const streamRate = (name: keyof typeof arrays): number => {
    const time = seconds(() => run[name]!(streamBytes / 128, 0, streamBytes, 2 * streamBytes))
    return (arrays[name] * streamBytes) / time / 1e9
  }
  return () => ({
    gflops: Math.max(arithmeticRate('muladd'), arithmeticRate('mulchain')),
    gbps: Math.max(streamRate('read'), streamRate('copy'), streamRate('triad')),
  })
}
