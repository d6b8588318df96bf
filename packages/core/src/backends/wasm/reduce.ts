/**
 * Reductions. In sequence there is one accumulator. In lanes there are `laneCount`: in vector registers where vectors can
 * compute the values, else in scratch memory.
 */
import { bytesOf, type DType } from '../../dtype.ts'
import { identityOf, laneCount, type Statement } from '../../loop/loop.ts'
import {
  type Accumulator,
  advance,
  joinsOf,
  newAccumulator,
  settle,
  startAccumulator,
} from './accumulator.ts'
import type { Code } from './encode.ts'
import { inPasses } from './fission.ts'
import {
  after,
  constant,
  distance,
  extractLane,
  load,
  replaceLane,
  scalarMemory,
  set,
  shuffle32,
  store,
  times,
  valueType,
} from './instructions.ts'
import { i32 } from './opcodes.ts'
import { scalarCode, sharedIn } from './scalar.ts'
import { binaryRules } from './scalarTable.ts'
import { type BodyPlan, reducePlan } from './vectorize.ts'
import { lanesTable } from './vectorTable.ts'
import {
  bindLocal,
  indexCode,
  inVectors,
  type Loop,
  scratchPlace,
  unrolled,
  vectorLength,
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

const start = ({ op, dtype }: Reduce): Code => constant(dtype, identityOf(op, dtype))

const valueCode = (w: Writer, { value }: Reduce): Code => scalarCode(w, sharedIn([value]), value)

/** One element after the other. */
const sequence = (w: Writer, statement: Reduce, inner: Inner): Code => {
  const { dtype, index, extent, id } = statement
  const sum = w.f.local(valueType[dtype])
  const body = (): Code => [inner(), set(sum, combine(w, statement, sum, valueCode(w, statement)))]
  const loop = writeLoop(w, index, [{ count: extent, width: 1, body }])
  bindLocal(w, id, sum)
  return [set(sum, start(statement)), loop]
}

/** The same for each iteration of a vectorised loop around it. */
const sequences = (w: Writer, statement: Reduce, inner: Inner): Code => {
  const { index, extent, id } = statement
  const all = newAccumulator(w, statement)
  const body = (): Code => [inner(), advance(w, statement, all)]
  const loop = writeLoop(w, index, [{ count: extent, width: 1, body }])
  bindLocal(w, id, all.sums[0]!, all.sums[1])
  return [startAccumulator(w, statement, all), loop, settle(w, statement, all)]
}

/** Combines entries pairwise, halving their number until one is left: `pair(j, j + width)` puts the result into j. */
const fold = (entries: number, pair: (into: number, from: number) => Code): readonly Code[] => {
  const steps: Code[] = []
  for (let width = entries / 2; width >= 1; width /= 2) {
    for (let j = 0; j < width; j++) steps.push(pair(j, j + width))
  }
  return steps
}

/** Vectors of accumulators: iteration j of vector k goes to accumulator `k * vectorLength + j`. */
const inRegisters = (w: Writer, statement: Reduce, plan: BodyPlan, inner: Inner): Code => {
  const { index, extent, id } = statement
  const dtype = statement.dtype as Exclude<DType, 'bool'>
  const { extract, replace } = lanesTable[dtype]
  const all = times(laneCount / vectorLength, () => newAccumulator(w, statement))
  const sums = all.map((one) => one.sums)
  const whole = (k: number): Code => [inner(), advance(w, statement, all[k]!)]
  const settled = (): Code => all.map((one) => settle(w, statement, one))
  const rest = extent % laneCount
  const full = Math.floor(rest / vectorLength)
  const single = (j: number): Code => {
    const before = inner()
    const lanes = vectorLength / sums[0]!.length
    const [sum, lane] = [sums[full]![Math.floor(j / lanes)]!, j % lanes]
    const next = combine(w, statement, extractLane(extract, sum, lane), valueCode(w, statement))
    return [before, set(sum, replaceLane(replace, sum, lane, next))]
  }
  const vectors = (count: number) => (loop: Loop) =>
    inVectors(w, loop, plan.stored, () => unrolled(loop, count, vectorLength, whole))
  const chunks = inPasses(w, statement, plan, (value, shared, turn) =>
    advance(w, { ...statement, value }, all[turn]!, shared),
  )
  const singles = rest % vectorLength
  const loop = writeLoop(w, index, [
    chunks,
    {
      count: Math.floor((extent - chunks.count * chunks.width) / laneCount),
      width: laneCount,
      body: vectors(sums.length),
    },
    { count: full > 0 ? 1 : 0, width: full * vectorLength, body: vectors(full) },
    {
      count: singles > 0 ? 1 : 0,
      width: singles,
      body: (last) => [settled(), unrolled(last, singles, 1, single)],
    },
  ])
  return [
    all.map((one) => startAccumulator(w, statement, one)),
    loop,
    foldVectors(w, statement, all, singles > 0),
    set(bindLocal(w, id, w.f.local(valueType[dtype])), extractLane(extract, sums[0]![0]!, 0)),
  ]
}

/** Leaves the result in lane 0 of the first vector. */
const foldVectors = (
  w: Writer,
  statement: Reduce,
  all: readonly Accumulator[],
  isSettled: boolean,
): Code => {
  const parts = all.map((one) => joinsOf(w, statement, one, isSettled))
  const pair = (into: number, from: number): Code =>
    parts[into]!.map(({ vectors, join }, k) =>
      vectors.map((vector, half) => set(vector, join(vector, parts[from]![k]!.vectors[half]!))),
    )
  const lanes = parts[0]!.map(({ vectors: [low, high], join }) => {
    const onto = (from: Code): Code => set(low!, join(low!, from))
    const upper = shuffle32(low!, low!, [2, 3, 2, 3])
    return high === undefined
      ? [onto(upper), onto(shuffle32(low!, low!, [1, 1, 1, 1]))]
      : [onto(high), onto(upper)]
  })
  return [fold(all.length, pair), lanes, isSettled ? [] : settle(w, statement, all[0]!)]
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
  const current = w.f.local('address')
  const body = (): Code => {
    const before = inner()
    const element = [indexCode(w, { base: 0, terms: [{ index, stride: 1 }] }), laneCount - 1]
    const at = { address: current, offset }
    const next = combine(w, statement, load(memory.load, at), valueCode(w, statement))
    return [
      before,
      set(current, after(address, distance([element, i32.and], bytes))),
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
  if (w.vector !== null) return sequences(w, statement, inner)
  if (statement.order === 'sequence') return sequence(w, statement, inner)
  const plan = reducePlan(statement)
  return plan === null ? inMemory(w, statement, inner) : inRegisters(w, statement, plan, inner)
}
