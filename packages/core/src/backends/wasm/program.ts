/**
 * A program as one module: a function for each kernel and `run`, which does the steps. Its first argument is the line at
 * which the program's stretch of memory starts. Where threads share it, all of them run it together, and meet between its pieces.
 */
import { bytesOf } from '../../dtype.ts'
import type { Program, Step } from '../../loop/loop.ts'
import { workOfSteps } from '../../loop/work.ts'
import {
  addressOf,
  barrier,
  byAll,
  type Context,
  createContext,
  inOrder,
  type Piece,
  type Sharing,
  scratchCode,
} from './context.ts'
import { type Code, encodeFunction, encodeModule, type FuncImport } from './encode.ts'
import { advance, after, copyMemory, countTo, load, set, when } from './instructions.ts'
import { align, byteLength, type Slot, slotsOf } from './layout.ts'
import { i32 } from './opcodes.ts'
import { kernelPiece } from './phases.ts'
import { scratchBuffer } from './writer.ts'

/** A module and what its runs need. */
export interface Rendered {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly imports: readonly FuncImport[]
  /** True when `run` is for several threads. */
  readonly isShared: boolean
  readonly inputs: readonly Slot[]
  readonly outputs: readonly Slot[]
  readonly constants: readonly Slot[]
  /** Size of the stretch of memory. */
  readonly size: number
}

/** Work of a whole program below which it stays on the caller's thread: what waking another one would cost. */
const shortest = 400_000

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
    const waiting = after(addressOf(c, scratchBuffer), offset)
    if (overwritten) {
      saved.push(copy(c, waiting, addressOf(c, from), from))
      offset += align(byteLength(c.program.buffers[from]!))
    }
    copies.push(copy(c, addressOf(c, to), overwritten ? waiting : addressOf(c, from), from))
  })
  c.needs.own = Math.max(c.needs.own, offset)
  return carries.length === 0 ? [] : [saved, copies]
}

const loopPiece = (c: Context, step: Loop): Piece => {
  const { count, reverse, slices } = step
  if (count === 0) return { code: [], serial: true }
  const starts: Code[] = []
  const moves: Code[] = []
  for (const { buffer, source, stride } of slices) {
    const bytes = stride * bytesOf(c.program.buffers[buffer]!.dtype)
    const first = reverse ? (count - 1) * bytes : 0
    const local = c.f.local('address')
    starts.push(set(local, after(addressOf(c, source), first)))
    moves.push(advance(local, reverse ? -bytes : bytes))
    c.addresses.set(buffer, local)
    c.sources.set(buffer, source)
  }
  const counter = c.f.local('i32')
  const pieces = step.body.map((inner) => stepPiece(c, inner))
  const { code, serial } = inOrder(c, [...pieces, { code: carryCode(c, step), serial: true }])
  const body = [code, serial ? [] : barrier(c), moves]
  return { code: [starts, set(counter, 0), countTo(counter, count, 1, body)], serial }
}

const branchPiece = (c: Context, step: Extract<Step, { readonly kind: 'branch' }>): Piece => {
  const { dtype } = c.program.buffers[step.predicate]!
  const first = { address: addressOf(c, step.predicate), offset: 0 }
  const chosen = load(dtype === 'bool' ? i32.load8U : i32.load, first)
  const [then, otherwise] = [stepsPiece(c, step.then), stepsPiece(c, step.otherwise)]
  if (then.serial && otherwise.serial) {
    return { code: when(chosen, then.code, otherwise.code), serial: true }
  }
  // nobody overwrites the predicate before everybody has read it
  const condition = [chosen, barrier(c)]
  return { code: when(condition, byAll(c, then), byAll(c, otherwise)), serial: false }
}

const stepPiece = (c: Context, step: Step): Piece => {
  switch (step.kind) {
    case 'kernel':
      return kernelPiece(c, step.kernel)
    case 'copy':
      return {
        code: copy(c, addressOf(c, step.to), addressOf(c, step.from), step.from),
        serial: true,
      }
    case 'loop':
      return loopPiece(c, step)
    case 'branch':
      return branchPiece(c, step)
  }
}

const stepsPiece = (c: Context, steps: readonly Step[]): Piece =>
  inOrder(
    c,
    steps.map((step) => stepPiece(c, step)),
  )

/**
 * The module of a program; several threads share it if there are any and it is worth it. A shared run ends where all meet: a
 * thread that comes late to a run must find it as it was announced, not the next one.
 */
export const renderProgram = (program: Program, sharing: Sharing): Rendered => {
  const { threads, memory, always } = sharing
  const isShared = threads > 1 && (always || workOfSteps(program.steps) >= shortest)
  const c = createContext(program, { ...sharing, threads: isShared ? threads : 1 })
  const piece = stepsPiece(c, program.steps)
  if (isShared && piece.serial) return renderProgram(program, { ...sharing, threads: 1 })
  const body = [byAll(c, piece), barrier(c)]
  // imported functions are numbered first, and only now is it known how many there are
  for (const number of c.known.values()) number.index += c.imports.length
  const run = c.f.finish('run', [c.prologue, scratchCode(c), body])
  const functions = [...c.functions, { func: run, bytes: encodeFunction(run, memory.isWide) }]
  return {
    bytes: encodeModule({
      memory,
      imports: c.imports,
      functions,
      exports: { run: functions.length - 1 },
    }),
    imports: c.imports,
    isShared,
    inputs: slotsOf(program, c.layout, 'input'),
    outputs: slotsOf(program, c.layout, 'output'),
    constants: slotsOf(program, c.layout, 'constant'),
    size: c.layout.end + c.threads * align(c.needs.own) + c.needs.common,
  }
}
