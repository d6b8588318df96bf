/**
 * Running one program on the reference backend and on the WASM backend, with one thread, with three that share whatever can be
 * shared, and with wide addresses where the host has those, and comparing every element of every output.
 */
import type { Backend } from '../../../src/backends/backend.ts'
import { referenceBackend } from '../../../src/backends/reference/backend.ts'
import { hostStorage, readStorage } from '../../../src/backends/storage.ts'
import { createWasmBackend } from '../../../src/backends/wasm/backend.ts'
import { type DType, dtypeOf, type TypedArray } from '../../../src/dtype.ts'
import type { Buffer, Program, Statement, Step } from '../../../src/loop/loop.ts'
import { verifyProgram } from '../../../src/loop/verify.ts'
import { hasWideMemory } from './wide.ts'

const reference = referenceBackend()
const backends: readonly (readonly [name: string, Backend])[] = [
  ['alone', createWasmBackend({ threads: 1 })],
  ['shared', createWasmBackend({ threads: 3, always: true })],
  ...(hasWideMemory ? [['wide', createWasmBackend({ threads: 1, addresses: 64 })] as const] : []),
]

/** A buffer of a program under construction. */
export interface Size {
  readonly dtype: DType
  readonly length: number
}

/** So many float32. */
export const float = (length: number): Size => ({ dtype: 'float32', length })

/** Inputs come first in the numbering of buffers, then outputs, then intermediates. */
export const programOf = (
  inputs: readonly Size[],
  outputs: readonly Size[],
  steps: readonly Step[],
  intermediates: readonly Size[] = [],
  slices: readonly Size[] = [],
): Program => {
  let arenaBytes = 0
  const inArena = (size: Size): Buffer => {
    const place = { kind: 'arena', offset: arenaBytes } as const
    arenaBytes += Math.ceil((size.length * 8) / 64) * 64
    return { ...size, place }
  }
  return {
    buffers: [
      ...inputs.map((size, position): Buffer => ({ ...size, place: { kind: 'input', position } })),
      ...outputs.map(
        (size, position): Buffer => ({ ...size, place: { kind: 'output', position } }),
      ),
      ...intermediates.map(inArena),
      ...slices.map((size): Buffer => ({ ...size, place: { kind: 'slice' } })),
    ],
    inputs: inputs.length,
    outputs: outputs.map((_, i) => inputs.length + i),
    constants: [],
    arenaBytes,
    steps,
  }
}

/** A step that runs statements. */
export const kernel = (...body: readonly Statement[]): Step => ({
  kind: 'kernel',
  kernel: { name: 'test', body },
})

/** The outputs of a program on a backend. */
const outputsOn = (
  backend: Backend,
  program: Program,
  inputs: readonly TypedArray[],
): TypedArray[] =>
  backend
    .compile(program)
    .run(
      inputs.map((array) => hostStorage(dtypeOf(array)!, array)),
      inputs.map(() => false),
    )
    .map(readStorage)

const differing = (a: TypedArray, b: TypedArray): number => {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i
  return a.length === b.length ? -1 : a.length
}

/** What differs between the WASM backend and the reference: nothing, unless something is wrong. */
export const disagreements = (program: Program, inputs: readonly TypedArray[]): string[] => {
  verifyProgram(program)
  const expected = outputsOn(reference, program, inputs)
  return backends.flatMap(([name, backend]) => {
    const got = outputsOn(backend, program, inputs)
    return expected.flatMap((wanted, i) => {
      const at = differing(wanted, got[i]!)
      const found = `${got[i]![at]} instead of ${wanted[at]}`
      return at < 0 ? [] : [`${name}, output ${i}, element ${at}: ${found}`]
    })
  })
}

/** Reproducible integers in [0, bound). */
export const integers = (seed: number): ((bound: number) => number) => {
  let state = seed >>> 0
  return (bound) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}
