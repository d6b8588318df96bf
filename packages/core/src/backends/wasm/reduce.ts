/** Reductions: one accumulator in order, or `laneCount` of them that fold pairwise. */
import { bytesOf, type DType } from '../../dtype.ts'
import { laneCount, type ReduceOp, type Statement } from '../../loop/loop.ts'
import type { Code, Local } from './encode.ts'
import {
  add,
  constant,
  get,
  int,
  load,
  scalarMemory,
  set,
  store,
  valueType,
} from './instructions.ts'
import { i32 } from './opcodes.ts'
import { scalarCode, sharedIn } from './scalar.ts'
import { binaryRules } from './scalarTable.ts'
import { bindLocal, indexCode, scratchPlace, type Writer, writeLoop } from './writer.ts'

export type Reduce = Extract<Statement, { readonly kind: 'reduce' }>

/** What a reduction starts from. */
export const identityOf = (op: ReduceOp, dtype: DType): number => {
  if (op === 'add') return 0
  if (op === 'mul') return 1
  const largest = dtype === 'int32' ? 2 ** 31 - 1 : Infinity
  return op === 'min' ? largest : -largest - (dtype === 'int32' ? 1 : 0)
}

/** Two elements combined. */
const combine = (w: Writer, { op, dtype }: Reduce, a: Code, b: Code): Code => {
  const rule = binaryRules[op][dtype]
  if (rule === undefined) throw new Error(`loop IR: ${op} is not defined for ${dtype}`)
  return rule(w.f, a, b)
}

/** One element after the other into a local; `inner` writes the statements of the body. */
export const sequence = (w: Writer, statement: Reduce, inner: () => Code): Code => {
  const { op, dtype, index, extent } = statement
  const sum = w.f.local(valueType[dtype])
  const body = (): Code => {
    const before = inner()
    const value = scalarCode(w, sharedIn([statement.value]), statement.value)
    return [before, set(sum, combine(w, statement, get(sum), value))]
  }
  const loop = writeLoop(w, index, [{ count: extent, width: 1, body }])
  bindLocal(w, statement.id, sum)
  return [set(sum, constant(dtype, identityOf(op, dtype))), loop]
}

/** The accumulators as an array in scratch memory: for bodies that cannot run in vector registers. */
export const lanesInMemory = (w: Writer, statement: Reduce, inner: () => Code): Code => {
  const { op, dtype, index, extent } = statement
  const bytes = bytesOf(dtype)
  const { address, offset } = scratchPlace(w, laneCount * bytes)
  const memory = scalarMemory[dtype]
  const lane = (j: number) => ({ address, offset: offset + j * bytes })
  const starts = Array.from({ length: laneCount }, (_, j) =>
    store(memory.store, lane(j), constant(dtype, identityOf(op, dtype))),
  )
  const current = w.f.local('i32')
  const body = (): Code => {
    const before = inner()
    const element = [indexCode(w, { base: 0, terms: [{ index, stride: 1 }] }), int(laneCount - 1)]
    const at = { address: get(current), offset }
    const value = scalarCode(w, sharedIn([statement.value]), statement.value)
    return [
      before,
      set(current, add(address, [element, i32.and, int(bytes), i32.mul])),
      store(memory.store, at, combine(w, statement, load(memory.load, at), value)),
    ]
  }
  const loop = writeLoop(w, index, [{ count: extent, width: 1, body }])
  const folds: Code[] = []
  for (let width = laneCount / 2; width >= 1; width /= 2) {
    for (let j = 0; j < width; j++) {
      const pair = combine(
        w,
        statement,
        load(memory.load, lane(j)),
        load(memory.load, lane(j + width)),
      )
      folds.push(store(memory.store, lane(j), pair))
    }
  }
  const result: Local = w.f.local(valueType[dtype])
  bindLocal(w, statement.id, result)
  return [starts, loop, folds, set(result, load(memory.load, lane(0)))]
}
