/**
 * Long reductions that threads can share. A kernel that folds the results of blocks into one accumulator, in order, becomes a
 * loop that stores each block's result, which may run in any order, and a fold over what was stored. The order of
 * combination stays as it was, and so do the bits.
 */
import type { DType } from '../dtype.ts'
import { storesOf } from './access.ts'
import type { Address, BinaryOp, Kernel, Scalar, Statement } from './loop.ts'
import { workOf } from './work.ts'

type Loop = Extract<Statement, { readonly kind: 'for' }>
type Assignment = Extract<Statement, { readonly kind: 'set' }>

/** Results of blocks, which need memory of their own; kernels know the k-th as buffer -1 - k. */
export interface Partials {
  readonly dtype: DType
  readonly length: number
}

/** Work of a block below which storing its result costs more than a second thread saves. */
const smallestBlock = 1000
/** Work of all blocks below which threads do not pay. */
const smallest = 60_000

const localsIn = (roots: readonly Scalar[]): ReadonlySet<number> => {
  const seen = new Set<Scalar>()
  const found = new Set<number>()
  const todo = [...roots]
  for (let x = todo.pop(); x !== undefined; x = todo.pop()) {
    if (seen.has(x)) continue
    seen.add(x)
    if (x.op === 'local') found.add(x.id)
    if ('args' in x) todo.push(...x.args)
    else if ('at' in x && x.at.offset !== undefined) todo.push(x.at.offset)
  }
  return found
}

/** True for lets and reductions, nested or not, that use no locals but `known` ones, to which they add their own. */
const isClosed = (block: readonly Statement[], known: Set<number>): boolean =>
  block.every((statement) => {
    if (statement.kind !== 'let' && statement.kind !== 'reduce') return false
    const isInside = statement.kind === 'let' || isClosed(statement.body, known)
    const isKnown = [...localsIn([statement.value])].every((id) => known.has(id))
    known.add(statement.id)
    return isInside && isKnown
  })

interface Fold {
  /** Loops around the block, outermost first. */
  readonly loops: readonly Loop[]
  readonly block: readonly Statement[]
  readonly last: Assignment
  readonly op: BinaryOp
  readonly value: Scalar
}

/** The parts of a loop that folds values into the local `id`, or null. */
const foldOf = (id: number, statement: Statement | undefined): Fold | null => {
  const loops: Loop[] = []
  let at = statement
  while (at?.kind === 'for' && !at.parallel) {
    loops.push(at)
    at = at.body.length === 1 ? at.body[0] : undefined
  }
  const body = loops.at(-1)?.body ?? []
  const last = body.at(-1)
  const block = body.slice(0, -1)
  const known = new Set<number>()
  if (last?.kind !== 'set' || last.id !== id || !isClosed(block, known)) return null
  const { value } = last
  if (!('args' in value) || value.args.length !== 2) return null
  const [accumulator, operand] = value.args
  const isFold =
    accumulator.op === 'local' &&
    accumulator.id === id &&
    [...localsIn([operand])].every((local) => known.has(local))
  return isFold ? { loops, block, last, op: value.op as BinaryOp, value: operand } : null
}

const around = (
  loops: readonly Loop[],
  parallel: boolean,
  body: readonly Statement[],
): Statement => {
  const [{ index, extent }, ...inner] = loops as readonly [Loop, ...Loop[]]
  const inside = inner.length === 0 ? body : [around(inner, parallel, body)]
  return { kind: 'for', index, extent, parallel, body: inside }
}

/** Rewrites one fold; `buffer` is where partial results go. */
const split = (
  { loops, block, last, op, value }: Fold,
  buffer: number,
): readonly [parts: Statement, fold: Statement, length: number] => {
  let length = 1
  const terms = loops.toReversed().map(({ index, extent }) => {
    const stride = length
    length *= extent
    return { index, stride }
  })
  const at: Address = { base: 0, terms }
  const { dtype } = value
  const accumulator: Scalar = { op: 'local', dtype, id: last.id }
  const part: Scalar = { op: 'load', dtype, buffer, at }
  return [
    around(loops, true, [...block, { kind: 'store', buffer, at, value }]),
    around(loops, false, [{ ...last, value: { op, dtype, args: [accumulator, part] } }]),
    length,
  ]
}

/** The kernel with its long folds split, and the memory this takes. */
export const splitFolds = (
  kernel: Kernel,
): { readonly kernel: Kernel; readonly partials: readonly Partials[] } => {
  const partials: Partials[] = []
  const parts: Statement[] = []
  const body = kernel.body.map((statement, i): Statement => {
    const before = kernel.body[i - 1]
    const fold = before?.kind === 'var' ? foldOf(before.id, statement) : null
    const work = workOf([statement])
    const count = fold?.loops.reduce((total, { extent }) => total * extent, 1) ?? 0
    // the blocks now run first, so nothing they may read can be written before
    const isFirst = storesOf(kernel.body.slice(0, i)).length === 0
    if (fold === null || !isFirst || work < smallest || work / count < smallestBlock) {
      return statement
    }
    const [blocks, rest, length] = split(fold, -1 - partials.length)
    parts.push(blocks)
    partials.push({ dtype: fold.value.dtype, length })
    return rest
  })
  return { kernel: { ...kernel, body: [...parts, ...body] }, partials }
}
