/** What a kernel costs at least: operations on floats, and bytes that it must read and write. */
import {
  type Address,
  type Buffer,
  bytesOf,
  type Scalar,
  type Statement,
} from '@rootstock/core/backend'

/** Costs of one run. */
export interface Cost {
  /** Float operations; a product and a sum in a contraction are two. */
  readonly flops: number
  /** Each element that is read counts once, and so does each that is written. */
  readonly bytes: number
}

interface Tally {
  flops: number
  /** Elements by buffer, as many as accesses name. */
  readonly reads: Map<number, number>
  readonly writes: Map<number, number>
}

interface Loop {
  readonly index: number
  readonly extent: number
}

/** Elements that an address names while loops run; with a data-dependent part each round may name another one. */
const elementsAt = ({ terms, offset }: Address, loops: readonly Loop[]): number =>
  loops.reduce((product, { index, extent }) => {
    const moves =
      offset !== undefined || terms.some((term) => term.index === index && term.stride !== 0)
    return moves ? product * extent : product
  }, 1)

const note = (counts: Map<number, number>, buffer: number, count: number): void => {
  counts.set(buffer, Math.max(counts.get(buffer) ?? 0, count))
}

const isFloat = ({ dtype }: Scalar): boolean => dtype === 'float32' || dtype === 'float64'

const rounds = (loops: readonly Loop[]): number =>
  loops.reduce((product, { extent }) => product * extent, 1)

const countScalars = (tally: Tally, roots: readonly Scalar[], loops: readonly Loop[]): void => {
  const seen = new Set<Scalar>()
  const todo = [...roots]
  for (let x = todo.pop(); x !== undefined; x = todo.pop()) {
    if (seen.has(x)) continue
    seen.add(x)
    if ('args' in x) {
      if (isFloat(x) && x.op !== 'select') tally.flops += rounds(loops)
      todo.push(...x.args)
    } else if (x.op === 'load' || x.op === 'index') {
      if (x.op === 'load') note(tally.reads, x.buffer, elementsAt(x.at, loops))
      if (x.at.offset !== undefined) todo.push(x.at.offset)
    }
  }
}

type Contraction = Extract<Statement, { readonly kind: 'contract' }>

const countContraction = (tally: Tally, x: Contraction, loops: readonly Loop[]): void => {
  const { a, b, c, rows, columns, depth } = x
  tally.flops += 2 * rows * columns * depth * rounds(loops)
  note(tally.reads, a.buffer, rows * depth * elementsAt(a.at, loops))
  note(tally.reads, b.buffer, depth * columns * elementsAt(b.at, loops))
  note(tally.writes, c.buffer, rows * columns * elementsAt(c.at, loops))
}

const count = (tally: Tally, body: readonly Statement[], loops: readonly Loop[]): void => {
  for (const statement of body) {
    switch (statement.kind) {
      case 'for':
        count(tally, statement.body, [...loops, statement])
        break
      case 'reduce': {
        const inside = [...loops, statement]
        count(tally, statement.body, inside)
        countScalars(tally, [statement.value], inside)
        tally.flops += rounds(inside)
        break
      }
      case 'while':
        // how often is not known: once
        countScalars(tally, [statement.condition], loops)
        count(tally, statement.body, loops)
        break
      case 'if':
        countScalars(tally, [statement.condition], loops)
        count(tally, [...statement.then, ...statement.otherwise], loops)
        break
      case 'contract':
        countContraction(tally, statement, loops)
        break
      case 'store':
        note(tally.writes, statement.buffer, elementsAt(statement.at, loops))
        countScalars(tally, [statement.value], loops)
        break
      default:
        countScalars(tally, [statement.value], loops)
    }
  }
}

/** The cost of statements. */
export const costOf = (body: readonly Statement[], buffers: readonly Buffer[]): Cost => {
  const tally: Tally = { flops: 0, reads: new Map(), writes: new Map() }
  count(tally, body, [])
  let bytes = 0
  for (const counts of [tally.reads, tally.writes]) {
    for (const [buffer, elements] of counts) {
      const { dtype, length } = buffers[buffer]!
      bytes += bytesOf(dtype) * Math.min(length, elements)
    }
  }
  return { flops: tally.flops, bytes }
}
