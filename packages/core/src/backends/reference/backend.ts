/**
 * The reference backend: interprets the loop IR with plain loops, exactly as documented and without any cleverness. It
 * is the oracle that every other backend is compared with, never the default. Elements always live on the host.
 */
import { allocate, type TypedArray, viewOf } from '../../dtype.ts'
import type { Program, Slice, Step } from '../../loop/loop.ts'
import type { Backend, Executable } from '../backend.ts'
import { hostStorage, readStorage } from '../storage.ts'
import { compileKernel } from './statement.ts'

type Run = () => void
type Loop = Extract<Step, { readonly kind: 'loop' }>

/** What the closures of one program share. */
interface Machine {
  readonly program: Program
  /** Where each buffer is now. */
  readonly buffers: TypedArray[]
  readonly fused: boolean
}

const steps = (machine: Machine, list: readonly Step[]): Run => {
  const runs = list.map((step) => compileStep(machine, step))
  return () => {
    for (const run of runs) run()
  }
}

const window = (program: Program, slice: Slice, source: TypedArray, t: number): TypedArray => {
  const { dtype } = program.buffers[slice.buffer]!
  const offset = source.byteOffset + t * slice.stride * source.BYTES_PER_ELEMENT
  return viewOf(dtype, source.buffer, offset, slice.stride)
}

const compileLoop = (machine: Machine, loop: Loop): Run => {
  const { program, buffers } = machine
  const body = steps(machine, loop.body)
  return () => {
    for (let i = 0; i < loop.count; i++) {
      const t = loop.reverse ? loop.count - 1 - i : i
      for (const slice of loop.slices) {
        buffers[slice.buffer] = window(program, slice, buffers[slice.source]!, t)
      }
      body()
      // All carries are read before any is written, so that two may exchange their values.
      const carried = loop.carries.map(({ from }) => buffers[from]!.slice())
      loop.carries.forEach(({ to }, k) => {
        buffers[to]!.set(carried[k]!)
      })
    }
  }
}

const compileStep = (machine: Machine, step: Step): Run => {
  const { buffers } = machine
  switch (step.kind) {
    case 'kernel':
      return compileKernel(step.kernel, machine.fused, buffers)
    case 'copy':
      return () => buffers[step.to]!.set(buffers[step.from]!)
    case 'loop':
      return compileLoop(machine, step)
    case 'branch': {
      const then = steps(machine, step.then)
      const otherwise = steps(machine, step.otherwise)
      return () => (buffers[step.predicate]![0] !== 0 ? then() : otherwise())
    }
  }
}

// Fresh memory holds a pattern (NaN, -1) instead of zeros: a program that reads before it writes shows itself.
const poison = <T extends TypedArray>(array: T): T => {
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength).fill(255)
  return array
}

const place = (
  program: Program,
  buffers: TypedArray[],
  arena: ArrayBuffer,
  inputs: readonly TypedArray[],
): void => {
  program.buffers.forEach(({ dtype, length, place: at }, i) => {
    if (at.kind === 'input') buffers[i] = inputs[at.position]!
    else if (at.kind === 'output') buffers[i] = poison(allocate(dtype, length))
    else if (at.kind === 'constant') buffers[i] = program.constants[at.position]!
    else if (at.kind === 'arena') buffers[i] = viewOf(dtype, arena, at.offset, length)
    else buffers[i] = allocate(dtype, 0)
  })
}

const compile = (
  program: Program,
  fused: boolean,
  arena: (bytes: number) => ArrayBuffer,
): Executable => {
  const buffers: TypedArray[] = []
  const run = steps({ program, fused, buffers }, program.steps)
  return {
    run: (inputs) => {
      place(program, buffers, arena(program.arenaBytes), inputs.map(readStorage))
      run()
      const outputs = program.outputs.map((buffer) =>
        hostStorage(program.buffers[buffer]!.dtype, buffers[buffer]!),
      )
      buffers.length = 0
      return outputs
    },
  }
}

/** Options of the reference backend. */
export interface ReferenceOptions {
  /** Round a product and its sum in contractions once, as backends with fused instructions do. */
  readonly fused?: boolean
}

/**
 * A backend that interprets programs exactly as the loop IR defines them, slowly.
 *
 * Donated inputs are left alone: their memory is garbage once nobody refers to it.
 *
 * @example
 * ```ts
 * import { referenceBackend } from '@rootstock/core'
 *
 * console.log(referenceBackend().memory().resident) // 0
 * ```
 */
export const referenceBackend = ({ fused = false }: ReferenceOptions = {}): Backend => {
  let scratch = new ArrayBuffer(0)
  const arena = (bytes: number): ArrayBuffer => {
    if (scratch.byteLength < bytes) scratch = new ArrayBuffer(bytes)
    new Uint8Array(scratch).fill(255)
    return scratch
  }
  return {
    name: 'reference',
    fused,
    compile: (program) => compile(program, fused, arena),
    memory: () => ({ resident: 0, arena: scratch.byteLength, reserved: scratch.byteLength }),
  }
}
