/**
 * Reductions. In sequence there is one accumulator. In lanes there are `laneCount`: in vector registers where vectors can
 * compute the values, else in scratch memory.
 */
import { bytesOf, type DType } from '../../dtype.ts'
import { identityOf, laneCount, type Statement } from '../../loop/loop.ts'
import type { Code, Local } from './encode.ts'
import {
  add,
  constant,
  extractLane,
  load,
  replaceLane,
  scalarMemory,
  set,
  shuffle32,
  store,
  valueType,
} from './instructions.ts'
import { i32 } from './opcodes.ts'
import { scalarCode, sharedIn } from './scalar.ts'
import { binaryRules } from './scalarTable.ts'
import { constantVector, vectorCode } from './vector.ts'
import { reducePlan, type VectorPlan } from './vectorize.ts'
import { lanesTable, vectorBinary } from './vectorTable.ts'
import {
  bindLocal,
  indexCode,
  inVectors,
  scratchPlace,
  unrolled,
  type Writer,
  writeLoop,
} from './writer.ts'

type Reduce = Extract<Statement, { readonly kind: 'reduce' }>

/** Writes the statements of the body. */
type Inner = () => Code

const missing = ({ op, dtype }: Reduce): never => {
  throw new Error(`loop IR: reduction ${op} is not defined for ${dtype}`)
}

const combine = (w: Writer, statement: Reduce, a: Code, b: Code): Code =>
  (binaryRules[statement.op][statement.dtype] ?? missing(statement))(w.f, a, b)

const combineVectors = (w: Writer, statement: Reduce, a: Code, b: Code): Code =>
  (vectorBinary[statement.op][statement.dtype] ?? missing(statement))(w, a, b)

const start = ({ op, dtype }: Reduce): Code => constant(dtype, identityOf(op, dtype))

const startVector = (w: Writer, { op, dtype }: Reduce): Code =>
  constantVector(w, dtype, identityOf(op, dtype))

const valueCode = (w: Writer, { value }: Reduce): Code => scalarCode(w, sharedIn([value]), value)
const valueVector = (w: Writer, { value }: Reduce): Code => vectorCode(w, sharedIn([value]), value)

/** One element after the other, for each lane of a vectorised loop around it where there is one. */
const sequence = (w: Writer, statement: Reduce, inner: Inner): Code => {
  const { dtype, index, extent } = statement
  const inLanes = w.vector !== null
  const sum = w.f.local(inLanes ? 'v128' : valueType[dtype])
  const body = (): Code => {
    const before = inner()
    const next = inLanes
      ? combineVectors(w, statement, sum, valueVector(w, statement))
      : combine(w, statement, sum, valueCode(w, statement))
    return [before, set(sum, next)]
  }
  const first = set(sum, inLanes ? startVector(w, statement) : start(statement))
  const loop = writeLoop(w, index, [{ count: extent, width: 1, body }])
  bindLocal(w, statement.id, sum)
  return [first, loop]
}

/** Combines entries pairwise, halving their number until one is left: `pair(j, j + width)` puts the result into j. */
const fold = (entries: number, pair: (into: number, from: number) => Code): readonly Code[] => {
  const steps: Code[] = []
  for (let width = entries / 2; width >= 1; width /= 2) {
    for (let j = 0; j < width; j++) steps.push(pair(j, j + width))
  }
  return steps
}

