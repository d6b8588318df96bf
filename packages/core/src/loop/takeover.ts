/**
 * Takeover: which outputs of a program may be written over which of its inputs. An input may go where an output comes when
 * everything that reads the input happens before the output is written, or element by element in the same loop. A training
 * step that donates its state then updates it in place, and allocates nothing.
 */
import { type Access, loadsOf, sameAddress, storesOf } from './access.ts'
import type { Address, Buffer, Kernel, Program, Statement, Step } from './loop.ts'

/** For each output position, the input positions whose memory it may take. */
export type Takeovers = readonly (readonly number[])[]

interface Loop {
  readonly index: number
  readonly extent: number
}

/** True when no two iterations of the loops reach the same element. */
const isInjective = ({ terms }: Address, loops: readonly Loop[]): boolean => {
  const moving = loops.filter(({ extent }) => extent > 1)
  const steps = moving.map(({ index, extent }) => {
    const own = terms.filter((term) => term.index === index)
    return { extent, stride: own.length === 1 ? Math.abs(own[0]!.stride) : 0 }
  })
  let reach = 0
  for (const { extent, stride } of steps.toSorted((a, b) => a.stride - b.stride)) {
    if (stride <= reach) return false
    reach += (extent - 1) * stride
  }
  return true
}

const touches = (accesses: readonly Access[], buffer: number): boolean =>
  accesses.some((access) => access.buffer === buffer)

/** True for statements that read one element at a time, at the coordinates of the loops around them. */
const isSimple = ({ kind }: Statement): boolean => kind === 'let' || kind === 'store'

/** True when a kernel may write `output` over `input`: every element is read, at the same place, before it is written. */
const isElementwise = ({ body }: Kernel, input: number, output: number): boolean => {
  const visit = (block: readonly Statement[], loops: readonly Loop[]): boolean => {
    const readers = block.filter((statement) => touches(loadsOf([statement]), input))
    const writers = block.filter((statement) => touches(storesOf([statement]), output))
    const [writer, ...others] = writers
    if (writer === undefined || others.length > 0) return false
    if (writer.kind === 'for') {
      // both live in one inner loop
      return readers.every((x) => x === writer) && visit(writer.body, [...loops, writer])
    }
    if (writer.kind !== 'store' || writer.at.offset !== undefined) return false
    const { at: place } = writer
    const isBefore = (x: Statement): boolean => block.indexOf(x) <= block.indexOf(writer)
    const isAligned = ({ buffer, at }: Access): boolean =>
      buffer !== input || sameAddress(at, place)
    return (
      isInjective(place, loops) &&
      readers.every((x) => isSimple(x) && isBefore(x) && loadsOf([x]).every(isAligned))
    )
  }
  return visit(body, [])
}

/** Buffers that a step reads and writes, however deep. */
const touchedBy = (
  step: Step,
): { readonly reads: ReadonlySet<number>; readonly writes: ReadonlySet<number> } => {
  const reads = new Set<number>()
  const writes = new Set<number>()
  const visit = (at: Step): void => {
    if (at.kind === 'kernel') {
      for (const { buffer } of loadsOf(at.kernel.body)) reads.add(buffer)
      for (const { buffer } of storesOf(at.kernel.body)) writes.add(buffer)
    } else if (at.kind === 'copy') {
      reads.add(at.from)
      writes.add(at.to)
    } else if (at.kind === 'branch') {
      reads.add(at.predicate)
      for (const inner of [...at.then, ...at.otherwise]) visit(inner)
    } else {
      for (const { source } of at.slices) {
        reads.add(source)
        writes.add(source)
      }
      for (const { from, to } of at.carries) {
        reads.add(from)
        writes.add(to)
      }
      at.body.forEach(visit)
    }
  }
  visit(step)
  return { reads, writes }
}

/** Finds the takeovers of a program. */
export const takeoversOf = (program: Program): Takeovers => {
  const { buffers, steps, outputs } = program
  const touched = steps.map(touchedBy)
  const inputs = buffers.flatMap((buffer, number) => {
    if (buffer.place.kind !== 'input') return []
    const last = touched.findLastIndex(({ reads }) => reads.has(number))
    const isWritten = touched.some(({ writes }) => writes.has(number))
    return [{ buffer, number, last, isWritten, position: buffer.place.position }]
  })
  const fits = (a: Buffer, b: Buffer): boolean => a.dtype === b.dtype && a.length === b.length
  return outputs.map((output) => {
    const first = touched.findIndex(({ writes }) => writes.has(output))
    return inputs
      .filter(({ buffer, number, last, isWritten }) => {
        if (first < 0 || !fits(buffer, buffers[output]!)) return false
        if (last !== first) return last < first && !isWritten
        const step = steps[first]!
        return step.kind === 'kernel' && isElementwise(step.kernel, number, output)
      })
      .map(({ position }) => position)
  })
}
