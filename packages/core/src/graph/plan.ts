/**
 * The memory plan: every intermediate gets an offset in one arena, shared with others that live at other times. Buffers
 * are placed by decreasing size, each at the lowest offset that is free during its whole life, which comes close to the
 * largest number of bytes alive at once.
 */
import { bytesOf } from '../dtype.ts'
import { loadsOf, storesOf } from '../loop/access.ts'
import type { Step } from '../loop/loop.ts'
import type { Cell } from './cell.ts'

/** Steps from the first to the last that touches a buffer, inclusive. */
export interface Life {
  readonly buffer: number
  readonly bytes: number
  readonly from: number
  readonly to: number
}

const alignment = 64

/** Bytes of a buffer in the arena, rounded up so that offsets stay aligned. */
const paddedBytes = ({ dtype, length }: Pick<Cell, 'dtype' | 'length'>): number =>
  Math.ceil((bytesOf(dtype) * length) / alignment) * alignment

interface Span {
  from: number
  to: number
}

/**
 * When each buffer is touched. Each kernel and copy is one moment. A buffer that a loop shares with the outside lives
 * through the whole loop, since the next iteration may read it again; one that only the loop's body touches is written
 * anew in each iteration and lives only between its touches.
 */
const spansOf = (
  steps: readonly Step[],
): { readonly spans: Map<number, Span>; readonly end: number } => {
  let now = 0
  const walk = (list: readonly Step[]): Map<number, Span> => {
    const spans = new Map<number, Span>()
    const touch = (buffer: number, from = now, to = now): void => {
      const known = spans.get(buffer)
      if (known === undefined) spans.set(buffer, { from, to })
      else {
        known.from = Math.min(known.from, from)
        known.to = Math.max(known.to, to)
      }
    }
    for (const step of list) {
      if (step.kind === 'kernel') {
        const { body } = step.kernel
        for (const { buffer } of [...loadsOf(body), ...storesOf(body)]) touch(buffer)
      } else if (step.kind === 'copy') {
        touch(step.from)
        touch(step.to)
      } else if (step.kind === 'branch') {
        touch(step.predicate)
        now++
        for (const inner of [walk(step.then), walk(step.otherwise)]) {
          for (const [buffer, { from, to }] of inner) touch(buffer, from, to)
        }
      } else {
        const start = now++
        const inner = walk(step.body)
        const end = now
        const held = [
          ...step.slices.map(({ source }) => source),
          ...step.carries.map(({ to }) => to),
        ]
        for (const { from } of step.carries) extend(inner, from, end)
        for (const [buffer, { from, to }] of inner) touch(buffer, from, to)
        for (const buffer of held) touch(buffer, start, end)
        loops.push({ start, end })
      }
      now++
    }
    return spans
  }
  const loops: { readonly start: number; readonly end: number }[] = []
  const spans = walk(steps)
  // inner loops come first in the list, so that a life grows from the inside out
  for (const { start, end } of loops) {
    for (const span of spans.values()) {
      const overlaps = span.from <= end && span.to >= start
      if (overlaps && (span.from < start || span.to > end)) {
        span.from = Math.min(span.from, start)
        span.to = Math.max(span.to, end)
      }
    }
  }
  return { spans, end: now }
}

const extend = (spans: Map<number, Span>, buffer: number, to: number): void => {
  const span = spans.get(buffer)
  if (span !== undefined) span.to = Math.max(span.to, to)
}

/** Lives of the buffers that belong into the arena. */
export const livesOf = (steps: readonly Step[], cells: readonly Cell[]): Life[] => {
  const { spans } = spansOf(steps)
  return cells.flatMap((cell, buffer) => {
    const span = spans.get(buffer)
    if (cell.place !== null || span === undefined) return []
    return [{ buffer, bytes: paddedBytes(cell), from: span.from, to: span.to }]
  })
}

/** The largest number of bytes alive at one moment: no plan for this order of steps can need less. */
export const lowerBound = (lives: readonly Life[]): number => {
  const events = lives.flatMap(({ bytes, from, to }) => [
    { at: from, change: bytes },
    { at: to + 1, change: -bytes },
  ])
  events.sort((a, b) => a.at - b.at || a.change - b.change)
  let alive = 0
  let most = 0
  for (const { change } of events) {
    alive += change
    most = Math.max(most, alive)
  }
  return most
}

/** Offsets by buffer, and the size of the arena. */
export interface Plan {
  readonly offsets: ReadonlyMap<number, number>
  readonly bytes: number
}

/** Places lives so that no two that overlap in time overlap in memory. */
const placeAll = (lives: readonly Life[]): Plan => {
  const offsets = new Map<number, number>()
  const placed: (Life & { readonly offset: number })[] = []
  let bytes = 0
  for (const life of lives.toSorted((a, b) => b.bytes - a.bytes || a.from - b.from)) {
    let offset = 0
    // `placed` is ordered by offset: the first gap that is wide enough at every moment of this life
    for (const other of placed) {
      if (other.from > life.to || other.to < life.from) continue
      if (other.offset - offset >= life.bytes) break
      offset = Math.max(offset, other.offset + other.bytes)
    }
    const index = placed.findIndex((other) => other.offset > offset)
    placed.splice(index < 0 ? placed.length : index, 0, { ...life, offset })
    offsets.set(life.buffer, offset)
    bytes = Math.max(bytes, offset + life.bytes)
  }
  return { offsets, bytes }
}

/** Steps for which the memory of small buffers rests where that can be afforded: the longest first. */
const rests = [24, 8] as const
const small = 16_384
const affordable = 1.1

/**
 * Places lives so that no two that overlap in time overlap in memory. What is small is not used again at once, as long as this
 * takes little: threads need not wait for each other where only memory, and no data, goes from one kernel to another.
 */
export const place = (lives: readonly Life[]): Plan => {
  const most = affordable * lowerBound(lives)
  for (const rest of rests) {
    const plan = placeAll(
      lives.map((life) => (life.bytes > small ? life : { ...life, to: life.to + rest })),
    )
    if (plan.bytes <= most) return plan
  }
  return placeAll(lives)
}
