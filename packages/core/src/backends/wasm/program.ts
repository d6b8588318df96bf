/**
 * A program as one module: a function per kernel and `run`, which does the steps. Everything a run needs beside large
 * inputs and outputs lies in one stretch of memory, whose address is the only argument of `run`:
 *
 *     addresses of large inputs, outputs and constants | small inputs and outputs | arena | scratch
 */
import { bytesOf } from '../../dtype.ts'
import type { Buffer, Kernel, Program, Step } from '../../loop/loop.ts'
import {
  type Code,
  encodeFunction,
  encodeModule,
  type Func,
  type FuncImport,
  type Local,
  type Numbered,
} from './encode.ts'
import {
  add,
  advance,
  call,
  copyMemory,
  countTo,
  createFunction,
  type FunctionBuilder,
  load,
  repeat,
  set,
  smaller,
  when,
} from './instructions.ts'
import { i32 } from './opcodes.ts'
import { pieceLength } from './pieces.ts'
import { kernelCode } from './statement.ts'
import { createWriter, finish, scratchBuffer } from './writer.ts'

/** Inputs and outputs of up to this many bytes are copied in and out by each run and are never resident. */
const smallBytes = 512

const alignment = 64
const align = (bytes: number): number => Math.ceil(bytes / alignment) * alignment

/** Where a run finds an input or output: elements at `offset` (small), or their address. */
export interface Slot {
  readonly small: boolean
  /** In bytes from the start of the program's stretch of memory. */
  readonly offset: number
}

/** A module and what its runs need. */
export interface Rendered {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly imports: readonly FuncImport[]
  readonly inputs: readonly Slot[]
  readonly outputs: readonly Slot[]
  readonly constants: readonly Slot[]
  /** Size of the stretch of memory. */
  readonly size: number
}

interface Layout {
  readonly slots: ReadonlyMap<number, Slot> // by buffer
  readonly arena: number
  readonly end: number
}

const byteLength = ({ dtype, length }: Buffer): number => bytesOf(dtype) * length

const layOut = ({ buffers, arenaBytes }: Program): Layout => {
  const slots = new Map<number, Slot>()
  let end = 0
  const put = (buffer: number, small: boolean, bytes: number): void => {
    slots.set(buffer, { small, offset: end })
    end += bytes
  }
  const isSmall = (buffer: Buffer): boolean =>
    buffer.place.kind !== 'constant' && byteLength(buffer) <= smallBytes
  const placed = [...buffers.keys()].filter((i) => {
    const { kind } = buffers[i]!.place
    return kind === 'input' || kind === 'output' || kind === 'constant'
  })
  for (const i of placed) if (!isSmall(buffers[i]!)) put(i, false, 4)
  end = align(end)
  for (const i of placed) {
    if (isSmall(buffers[i]!)) put(i, true, Math.ceil(byteLength(buffers[i]!) / 16) * 16)
  }
  const arena = align(end)
  return { slots, arena, end: arena + align(arenaBytes) }
}

/** What writing the steps of a program needs. */
interface Context {
  readonly program: Program
  readonly layout: Layout
  readonly f: FunctionBuilder
  readonly start: Local
  /** Addresses that vary: of large buffers, and of slices in the loop being written. */
  readonly addresses: Map<number, Local>
  /** What slices are parts of. */
  readonly sources: Map<number, number>
  readonly prologue: Code[]
  readonly functions: { readonly func: Func; readonly bytes: number[] }[]
  readonly known: Map<string, Numbered>
  readonly imports: FuncImport[]
  /** Bytes of scratch memory behind the arena. */
  scratch: number
}

/** The address of a buffer. */
const addressOf = (c: Context, buffer: number): Code => {
  if (buffer === scratchBuffer) return add(c.start, c.layout.end)
  const known = c.addresses.get(buffer)
  if (known !== undefined) return known
  const { place } = c.program.buffers[buffer]!
  if (place.kind === 'slice') throw new Error(`buffer ${buffer} is used outside its loop`)
  if (place.kind === 'arena') return add(c.start, c.layout.arena + place.offset)
  const slot = c.layout.slots.get(buffer)!
  if (slot.small) return add(c.start, slot.offset)
  const local = c.f.local('i32')
  c.addresses.set(buffer, local)
  c.prologue.push(set(local, load(i32.load, { address: c.start, offset: slot.offset })))
  return local
}