/** Vectors of accumulators: lane j of vector k is accumulator `k * lanes + j`. */
const inRegisters = (w: Writer, statement: Reduce, plan: VectorPlan, inner: Inner): Code => {
  const { index, extent, id } = statement
  const dtype = statement.dtype as Exclude<DType, 'bool'>
  const { lanes } = plan
  const { extract, replace } = lanesTable[dtype]
  const sums = Array.from({ length: laneCount / lanes }, () => w.f.local('v128'))
  const whole = (k: number): Code => {
    const before = inner()
    const next = combineVectors(w, statement, sums[k]!, valueVector(w, statement))
    return [before, set(sums[k]!, next)]
  }
  const rest = extent % laneCount
  const full = Math.floor(rest / lanes)
  const single = (j: number): Code => {
    const before = inner()
    const sum = sums[full]!
    const next = combine(w, statement, extractLane(extract, sum, j), valueCode(w, statement))
    return [before, set(sum, replaceLane(replace, sum, j, next))]
  }
  const vectors = (count: number) => (loop: Parameters<typeof unrolled>[0]) =>
    inVectors(w, loop, plan, () => unrolled(loop, count, lanes, whole))
  const loop = writeLoop(w, index, [
    { count: Math.floor(extent / laneCount), width: laneCount, body: vectors(sums.length) },
    { count: full > 0 ? 1 : 0, width: full * lanes, body: vectors(full) },
    {
      count: rest % lanes > 0 ? 1 : 0,
      width: rest % lanes,
      body: (last) => unrolled(last, rest % lanes, 1, single),
    },
  ])
  return [
    sums.map((sum) => set(sum, startVector(w, statement))),
    loop,
    foldVectors(w, statement, plan, sums),
    set(bindLocal(w, id, w.f.local(valueType[dtype])), extractLane(extract, sums[0]!, 0)),
  ]
}

/** Leaves the result in lane 0 of the first vector. */
const foldVectors = (
  w: Writer,
  statement: Reduce,
  { lanes }: VectorPlan,
  sums: readonly Local[],
): Code => {
  const pair = (into: number, from: number): Code =>
    set(sums[into]!, combineVectors(w, statement, sums[into]!, sums[from]!))
  const within = (order: readonly number[]): Code => {
    const moved = shuffle32(sums[0]!, sums[0]!, order)
    return set(sums[0]!, combineVectors(w, statement, sums[0]!, moved))
  }
  const isWide = statement.dtype === 'float64'
  return [
    fold(sums.length, pair),
    lanes === 4 || isWide ? within([2, 3, 2, 3]) : [],
    isWide ? [] : within([1, 1, 1, 1]),
  ]
}

/** Accumulators as an array in scratch memory, for bodies that vectors cannot compute. */
const inMemory = (w: Writer, statement: Reduce, inner: Inner): Code => {
  const { dtype, index, extent, id } = statement
  const bytes = bytesOf(dtype)
  const { address, offset } = scratchPlace(w, laneCount * bytes)
  const memory = scalarMemory[dtype]
  const lane = (j: number) => ({ address, offset: offset + j * bytes })
  const starts = Array.from({ length: laneCount }, (_, j) =>
    store(memory.store, lane(j), start(statement)),
  )
  const current = w.f.local('i32')
  const body = (): Code => {
    const before = inner()
    const element = [indexCode(w, { base: 0, terms: [{ index, stride: 1 }] }), laneCount - 1]
    const at = { address: current, offset }
    const next = combine(w, statement, load(memory.load, at), valueCode(w, statement))
    return [
      before,
      set(current, add(address, [element, i32.and, bytes, i32.mul])),
      store(memory.store, at, next),
    ]
  }
  const loop = writeLoop(w, index, [{ count: extent, width: 1, body }])
  const folds = fold(laneCount, (into, from) => {
    const pair = [load(memory.load, lane(into)), load(memory.load, lane(from))] as const
    return store(memory.store, lane(into), combine(w, statement, ...pair))
  })
  const result = bindLocal(w, id, w.f.local(valueType[dtype]))
  return [starts, loop, folds, set(result, load(memory.load, lane(0)))]
}

/** A reduction into a local; `inner` writes the statements of its body. */
export const reduceCode = (w: Writer, statement: Reduce, inner: Inner): Code => {
  if (statement.order === 'sequence') return sequence(w, statement, inner)
  const plan = reducePlan(statement)
  return plan === null ? inMemory(w, statement, inner) : inRegisters(w, statement, plan, inner)
}
