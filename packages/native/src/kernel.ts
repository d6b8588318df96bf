/** Tasks as C functions of their buffers, numbered in the order of their first use so that equal tasks have equal text. */
import { type Buffer, bytesOf, loadsOf, type Statement, storesOf } from '@rootstock/core/backend'
import { elementType } from './literal.ts'
import { writeBlock } from './statement.ts'
import type { Division } from './task.ts'
import { indented, type Range } from './writer.ts'

/** A function for tasks of one form. */
export interface KernelText {
  /** Everything after the name, a key for equal functions. */
  readonly text: string
  /** Program buffers in the order of the function's pointers; -1 - k stands for the k-th of the kernel's partials. */
  readonly buffers: readonly number[]
}

/** Elements per cache line, at least: threads divide innermost loops at such boundaries. */
const grain = 64

/** Bytes that a core's own caches hold, about, and that the last one, which a few cores share, hardly ever holds. */
export interface Caches {
  readonly own: number
  readonly last: number
}

/** What processors of today have. */
export const usualCaches: Caches = { own: 2 ** 20, last: 36 * 2 ** 20 }

/** Buffers that a kernel only writes, where it touches more than the last cache holds. */
const streamedIn = (
  read: ReadonlySet<number>,
  written: ReadonlySet<number>,
  sizeOf: (buffer: number) => number,
  { own, last }: Caches,
): ReadonlySet<number> => {
  const touched = new Set([...read, ...written])
  const bytes = [...touched].reduce((sum, buffer) => sum + sizeOf(buffer), 0)
  if (bytes <= last) return new Set()
  return new Set([...written].filter((buffer) => !read.has(buffer) && sizeOf(buffer) > own))
}

/** Columns that vectors of every kind divide. */
const columnGrain = 32

const isNested = (statement: Statement): boolean =>
  statement.kind === 'for' &&
  statement.body.some(({ kind }) => kind === 'for' || kind === 'reduce' || kind === 'contract')

/** Iterations that stay together; `units` are runs that must not be cut, 0 where there are none. */
const runOf = ({ statement, by, extent }: Division, units: number): number => {
  if (units > 0) return extent / units
  if (by === 'columns') return extent < 2 * columnGrain ? 1 : columnGrain
  return by === 'rows' || isNested(statement) || extent < 8 * grain ? 1 : grain
}

const rangeOf = (division: Division, units: number): Range => {
  const { extent } = division
  const run = runOf(division, units)
  const start = (part: string): string => {
    const first = `INT64_C(${Math.floor(extent / run)}) * ${part} / worker->threads`
    return run === 1 ? first : `${first} * ${run}`
  }
  const end = `(worker->part + 1 == worker->threads ? ${extent} : ${start('(worker->part + 1)')})`
  return [start('worker->part'), end]
}

/** How a task is divided and where its data will be. */
export interface Setting {
  /** What each thread does a part of; null where one does it all. */
  readonly division: Division | null
  readonly units: number
  readonly caches: Caches
}

/** The function of a task. */
export const writeKernel = (
  statements: readonly Statement[],
  { division, units, caches }: Setting,
  bufferOf: (buffer: number) => Pick<Buffer, 'dtype' | 'length'>,
): KernelText => {
  const positions = new Map<number, number>()
  let names = 0
  const sizeOf = (buffer: number): number => {
    const { dtype, length } = bufferOf(buffer)
    return bytesOf(dtype) * length
  }
  const read = new Set(loadsOf(statements).map(({ buffer }) => buffer))
  const written = new Set(storesOf(statements).map(({ buffer }) => buffer))
  const streamed = streamedIn(read, written, sizeOf, caches)
  const lines = writeBlock(
    {
      fresh: () => `t${names++}`,
      buffer: (buffer: number) => {
        const position = positions.get(buffer) ?? positions.size
        positions.set(buffer, position)
        return `b${position}`
      },
      range: (statement, by) =>
        division?.statement === statement && division.by === by ? rangeOf(division, units) : null,
      isLarge: (buffer) => sizeOf(buffer) > caches.own,
      isStreamed: (buffer) => streamed.has(buffer),
      read,
    },
    statements,
  )
  const pointers = [...positions].map(
    ([buffer, position]) =>
      `${elementType[bufferOf(buffer).dtype]} *const b${position} = b[${position}];`,
  )
  const text = ['{', ...indented([...pointers, ...lines]), '}'].join('\n')
  return { text, buffers: [...positions.keys()] }
}
