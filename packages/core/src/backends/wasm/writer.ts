/**
 * A kernel being written as one function. Addresses are never multiplied out inside loops: every affine access gets a
 * pointer local that starts where its outer loops are and moves by one stride per iteration, made on first demand. A loop
 * is assembled after its body has been rendered, when all demands are known; what the body wants computed once goes into
 * the loop's prologue.
 */
import { bytesOf, type DType } from '../../dtype.ts'
import type { Address, Scalar, Statement } from '../../loop/loop.ts'
import type { Code, Func, FuncImport, Local, Numbered } from './encode.ts'
import {
  add,
  advance,
  after,
  countTo,
  createFunction,
  distance,
  type FunctionBuilder,
  type LaneArray,
  lanes,
  mul,
  type Place,
  set,
  when,
} from './instructions.ts'
import { i32 } from './opcodes.ts'

interface Pointer {
  readonly local: Local
  readonly start: Code
  readonly bytes: number // per iteration
}

/** A loop of the IR around the code being written. */
export interface Loop {
  readonly index: number
  /** 1 for the outermost. */
  readonly depth: number
  /** Elements that rolled iterations have passed; the value of the index is this plus `shift`. */
  readonly counter: Local
  /** Elements that straight-line code has passed. */
  shift: number
  readonly pointers: Map<string, Pointer>
  readonly prologue: Code[]
  /** Vectors computed in the prologue: by local id or by node. */
  readonly hoisted: Map<number | Scalar, Local>
}

/** Iterations, rows or columns of which one call computes those from `first` to `end`, which are parameters of the function. */
export interface Stretch {
  readonly first: Local
  readonly end: Local
  /** Threads among which it will be divided. */
  readonly threads: number
  /** Iterations that are divided among calls; what follows them belongs to the last call. Known once the code is written. */
  divided: number
  /** What the iterations of a call are a multiple of; also known then. */
  width: number
}

/** Consecutive iterations: `count` times a body that does `width` of them. */
export interface Segment {
  readonly count: number
  readonly width: number
  readonly body: (loop: Loop) => Code
}

/** A local of the IR. `varies` when it holds one value per lane. */
export interface Binding {
  readonly local: Local
  /** The second half of a float64 that varies. */
  readonly high: Local | null
  readonly varies: boolean
  /** Depth of the loop in which it was bound. */
  readonly depth: number
}

/** The function being written and what is in scope. */
export interface Writer {
  readonly f: FunctionBuilder
  /** Pointers to the buffers, parameters of the function in this order. */
  readonly buffers: Map<number, Local>
  readonly loops: Loop[]
  readonly bindings: Map<number, Binding>
  /** Code at the start of the function. */
  readonly prologue: Code[]
  /** Vector constants by value. */
  readonly constants: Map<string, Local>
  /** Functions that the code calls, in the order of their numbers; shared by all kernels of a module. */
  readonly imports: FuncImport[]
  /** The vectorised loop being written; null where code is for one element. */
  vector: VectorLoop | null
  /** The loop or contraction that calls share; null when one call does everything. */
  stretch: (Stretch & { readonly of: Statement }) | null
  /** Bytes of scratch memory the function wants so far. */
  scratchBytes: number
  /** Ids handed out for loops and locals that the renderer adds; the IR's own are not negative. */
  lastId: number
}

/** Iterations that run at once in vectors. */
export const vectorLength = 4

/** The loop whose iterations are computed several at a time. */
export interface VectorLoop {
  readonly loop: Loop
  /** Buffers that its body writes. */
  readonly stored: ReadonlySet<number>
}

/** The buffer number that stands for a kernel's scratch memory. */
export const scratchBuffer = Number.NEGATIVE_INFINITY

export const createWriter = (imports: FuncImport[]): Writer => ({
  f: createFunction(),
  buffers: new Map(),
  loops: [],
  bindings: new Map(),
  prologue: [],
  constants: new Map(),
  imports,
  vector: null,
  stretch: null,
  scratchBytes: 0,
  lastId: 0,
})

/** A vector that is loaded once, at the start of the function. */
export const vectorConstant = (w: Writer, value: LaneArray): Code => {
  const key = new Uint8Array(value.buffer).join()
  const known = w.constants.get(key)
  if (known !== undefined) return known
  const local = w.f.local('v128')
  w.constants.set(key, local)
  w.prologue.push(set(local, lanes(value)))
  return local
}

/** A function of another module. */
export const imported = (w: Writer, wanted: FuncImport): Numbered => {
  const known = w.imports.findIndex(({ name }) => name === wanted.name)
  return { index: known < 0 ? w.imports.push(wanted) - 1 : known }
}

/** An id that the IR does not use. */
export const freshId = (w: Writer): number => --w.lastId

/** Some scratch memory for this function alone. */
export const scratchPlace = (w: Writer, bytes: number): Place => {
  const offset = w.scratchBytes
  w.scratchBytes += Math.ceil(bytes / 64) * 64
  return { address: bufferPointer(w, scratchBuffer), offset }
}

/** Binds a local of the IR in the current scope and hands it back. */
export const bindLocal = (
  w: Writer,
  id: number,
  local: Local,
  high: Local | null = null,
): Local => {
  w.bindings.set(id, { local, high, varies: local.type === 'v128', depth: w.loops.length })
  return local
}

/** The function, when its body is complete. */
export const finish = (w: Writer, name: string, body: Code): Func =>
  w.f.finish(name, [w.prologue, body])

/** The pointer to a buffer's first element. */
const bufferPointer = (w: Writer, buffer: number): Local => {
  const known = w.buffers.get(buffer)
  if (known !== undefined) return known
  const local = w.f.param('address')
  w.buffers.set(buffer, local)
  return local
}

