/**
 * The contract of a backend: compile a loop-IR program and run it on storage cells. Everything a backend may differ in
 * (where elements live, instruction sets, threads) stays behind these methods, and the conformance suite holds each
 * implementation to them.
 */
import type { Program } from '../loop/loop.ts'
import type { Storage } from './storage.ts'

/** Live bytes of a backend. */
export interface MemoryReport {
  /** Bytes of tensors resident in the backend's own memory. */
  readonly resident: number
  /** Bytes of the scratch arena shared by all programs. */
  readonly arena: number
  /** Bytes the backend has reserved from the host in total. */
  readonly reserved: number
}

/** A compiled program. */
export interface Executable {
  /**
   * Runs the program once, synchronously. `inputs` are in program order with the dtypes and lengths the program declares.
   * `donated[i]` allows the backend to reuse the memory of input i; that cell must not be read afterwards.
   * The result has one fresh cell per program output.
   */
  readonly run: (inputs: readonly Storage[], donated: readonly boolean[]) => Storage[]
}

/** A place where programs run. */
export interface Backend {
  readonly name: string
  /** True when contractions round a product and its sum once (fused multiply-add) instead of one after the other. */
  readonly fused: boolean
  /** Turns a verified program into something that runs; deterministic, synchronous. */
  readonly compile: (program: Program) => Executable
  /** Live bytes now. */
  readonly memory: () => MemoryReport
}
