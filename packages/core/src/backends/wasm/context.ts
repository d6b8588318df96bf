/** A program being written: its function `run`, the functions this calls, and where they find their buffers. */
import type { Program } from '../../loop/loop.ts'
import { barrierFunction } from './barrier.ts'
import {
  type Code,
  encodeFunction,
  type Func,
  type FuncImport,
  type Local,
  type MemoryType,
  type Numbered,
  typesOf,
} from './encode.ts'
import {
  after,
  call,
  createFunction,
  distance,
  type FunctionBuilder,
  load,
  set,
  when,
} from './instructions.ts'
import { type Layout, layOut, lineBytes } from './layout.ts'
import { address, i32 } from './opcodes.ts'
import { scratchBuffer } from './writer.ts'

/** How programs may be shared. */
export interface Sharing {
  readonly threads: number
  readonly memory: MemoryType
  /** Share all that can be shared, whether it is worth it or not. */
  readonly always: boolean
}

/** Which thread runs the code, and with how many others. */
interface Crew {
  readonly thread: Local
  readonly threads: Local
  readonly control: Local
}

/** What writing the steps of a program needs. */
export interface Context {
  readonly program: Program
  readonly layout: Layout
  readonly f: FunctionBuilder
  readonly start: Local
  /** How many threads there are; 1 for a program that is not worth more. */
  readonly threads: number
  /** Share kernels of any size. */
  readonly always: boolean
  /** Addresses have 64 bits. */
  readonly isWide: boolean
  /** Null in a program for one thread. */
  readonly crew: Crew | null
  /** Addresses of large buffers, of partial results in the kernel being written, of slices in the loop being written. */
  readonly addresses: Map<number, Code>
  /** What slices are parts of. */
  readonly sources: Map<number, number>
  readonly prologue: Code[]
  readonly functions: { readonly func: Func; readonly bytes: readonly number[] }[]
  readonly known: Map<string, Numbered>
  readonly imports: FuncImport[]
  /** Addresses of scratch memory behind the arena: that of each thread, and what follows for all. */
  readonly scratch: { readonly own: Local; readonly common: Local }
  /** Bytes of it. */
  readonly needs: { own: number; common: number }
}

/**
 * An empty program. Its `run` takes the line at which its stretch of memory starts and, with several threads, the number of
 * its thread, how many there are, and the line of the control block.
 */
export const createContext = (program: Program, { threads, always, memory }: Sharing): Context => {
  const f = createFunction()
  const prologue: Code[] = []
  /** The address of the line that is the next parameter. */
  const line = (): Local => {
    const local = f.local('address')
    prologue.push(set(local, distance(f.param('i32'), lineBytes)))
    return local
  }
  const start = line()
  const crew = (): Crew => ({ thread: f.param('i32'), threads: f.param('i32'), control: line() })
  return {
    program,
    layout: layOut(program),
    f,
    start,
    threads,
    always,
    isWide: memory.isWide,
    crew: threads === 1 ? null : crew(),
    addresses: new Map(),
    sources: new Map(),
    prologue,
    functions: [],
    known: new Map(),
    imports: [],
    scratch: { own: f.local('address'), common: f.local('address') },
    needs: { own: 0, common: 0 },
  }
}

/** The address of a buffer. */
export const addressOf = (c: Context, buffer: number): Code => {
  if (buffer === scratchBuffer) return c.scratch.own
  const known = c.addresses.get(buffer)
  if (known !== undefined) return known
  const { place } = c.program.buffers[buffer]!
  if (place.kind === 'slice') throw new Error(`buffer ${buffer} is used outside its loop`)
  if (place.kind === 'arena') return after(c.start, c.layout.arena + place.offset)
  const slot = c.layout.slots.get(buffer)!
  if (slot.small) return after(c.start, slot.offset)
  const local = c.f.local('address')
  c.addresses.set(buffer, local)
  c.prologue.push(set(local, load(address.load, { address: c.start, offset: slot.offset })))
  return local
}

/** The number of a function; those with the same code are one. Imported functions are counted only at the end. */
export const numberOf = (c: Context, func: Func): Numbered => {
  const bytes = encodeFunction(func, c.isWide)
  const key = `${typesOf(func).join()} ${bytes.join()}`
  const known = c.known.get(key)
  if (known !== undefined) return known
  const number = { index: c.functions.length }
  c.known.set(key, number)
  c.functions.push({ func, bytes })
  return number
}

/** A part of a program. */
export interface Piece {
  readonly code: Code
  /** True when one thread does all of it. */
  readonly serial: boolean
}

const isEmpty = ({ code }: Piece): boolean => Array.isArray(code) && code.length === 0

/** A piece that all threads come by: one that is serial is done by the first of them. */
export const byAll = ({ crew }: Context, { code, serial }: Piece): Code =>
  serial && crew !== null ? when([crew.thread, i32.eqz], code) : code

/** Where all threads wait for each other. */
export const barrier = (c: Context): Code =>
  c.crew === null
    ? []
    : call(numberOf(c, barrierFunction()), c.crew.thread, c.crew.threads, c.crew.control)

/** Pieces one after another, each when the one before is done; serial neighbours need no barrier. */
export const inOrder = (c: Context, pieces: readonly Piece[]): Piece => {
  const turns: Piece[] = []
  for (const piece of pieces) {
    const last = turns.at(-1)
    if (last?.serial && piece.serial)
      turns.push({ ...piece, code: [turns.pop()!.code, piece.code] })
    else if (!isEmpty(piece)) turns.push(piece)
  }
  if (turns.every(({ serial }) => serial)) {
    return { code: turns.map(({ code }) => code), serial: true }
  }
  const code = turns.map((turn, i) => [i > 0 ? barrier(c) : [], byAll(c, turn)])
  return { code, serial: false }
}

/** Where scratch memory is, once it is known how much all need. */
export const scratchCode = ({ crew, scratch, needs, start, layout }: Context): Code => {
  const behind = (threads: Code): Code =>
    after(after(start, layout.end), distance(threads, needs.own))
  return [
    set(scratch.own, behind(crew?.thread ?? 0)),
    needs.common === 0 ? [] : set(scratch.common, behind(crew?.threads ?? 1)),
  ]
}
