/** Statements of the loop IR as code: for one iteration, or for several at once inside a vectorised loop. */
import type { Scalar, Statement } from '../../loop/loop.ts'
import { contractCode, contractLoops, isSmall } from './contract.ts'
import type { Code } from './encode.ts'
import { inPasses } from './fission.ts'
import { scalarMemory, set, store, valueType, when, whileTrue } from './instructions.ts'
import { reduceCode } from './reduce.ts'
import { scalarCode, scalarPlace, sharedIn } from './scalar.ts'
import { newVector, setVector, storeVector, varies } from './vector.ts'
import { crossedLoop, stripRows, vectorPlan } from './vectorize.ts'
import {
  bindLocal,
  inVectors,
  type Segment,
  unrolled,
  vectorLength,
  type Writer,
  writeLoop,
} from './writer.ts'

type Of<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>

/** Statements in order. */
const block = (w: Writer, statements: readonly Statement[]): Code =>
  statements.map((statement) => statementCode(w, statement))

const declare = (w: Writer, { kind, id, value }: Of<'let' | 'var'>): Code => {
  if (w.vector !== null && (kind === 'var' || varies(w, sharedIn([value]), value))) {
    const target = newVector(w, value.dtype)
    const code = setVector(w, target, value)
    bindLocal(w, id, target[0]!, target[1])
    return code
  }
  const code = scalarCode(w, sharedIn([value]), value)
  return set(bindLocal(w, id, w.f.local(valueType[value.dtype])), code)
}

const assign = (w: Writer, { id, value }: Of<'set'>): Code => {
  const { local, high, varies: inLanes } = w.bindings.get(id)!
  if (!inLanes) return set(local, scalarCode(w, sharedIn([value]), value))
  return setVector(w, high === null ? [local] : [local, high], value)
}

const storeCode = (w: Writer, statement: Of<'store'>): Code => {
  if (w.vector !== null) return storeVector(w, statement)
  const { buffer, at, value } = statement
  const shared = sharedIn([at.offset, value])
  const place = scalarPlace(w, shared, { dtype: value.dtype, buffer, at })
  return store(scalarMemory[value.dtype].store, place, scalarCode(w, shared, value))
}

/**
 * A loop whose iterations `inner` writes: in vectors where that is possible and pays, in passes where it only writes what the
 * loop's body says (`writesBody`).
 */
const loopCode = (
  w: Writer,
  statement: Of<'for'>,
  inner: () => Code,
  writesBody: boolean,
): Code => {
  const { index, extent } = statement
  const plan = w.vector === null ? vectorPlan(statement) : null
  const stretch = w.stretch?.of === statement ? w.stretch : null
  if (plan === null) {
    return writeLoop(w, index, [{ count: extent, width: 1, body: inner }], stretch)
  }
  const { unroll, isLong, stored } = plan
  const chunks = inPasses(w, statement, { isLong: isLong && writesBody, stored })
  const width = vectorLength * unroll
  const left = extent - chunks.count * chunks.width
  const rest = left % width
  const segments: Segment[] = [
    chunks,
    {
      count: Math.floor(left / width),
      width,
      body: (loop) => inVectors(w, loop, stored, () => unrolled(loop, unroll, vectorLength, inner)),
    },
    {
      count: Math.floor(rest / vectorLength),
      width: vectorLength,
      body: (loop) => inVectors(w, loop, stored, inner),
    },
    { count: rest % vectorLength, width: 1, body: inner },
  ]
  return writeLoop(w, index, segments, stretch)
}

/**
 * Two loops that cross, such as those of a transposition: strips of the outer one go through all of the inner one, so that
 * the neighbours it reads are used while they are in the cache. Both loops over strips have the same index, whose value is
 * the sum of theirs.
 */
const stripsCode = (w: Writer, outer: Of<'for'>, inner: Of<'for'>): Code => {
  const { index, extent } = outer
  const strip = (rows: number) => (): Code =>
    loopCode(
      w,
      inner,
      () => writeLoop(w, index, [{ count: rows, width: 1, body: () => block(w, inner.body) }]),
      false,
    )
  const rest = extent % stripRows
  const segments: Segment[] = [
    { count: Math.floor(extent / stripRows), width: stripRows, body: strip(stripRows) },
    { count: rest > 0 ? 1 : 0, width: rest, body: strip(rest) },
  ]
  return writeLoop(w, index, segments, w.stretch?.of === outer ? w.stretch : null)
}

const forCode = (w: Writer, statement: Of<'for'>): Code => {
  const inner = w.vector === null ? crossedLoop(statement) : null
  return inner === null
    ? loopCode(w, statement, () => block(w, statement.body), true)
    : stripsCode(w, statement, inner)
}

const condition = (w: Writer, value: Scalar): Code => scalarCode(w, sharedIn([value]), value)

const statementCode = (w: Writer, statement: Statement): Code => {
  switch (statement.kind) {
    case 'let':
    case 'var':
      return declare(w, statement)
    case 'set':
      return assign(w, statement)
    case 'store':
      return storeCode(w, statement)
    case 'for':
      return forCode(w, statement)
    case 'reduce':
      return reduceCode(w, statement, () => block(w, statement.body))
    case 'while':
      return whileTrue(condition(w, statement.condition), block(w, statement.body))
    case 'if':
      return when(
        condition(w, statement.condition),
        block(w, statement.then),
        block(w, statement.otherwise),
      )
    case 'contract':
      return isSmall(statement)
        ? statementCode(w, contractLoops(w, statement))
        : contractCode(w, statement)
  }
}

/** The code of a function; where `of` is given, that is for a stretch of its iterations, one of as many as `threads`. */
export const functionCode = (
  w: Writer,
  body: readonly Statement[],
  of: Statement | null,
  threads: number,
): Code => {
  if (of !== null) {
    const [first, end] = [w.f.param('i32'), w.f.param('i32')]
    w.stretch = { of, threads, first, end, divided: 0, width: 1 }
  }
  return block(w, body)
}
