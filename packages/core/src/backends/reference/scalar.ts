/**
 * Scalar expressions as closures. An expression is a graph whose shared nodes are evaluated once: every node gets a slot
 * in the kernel's value array and one closure that fills it; evaluating an expression runs its closures in order.
 */
import type { TypedArray } from '../../dtype.ts'
import type { Address, BinaryOp, Scalar, UnaryOp } from '../../loop/loop.ts'
import { binaryOf, unaryOf } from './operations.ts'

/** What the closures of one kernel share. */
export interface Frame {
  readonly kernel: string
  /** Products in contractions are fused with their sums. */
  readonly fused: boolean
  /** The program's buffers; entries of slices change while the program runs. */
  readonly buffers: TypedArray[]
  /** One slot per expression node, local and index; allocated when the kernel is compiled. */
  values: Float64Array
  slots: number
  readonly locals: Map<number, number>
  readonly indices: Map<number, number>
}

/** A frame without slots. */
export const newFrame = (kernel: string, fused: boolean, buffers: TypedArray[]): Frame => ({
  kernel,
  fused,
  buffers,
  values: new Float64Array(0),
  slots: 0,
  locals: new Map(),
  indices: new Map(),
})

const slotIn = (frame: Frame, map: Map<number, number>, id: number): number => {
  const known = map.get(id)
  if (known !== undefined) return known
  const slot = frame.slots++
  map.set(id, slot)
  return slot
}

/** Where a local's value lies. */
export const localSlot = (frame: Frame, id: number): number => slotIn(frame, frame.locals, id)
/** Where a loop index lies. */
export const indexSlot = (frame: Frame, index: number): number =>
  slotIn(frame, frame.indices, index)

/** One evaluation step. */
type Fill = () => void

interface Build {
  readonly frame: Frame
  readonly fills: Fill[]
  readonly seen: Map<Scalar, number>
}

/** The element an address names; its offset, if any, has been evaluated before. */
const position = (build: Build, at: Address): (() => number) => {
  const { frame } = build
  const slots = at.terms.map((term) => indexSlot(frame, term.index))
  const strides = at.terms.map((term) => term.stride)
  const offset = at.offset === undefined ? -1 : slotOf(build, at.offset)
  return () => {
    const { values } = frame
    let sum = at.base
    for (let i = 0; i < slots.length; i++) sum += strides[i]! * values[slots[i]!]!
    return offset < 0 ? sum : sum + values[offset]!
  }
}

const outside = (frame: Frame, access: string, buffer: number, at: number): never => {
  const length = frame.buffers[buffer]!.length
  throw new Error(
    `kernel ${frame.kernel}: ${access} of element ${at} of buffer ${buffer}, which has ${length}`,
  )
}

const fillLoad = (build: Build, node: Scalar & { op: 'load' }, slot: number): Fill => {
  const { frame } = build
  const at = position(build, node.at)
  return () => {
    const i = at()
    frame.values[slot] = frame.buffers[node.buffer]![i] ?? outside(frame, 'load', node.buffer, i)
  }
}

const fillOperation = (
  build: Build,
  node: Scalar & { readonly args: readonly Scalar[] },
  slot: number,
): Fill => {
  const { frame } = build
  const [first, second, third] = node.args.map((arg) => slotOf(build, arg))
  const dtype = node.args[0].dtype
  if (node.args.length === 1) {
    const apply = unaryOf(node.op as UnaryOp, dtype, node.dtype)
    return () => {
      frame.values[slot] = apply(frame.values[first!]!)
    }
  }
  if (node.args.length === 2) {
    const apply = binaryOf(node.op as BinaryOp, dtype)
    return () => {
      frame.values[slot] = apply(frame.values[first!]!, frame.values[second!]!)
    }
  }
  return () => {
    frame.values[slot] = frame.values[frame.values[first!] !== 0 ? second! : third!]!
  }
}

const fillOf = (build: Build, node: Scalar, slot: number): Fill => {
  const { frame } = build
  switch (node.op) {
    case 'const': {
      const { value } = node
      return () => {
        frame.values[slot] = value
      }
    }
    case 'index': {
      const at = position(build, node.at)
      return () => {
        frame.values[slot] = at() | 0
      }
    }
    case 'load':
      return fillLoad(build, node, slot)
    case 'local':
      throw new Error('unreachable: locals have slots of their own')
    default:
      return fillOperation(build, node, slot)
  }
}

/** The slot that holds a node's value once the fills before it have run. */
const slotOf = (build: Build, node: Scalar): number => {
  if (node.op === 'local') return localSlot(build.frame, node.id)
  const known = build.seen.get(node)
  if (known !== undefined) return known
  const slot = build.frame.slots++
  const fill = fillOf(build, node, slot)
  build.fills.push(fill)
  build.seen.set(node, slot)
  return slot
}

const runner = (fills: readonly Fill[], result: () => number): (() => number) => {
  return () => {
    for (let i = 0; i < fills.length; i++) fills[i]!()
    return result()
  }
}

/** A closure that evaluates an expression. */
export const compileScalar = (frame: Frame, node: Scalar): (() => number) => {
  const build: Build = { frame, fills: [], seen: new Map() }
  const slot = slotOf(build, node)
  return runner(build.fills, () => frame.values[slot]!)
}

/** A closure that stores an expression into a buffer. */
export const compileStore = (
  frame: Frame,
  buffer: number,
  at: Address,
  value: Scalar,
): (() => void) => {
  const build: Build = { frame, fills: [], seen: new Map() }
  const slot = slotOf(build, value)
  const where = runner(build.fills, position(build, at))
  return () => {
    const i = where()
    const target = frame.buffers[buffer]!
    if (!(i >= 0 && i < target.length)) outside(frame, 'store', buffer, i)
    target[i] = frame.values[slot]!
  }
}

/** A closure that computes an address without memory access. */
export const compileAddress = (frame: Frame, at: Address): (() => number) => {
  const build: Build = { frame, fills: [], seen: new Map() }
  const where = position(build, at)
  return runner(build.fills, where)
}
