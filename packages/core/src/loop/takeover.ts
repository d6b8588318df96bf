/**
 * Takeover: which outputs of a program may be written over which of its inputs. An input may go where an output comes when
 * everything that reads the input happens before the output is written, or element by element in the same loop. A training
 * step that donates its state then updates it in place, and allocates nothing.
 */
import type { Address, Buffer, Kernel, Program, Scalar, Statement, Step } from './loop.ts'

/** For each output position, the input positions whose memory it may take. */
export type Takeovers = readonly (readonly number[])[]

interface Use {
  readonly buffer: number
  /** Null where the place is not one affine address: a contraction's panel, a gather. */
  readonly at: Address | null
}

const loadsOf = (roots: readonly Scalar[]): Use[] => {
  const seen = new Set<Scalar>()
  const todo = [...roots]
  const found: Use[] = []
  for (let x = todo.pop(); x !== undefined; x = todo.pop()) {
    if (seen.has(x)) continue
    seen.add(x)
    if ('args' in x) todo.push(...x.args)
    else if (x.op === 'load' || x.op === 'index') {
      const { offset } = x.at
      if (offset !== undefined) todo.push(offset)
      if (x.op === 'load') found.push({ buffer: x.buffer, at: offset === undefined ? x.at : null })
    }
  }
  return found
}

const offsetsOf = (addresses: readonly Address[]): Scalar[] =>
  addresses.flatMap(({ offset }) => (offset === undefined ? [] : [offset]))

/** What a statement reads and writes. */
const usesOf = (statement: Statement): { readonly reads: Use[]; readonly writes: Use[] } => {
  switch (statement.kind) {
    case 'let':
    case 'var':
    case 'set':
      return { reads: loadsOf([statement.value]), writes: [] }
    case 'store': {
      const { buffer, at, value } = statement
      const place = at.offset === undefined ? at : null
      return { reads: loadsOf([value, ...offsetsOf([at])]), writes: [{ buffer, at: place }] }
    }
    case 'contract': {
      const { a, b, c } = statement
      const panel = ({ buffer }: { readonly buffer: number }): Use => ({ buffer, at: null })
      const offsets = loadsOf(offsetsOf([a.at, b.at, c.at]))
      return { reads: [panel(a), panel(b), ...offsets], writes: [panel(c)] }
    }
    case 'for':
      return nested(statement.body, [])
    case 'reduce':
      return nested(statement.body, [statement.value])
    case 'while':
      return nested(statement.body, [statement.condition])
    case 'if':
      return nested([...statement.then, ...statement.otherwise], [statement.condition])
  }
}

// uses inside inner blocks count as uses at no single address
const nested = (body: readonly Statement[], roots: readonly Scalar[]) => {
  const inner = body.map(usesOf)
  const loose = (uses: readonly Use[]): Use[] => uses.map(({ buffer }) => ({ buffer, at: null }))
  return {
    reads: loose([...inner.flatMap(({ reads }) => reads), ...loadsOf(roots)]),
    writes: loose(inner.flatMap(({ writes }) => writes)),
  }
}

interface Loop {
  readonly index: number
  readonly extent: number
}

const sameAddress = (a: Address, b: Address): boolean =>
  a.base === b.base &&
  a.terms.length === b.terms.length &&
  a.terms.every(
    ({ index, stride }, i) => index === b.terms[i]!.index && stride === b.terms[i]!.stride,
  )

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

/** True when a kernel may write `output` over `input`: every element is read, at the same place, before it is written. */
const isElementwise = ({ body }: Kernel, input: number, output: number): boolean => {
  const visit = (block: readonly Statement[], loops: readonly Loop[]): boolean => {
    const uses = block.map(usesOf)
    const readers = uses.flatMap(({ reads }, i) =>
      reads.some((x) => x.buffer === input) ? [i] : [],
    )
    const writers = uses.flatMap(({ writes }, i) =>
      writes.some((x) => x.buffer === output) ? [i] : [],
    )
    const first = readers[0] ?? writers[0]
    if (first === undefined || writers.length !== 1) return false
    const inner = block[first]!
    if (inner.kind === 'for') {
      // both live in one inner loop
      if (readers.some((i) => i !== first) || writers[0] !== first) return false
      return visit(inner.body, [...loops, inner])
    }
    const store = block[writers[0]!]!
    if (store.kind !== 'store' || store.at.offset !== undefined) return false
    if (readers.some((i) => i > writers[0]!) || !isInjective(store.at, loops)) return false
    return uses.every(({ reads }) =>
      reads.every(
        ({ buffer, at }) => buffer !== input || (at !== null && sameAddress(at, store.at)),
      ),
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
      const uses = nested(at.kernel.body, [])
      for (const { buffer } of uses.reads) reads.add(buffer)
      for (const { buffer } of uses.writes) writes.add(buffer)
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
  const inputs = buffers.flatMap((buffer, i) =>
    buffer.place.kind === 'input' ? [{ buffer, number: i, position: buffer.place.position }] : [],
  )
  const lastRead = (input: number): number => touched.findLastIndex(({ reads }) => reads.has(input))
  const isWritten = (input: number): boolean => touched.some(({ writes }) => writes.has(input))
  const fits = (a: Buffer, b: Buffer): boolean => a.dtype === b.dtype && a.length === b.length
  return outputs.map((output) => {
    const first = touched.findIndex(({ writes }) => writes.has(output))
    return inputs
      .filter(({ buffer, number }) => {
        if (first < 0 || !fits(buffer, buffers[output]!)) return false
        const last = lastRead(number)
        if (last !== first) return last < first && !isWritten(number)
        const step = steps[first]!
        return step.kind === 'kernel' && isElementwise(step.kernel, number, output)
      })
      .map(({ position }) => position)
  })
}
