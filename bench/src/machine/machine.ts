/** What a reader must know of the machine to read the figures. */
import { cpus, loadavg } from 'node:os'
import { createWasmProbe, higher, type Limit } from './limits.ts'
import { createNativeProbe } from './native.ts'

/** Code that a limit is seen with. */
export type Code = 'wasm' | 'native'

/** The limit of one kind of code with a number of threads. */
export interface Seen extends Limit {
  readonly code: Code
  readonly threads: number
}

/** The machine and the state it was in. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly node: string
  /** Load averages over 1, 5 and 15 minutes at the start. */
  readonly load: readonly number[]
  /** The highest of the whole run. */
  readonly limits: readonly Seen[]
}

/** This machine, now. */
export const machineNow = (limits: readonly Seen[]): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  node: process.versions.node,
  load: loadavg(),
  limits,
})

/** A probe of the machine's limits: what it can do at this moment. */
export const createProbe = (threads: readonly number[]): (() => readonly Seen[]) => {
  const wasm = createWasmProbe()
  const native = createNativeProbe()
  return () => [
    { code: 'wasm', threads: 1, ...wasm() },
    ...(native === null
      ? []
      : threads.map((count) => ({ code: 'native' as const, threads: count, ...native(count) }))),
  ]
}

const higherOf = (a: Seen, b: Seen): Seen => ({ ...a, ...higher(a, b) })

/** The highest of what one probe saw at several moments. */
export const highest = (looks: readonly (readonly Seen[])[]): readonly Seen[] =>
  looks.reduce((all, now) => all.map((seen, i) => higherOf(seen, now[i]!)))

/**
 * The limit for a kind of code with so many threads. Of WebAssembly only one thread was seen: arithmetic grows with them,
 * and of memory the share of native code's threads is taken, or none.
 */
export const limitOf = (limits: readonly Seen[], code: Code, threads: number): Partial<Limit> => {
  const find = (wanted: Code, count: number) =>
    limits.find((seen) => seen.code === wanted && seen.threads === count)
  const found = find(code, threads)
  if (found !== undefined) return found
  const one = find(code, 1)
  const other = find('native', threads)
  return {
    ...(one === undefined ? {} : { gflops: one.gflops * threads }),
    ...(other === undefined ? {} : { gbps: other.gbps }),
  }
}