/** Strides in elements by open loop, outermost first; an index may occur in several terms. */
const strides = (w: Writer, { terms }: Address): { loop: Loop; stride: number }[] =>
  w.loops.flatMap((loop) => {
    let stride = 0
    for (const term of terms) if (term.index === loop.index) stride += term.stride
    return stride === 0 ? [] : [{ loop, stride }]
  })

/** Elements per step of a loop's index. */
export const strideOf = ({ terms }: Address, index: number): number => {
  let stride = 0
  for (const term of terms) if (term.index === index) stride += term.stride
  return stride
}

/** Depth of the innermost loop that moves an address, not counting its data-dependent part. */
export const depthOf = (w: Writer, at: Address): number => strides(w, at).at(-1)?.loop.depth ?? 0

const pointerAlong = (
  w: Writer,
  buffer: number,
  bytes: number,
  along: readonly { loop: Loop; stride: number }[],
): Local => {
  const last = along.at(-1)
  if (last === undefined) return bufferPointer(w, buffer)
  const parts = along.map(({ loop, stride }) => `${loop.index}:${stride}`)
  const key = `${buffer} ${bytes} ${parts.join()}`
  const known = last.loop.pointers.get(key)
  if (known !== undefined) return known.local
  const start = pointerAlong(w, buffer, bytes, along.slice(0, -1))
  const local = w.f.local('address')
  last.loop.pointers.set(key, { local, start, bytes: last.stride * bytes })
  return local
}

/** Where an element is; `offset` is code for the data-dependent part of the address, in elements. */
export const placeOf = (
  w: Writer,
  dtype: DType,
  buffer: number,
  at: Address,
  offset: Code | null,
): Place => {
  const bytes = bytesOf(dtype)
  const along = strides(w, at)
  const pointer = pointerAlong(w, buffer, bytes, along)
  const base = along.reduce((sum, { loop, stride }) => sum + stride * loop.shift, at.base) * bytes
  // The constant part of an access does not wrap around, so the sum before it must not be negative.
  const wraps = offset !== null || base < 0 || along.some(({ stride }) => stride < 0)
  if (!wraps) return { address: pointer, offset: base }
  const moved = base === 0 ? pointer : after(pointer, base)
  return {
    address: offset === null ? moved : after(moved, distance(offset, bytes)),
    offset: 0,
  }
}

/** Code for the value of an affine function of the loop indices, as an i32. */
export const indexCode = (w: Writer, at: Address): Code => {
  let sum: Code = at.base
  for (const { loop, stride } of strides(w, at)) {
    const index = add(loop.counter, loop.shift)
    sum = add(sum, stride === 1 ? index : mul(index, stride))
  }
  return sum
}

interface Part {
  readonly segment: Segment
  /** False for a single iteration, which needs no counter. */
  readonly rolled: boolean
  readonly code: Code
}

const assemble = (loop: Loop, parts: readonly Part[], stretch: Stretch | null): Code => {
  const pointers = [...loop.pointers.values()]
  const first = stretch?.first ?? 0
  const starts = pointers.map(({ local, start, bytes }) =>
    set(local, first === 0 ? start : after(start, distance(first, bytes))),
  )
  let passed = 0
  const [main, ...rest] = parts.map(({ segment: { count, width }, rolled, code }) => {
    if (!rolled) return code
    passed += count * width
    const moves = pointers.map(({ local, bytes }) => advance(local, width * bytes))
    const isMain = passed === count * width
    return countTo(loop.counter, isMain ? (stretch?.end ?? passed) : passed, width, [code, moves])
  })
  const before = [loop.prologue, starts, set(loop.counter, first), main!]
  if (stretch === null) return [before, rest]
  const { count, width } = parts[0]!.segment
  Object.assign(stretch, { divided: count * width, width })
  return [before, when([stretch.end, stretch.divided, i32.eq], rest)]
}

/**
 * A loop over an index as consecutive segments. Empty segments are skipped, single iterations become straight code. Where
 * one call computes a stretch, that is cut from the first segment, and the last stretch includes the others.
 */
export const writeLoop = (
  w: Writer,
  index: number,
  segments: readonly Segment[],
  stretch: Stretch | null = null,
): Code => {
  const loop: Loop = {
    index,
    depth: w.loops.length + 1,
    counter: w.f.local('i32'),
    shift: 0,
    pointers: new Map(),
    prologue: [],
    hoisted: new Map(),
  }
  w.loops.push(loop)
  const parts = segments
    .filter(({ count }) => count > 0)
    .map((segment, i) => {
      const code = segment.body(loop)
      const rolled = segment.count > 1 || (stretch !== null && i === 0)
      if (!rolled) loop.shift += segment.width
      return { segment, rolled, code }
    })
  w.loops.pop()
  return parts.length === 0 ? [] : assemble(loop, parts, stretch)
}

/** The body several times, each time `step` elements further on. */
export const unrolled = (
  loop: Loop,
  times: number,
  step: number,
  body: (time: number) => Code,
): Code => {
  const before = loop.shift
  const code = Array.from({ length: times }, (_, i) => {
    loop.shift = before + i * step
    return body(i)
  })
  loop.shift = before
  return code
}

/** What is written while several iterations of `loop` are computed at once; `stored` are the buffers that its body writes. */
export const inVectors = <T>(
  w: Writer,
  loop: Loop,
  stored: ReadonlySet<number>,
  body: () => T,
): T => {
  w.vector = { loop, stored }
  const result = body()
  w.vector = null
  return result
}