/** Calls the function of a kernel; kernels with the same code share one. */
const kernelCall = (c: Context, kernel: Kernel): Code => {
  const w = createWriter(c.imports)
  const func = finish(w, kernel.name, kernelCode(w, kernel))
  const bytes = encodeFunction(func)
  const key = `${func.params.length} ${bytes.join()}`
  const known = c.known.get(key)
  const number = known ?? { index: c.functions.length }
  if (known === undefined) {
    c.known.set(key, number)
    c.functions.push({ func, bytes })
  }
  c.scratch = Math.max(c.scratch, w.scratchBytes)
  const pointers = [...w.buffers.keys()].map((buffer) => addressOf(c, buffer))
  if (w.stretch === null) return call(number, ...pointers)
  const { divided } = w.stretch
  const [first, end] = [c.f.local('i32'), c.f.local('i32')]
  const piece = [
    set(end, smaller(c.f, add(first, pieceLength(w.stretch)), divided)),
    call(number, first, end, ...pointers),
  ]
  return [set(first, 0), repeat([piece, set(first, end)], [first, divided, i32.ltU])]
}

const copy = (c: Context, to: Code, from: Code, buffer: number): Code => {
  const bytes = byteLength(c.program.buffers[buffer]!)
  return bytes === 0 ? [] : copyMemory(to, from, bytes)
}

type Loop = Extract<Step, { readonly kind: 'loop' }>

/** All carries are read before any is written: those whose source an earlier one overwrites wait in scratch memory. */
const carryCode = (c: Context, { carries }: Loop): Code => {
  const rootOf = (buffer: number): number => {
    const source = c.sources.get(buffer)
    return source === undefined ? buffer : rootOf(source)
  }
  const saved: Code[] = []
  const copies: Code[] = []
  let offset = 0
  carries.forEach(({ from, to }, i) => {
    const overwritten = carries.slice(0, i).some((other) => rootOf(other.to) === rootOf(from))
    const waiting = add(addressOf(c, scratchBuffer), offset)
    if (overwritten) {
      saved.push(copy(c, waiting, addressOf(c, from), from))
      offset += align(byteLength(c.program.buffers[from]!))
    }
    copies.push(copy(c, addressOf(c, to), overwritten ? waiting : addressOf(c, from), from))
  })
  c.scratch = Math.max(c.scratch, offset)
  return [saved, copies]
}

const loopCode = (c: Context, step: Loop): Code => {
  const { count, reverse, slices } = step
  if (count === 0) return []
  const starts: Code[] = []
  const moves: Code[] = []
  for (const { buffer, source, stride } of slices) {
    const bytes = stride * bytesOf(c.program.buffers[buffer]!.dtype)
    const first = reverse ? (count - 1) * bytes : 0
    const local = c.f.local('i32')
    starts.push(set(local, add(addressOf(c, source), first)))
    moves.push(advance(local, reverse ? -bytes : bytes))
    c.addresses.set(buffer, local)
    c.sources.set(buffer, source)
  }
  const counter = c.f.local('i32')
  const body = [stepsCode(c, step.body), carryCode(c, step), moves]
  return [starts, set(counter, 0), countTo(counter, count, 1, body)]
}

const stepCode = (c: Context, step: Step): Code => {
  switch (step.kind) {
    case 'kernel':
      return kernelCall(c, step.kernel)
    case 'copy':
      return copy(c, addressOf(c, step.to), addressOf(c, step.from), step.from)
    case 'loop':
      return loopCode(c, step)
    case 'branch': {
      const { dtype } = c.program.buffers[step.predicate]!
      const first = { address: addressOf(c, step.predicate), offset: 0 }
      return when(
        load(dtype === 'bool' ? i32.load8U : i32.load, first),
        stepsCode(c, step.then),
        stepsCode(c, step.otherwise),
      )
    }
  }
}

const stepsCode = (c: Context, steps: readonly Step[]): Code =>
  steps.map((step) => stepCode(c, step))

/** The slots of the buffers of one kind, by position. */
const slotsOf = ({ buffers }: Program, layout: Layout, kind: string): Slot[] => {
  const slots: Slot[] = []
  buffers.forEach(({ place }, i) => {
    if (place.kind === kind && 'position' in place) slots[place.position] = layout.slots.get(i)!
  })
  return slots
}

/** The module of a program. */
export const renderProgram = (program: Program): Rendered => {
  const layout = layOut(program)
  const f = createFunction()
  const c: Context = {
    program,
    layout,
    f,
    start: f.param('i32'),
    addresses: new Map(),
    sources: new Map(),
    prologue: [],
    functions: [],
    known: new Map(),
    imports: [],
    scratch: 0,
  }
  const body = stepsCode(c, program.steps)
  // imported functions are numbered first, and only now is it known how many there are
  for (const number of c.known.values()) number.index += c.imports.length
  const run = f.finish('run', [c.prologue, body])
  const functions = [...c.functions, { func: run, bytes: encodeFunction(run) }]
  return {
    bytes: encodeModule({ imports: c.imports, functions, exports: { run: functions.length - 1 } }),
    imports: c.imports,
    inputs: slotsOf(program, layout, 'input'),
    outputs: slotsOf(program, layout, 'output'),
    constants: slotsOf(program, layout, 'constant'),
    size: layout.end + align(c.scratch),
  }
}
