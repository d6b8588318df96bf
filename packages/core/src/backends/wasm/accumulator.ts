/**
 * What a reduction in vector registers keeps. The general `max` of floats takes eight instructions, most of them for NaN and
 * signed zeros. Three more running values make it four: the largest so far by one comparison, which passes over NaN; where
 * there was NaN; and the signs of all values, since the largest is negative, or -0, exactly if all are.
 */
import { isFloat } from '../../dtype.ts'
import { identityOf, type Statement } from '../../loop/loop.ts'
import type { Code } from './encode.ts'
import { set, tee, zeros } from './instructions.ts'
import { f32x4, f64x2, v128 } from './opcodes.ts'
import { sharedIn } from './scalar.ts'
import { constantVector, newVector, setVector, type VectorLocal } from './vector.ts'
import { type Half, vectorBinary } from './vectorTable.ts'
import { vectorConstant, type Writer } from './writer.ts'

type Reduce = Extract<Statement, { readonly kind: 'reduce' }>

/** Accumulators in lanes, by halves; the largest or smallest of floats needs marks. */
export interface Accumulator {
  readonly sums: VectorLocal
  readonly marks: { readonly signs: VectorLocal; readonly isNaN: VectorLocal } | null
}

export const newAccumulator = (w: Writer, { op, dtype }: Reduce): Accumulator => ({
  sums: newVector(w, dtype),
  marks:
    isFloat(dtype) && (op === 'max' || op === 'min')
      ? { signs: newVector(w, dtype), isNaN: newVector(w, dtype) }
      : null,
})

const negative = (w: Writer, dtype: 'float32' | 'float64'): Code => constantVector(w, dtype, -0)

/** Code that sets an accumulator to the identity. */
export const startAccumulator = (
  w: Writer,
  { op, dtype }: Reduce,
  { sums, marks }: Accumulator,
): Code => {
  const identity = constantVector(w, dtype, identityOf(op, dtype))
  const starts = sums.map((sum) => set(sum, identity))
  if (marks === null) return starts
  const noSign = op === 'max' ? vectorConstant(w, Int32Array.of(-1, -1, -1, -1)) : zeros
  return [
    starts,
    marks.signs.map((signs) => set(signs, noSign)),
    marks.isNaN.map((isNaN) => set(isNaN, zeros)),
  ]
}

/** Code for two accumulators, or one and a value, combined with all the care that the loop IR asks for. */
const combineVectors = (w: Writer, { op, dtype }: Reduce, a: Code, b: Code): Code => {
  const rule = vectorBinary[op][dtype]
  if (rule === undefined) throw new Error(`loop IR: reduction ${op} is not defined for ${dtype}`)
  return rule(w, a, b)
}

/** How the larger (or smaller) is chosen where nothing is NaN, and how signs meet. */
const choicesOf = ({ op, dtype }: Reduce): readonly [choose: Code, meet: Code] => {
  const { pmax, pmin } = dtype === 'float32' ? f32x4 : f64x2
  return op === 'max' ? [pmax, v128.and] : [pmin, v128.or]
}

/** Code that combines the next value of every lane with an accumulator. */
export const advance = (
  w: Writer,
  statement: Reduce,
  { sums, marks }: Accumulator,
  shared = sharedIn([statement.value]),
): Code => {
  const { dtype, value } = statement
  const update = (next: (given: Code, half: Half) => Code): Code =>
    setVector(w, sums, value, next, shared)
  if (marks === null) {
    return update((next, half) => combineVectors(w, statement, sums[half]!, next))
  }
  const { ne } = dtype === 'float32' ? f32x4 : f64x2
  const [choose, meet] = choicesOf(statement)
  return update((next, half) => {
    const kept = w.f.local('v128')
    const [signs, isNaN] = [marks.signs[half]!, marks.isNaN[half]!]
    return [
      [sums[half]!, tee(kept, next), choose],
      set(signs, [signs, kept, meet]),
      set(isNaN, [isNaN, [kept, kept, ne], v128.or]),
    ]
  })
}

/** How two of an accumulator's vectors become one, for each of them; once it is settled there are the results alone. */
export const joinsOf = (
  w: Writer,
  statement: Reduce,
  { sums, marks }: Accumulator,
  isSettled: boolean,
): readonly { readonly vectors: VectorLocal; readonly join: (a: Code, b: Code) => Code }[] => {
  if (marks === null || isSettled) {
    return [{ vectors: sums, join: (a, b) => combineVectors(w, statement, a, b) }]
  }
  const [choose, meet] = choicesOf(statement)
  const by =
    (instruction: Code) =>
    (a: Code, b: Code): Code => [a, b, instruction]
  return [
    { vectors: sums, join: by(choose) },
    { vectors: marks.signs, join: by(meet) },
    { vectors: marks.isNaN, join: by(v128.or) },
  ]
}

/** Code after which `sums` are the results in every lane; no value may follow. */
export const settle = (w: Writer, { dtype }: Reduce, { sums, marks }: Accumulator): Code => {
  if (marks === null || !isFloat(dtype)) return []
  return sums.map((sum, half) => {
    const signed = [marks.signs[half]!, sum, negative(w, dtype), v128.bitselect]
    return set(sum, [signed, marks.isNaN[half]!, v128.or])
  })
}
