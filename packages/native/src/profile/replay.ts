/**
 * Parts of a program as programs of their own. What a part reads are inputs that hold what they held in the whole; what it
 * writes goes to the arena, so that running it allocates nothing.
 */
import type { TypedArray } from '@rootstock/core'
import {
  type Backend,
  type Buffer,
  bytesOf,
  hostStorage,
  type Kernel,
  loadsOf,
  type Program,
  readStorage,
  type Step,
  storesOf,
} from '@rootstock/core/backend'
import type { Call } from './record.ts'

/** Something that can be run again and again. */
export type Replay = () => void

interface Touched {
  readonly reads: Set<number>
  readonly writes: Set<number>
}

const touch = (touched: Touched, steps: readonly Step[]): Touched => {
  const { reads, writes } = touched
  for (const step of steps) {
    if (step.kind === 'kernel') {
      for (const { buffer } of loadsOf(step.kernel.body)) reads.add(buffer)
      for (const { buffer } of storesOf(step.kernel.body)) writes.add(buffer)
    } else if (step.kind === 'copy') {
      reads.add(step.from)
      writes.add(step.to)
    } else if (step.kind === 'branch') {
      reads.add(step.predicate)
      touch(touched, [...step.then, ...step.otherwise])
    } else {
      touch(touched, step.body)
      for (const { buffer, source } of step.slices) {
        if (reads.has(buffer)) reads.add(source)
        if (writes.has(buffer)) writes.add(source)
      }
      for (const { from, to } of step.carries) {
        reads.add(from)
        writes.add(to)
      }
    }
  }
  return touched
}

const padded = ({ dtype, length }: Buffer): number => Math.ceil((bytesOf(dtype) * length) / 64) * 64

/** A program of some steps of another. `valueOf` is what a buffer held. */
export const replay = (
  backend: Backend,
  { buffers, constants }: Program,
  steps: readonly Step[],
  valueOf: (buffer: number) => TypedArray,
): Replay => {
  const { reads, writes } = touch({ reads: new Set(), writes: new Set() }, steps)
  const inputs: TypedArray[] = []
  let arenaBytes = 0
  const placed = buffers.map((buffer, i): Buffer => {
    const { dtype, place } = buffer
    if (place.kind === 'slice' || place.kind === 'constant') return buffer
    if (writes.has(i)) {
      const offset = arenaBytes
      arenaBytes += padded(buffer)
      return { ...buffer, place: { kind: 'arena', offset } }
    }
    if (!reads.has(i)) return { dtype, length: 0, place: { kind: 'arena', offset: 0 } }
    inputs.push(valueOf(i))
    return { ...buffer, place: { kind: 'input', position: inputs.length - 1 } }
  })
  const program = {
    buffers: placed,
    constants,
    inputs: inputs.length,
    outputs: [],
    arenaBytes,
    steps,
  }
  const { run } = backend.compile(program)
  const cells = inputs.map((array, i) =>
    hostStorage(
      placed.find(({ place }) => place.kind === 'input' && place.position === i)!.dtype,
      array,
    ),
  )
  const donated = cells.map(() => false)
  return () => {
    run(cells, donated)
  }
}

/** What each buffer holds after a call: a run in which every intermediate is an output. */
export const valuesOf = (
  backend: Backend,
  { program, inputs }: Call,
): ((buffer: number) => TypedArray) => {
  const outputs = [...program.outputs]
  const buffers = program.buffers.map((buffer, i): Buffer => {
    if (buffer.place.kind !== 'arena') return buffer
    outputs.push(i)
    return { ...buffer, place: { kind: 'output', position: outputs.length - 1 } }
  })
  const cells = inputs.map((array, i) => {
    const { dtype } = buffers.find(({ place }) => place.kind === 'input' && place.position === i)!
    return hostStorage(dtype, array)
  })
  const { run } = backend.compile({ ...program, buffers, outputs, arenaBytes: 0 })
  const found = run(
    cells,
    cells.map(() => false),
  )
  const arrays = found.map(readStorage)
  return (buffer) => {
    const { place } = buffers[buffer]!
    if (place.kind === 'input') return inputs[place.position]!
    if (place.kind === 'constant') return program.constants[place.position]!
    return arrays[outputs.indexOf(buffer)]!
  }
}

/** A kernel where it stands in a program. */
export interface Placed {
  readonly kernel: Kernel
  /** The kernel inside the loops around it, which do nothing else. */
  readonly step: Step
  /** Loops around it: how often each runs. */
  readonly loops: readonly number[]
}

/** Kernels in order; of a branch those of the side that was taken. */
export const kernelsOf = (
  steps: readonly Step[],
  valueOf: (buffer: number) => TypedArray,
): Placed[] =>
  steps.flatMap((step): Placed[] => {
    if (step.kind === 'kernel') return [{ kernel: step.kernel, step, loops: [] }]
    if (step.kind === 'copy') return []
    if (step.kind === 'branch') {
      const isTrue = valueOf(step.predicate)[0] !== 0
      return kernelsOf(isTrue ? step.then : step.otherwise, valueOf)
    }
    return kernelsOf(step.body, valueOf).map((inner) => ({
      kernel: inner.kernel,
      step: { ...step, carries: [], body: [inner.step] },
      loops: [step.count, ...inner.loops],
    }))
  })
