/**
 * The scalar operations of the loop IR on vectors of four iterations. A float64 value takes two vectors, its halves;
 * everything else takes one. A bool is a mask: all ones or zeros in each 32-bit lane.
 */
import type { DType } from '../../dtype.ts'
import type { BinaryOp, UnaryOp } from '../../loop/loop.ts'
import type { Code } from './encode.ts'
import {
  extractLane,
  type LaneArray,
  replaceLane,
  set,
  shuffle32,
  times,
  zeros,
} from './instructions.ts'
import { f32x4, f64x2, i32x4, i64x2, v128 } from './opcodes.ts'
import { binaryRules, exponentBias } from './scalarTable.ts'
import { vectorConstant, vectorLength, type Writer } from './writer.ts'

/** Iterations 0 and 1 of a float64 value, or 2 and 3. */
export type Half = 0 | 1

/** Code that leaves a vector on the stack; every argument appears in it once. */
export type VectorRule = (w: Writer, a: Code, b: Code) => Code

type VectorRules = { readonly [D in DType]?: VectorRule }

const plain =
  (instruction: Code): VectorRule =>
  (_, a, b) => [a, b, instruction]

const words = (w: Writer, value: number): Code =>
  vectorConstant(w, Int32Array.of(value, value, value, value))
const longs = (w: Writer, low: number, high: number): Code =>
  vectorConstant(w, Int32Array.of(low, high, low, high))

/** Moves a whole number, biased as exponents are, into the last bits of a float. */
const exponentLast = (w: Writer, k: Code, dtype: 'float32' | 'float64'): Code => {
  const bias = vectorConstant(w, lanesTable[dtype].repeat(exponentBias[dtype]))
  return [k, bias, dtype === 'float32' ? f32x4.add : f64x2.add]
}

/** Operations with one argument, by its dtype; those of float64 on one half. `exponent` of float64 is left in 64 bits. */
export const vectorUnary: { readonly [Op in Exclude<UnaryOp, 'convert'>]: VectorRules } = {
  neg: { int32: plain(i32x4.neg), float32: plain(f32x4.neg), float64: plain(f64x2.neg) },
  abs: { int32: plain(i32x4.abs), float32: plain(f32x4.abs), float64: plain(f64x2.abs) },
  floor: { float32: plain(f32x4.floor), float64: plain(f64x2.floor) },
  ceil: { float32: plain(f32x4.ceil), float64: plain(f64x2.ceil) },
  nearest: { float32: plain(f32x4.nearest), float64: plain(f64x2.nearest) },
  trunc: { float32: plain(f32x4.trunc), float64: plain(f64x2.trunc) },
  sqrt: { float32: plain(f32x4.sqrt), float64: plain(f64x2.sqrt) },
  not: { bool: plain(v128.not) },
  significand: {
    float32: (w, x) => [x, words(w, 0x7fffff), v128.and, words(w, 0x3f800000), v128.or],
    float64: (w, x) => [x, longs(w, -1, 0xfffff), v128.and, longs(w, 0, 0x3ff00000), v128.or],
  },
  exponent: {
    float32: (w, x) => [x, 23, i32x4.shrS, words(w, 127), i32x4.sub],
    float64: (w, x) => [x, 52, i64x2.shrS, longs(w, 1023, 0), i64x2.sub],
  },
  pow2: {
    float32: (w, k) => [exponentLast(w, k, 'float32'), 23, i32x4.shl],
    float64: (w, k) => [exponentLast(w, k, 'float64'), 52, i64x2.shl],
  },
}

/** One int32 lane after the other, where there is no vector instruction. */
const byLanes =
  (op: 'div' | 'rem' | 'shl' | 'shr'): VectorRule =>
  (w, a, b) => {
    const [x, y, result] = [w.f.local('v128'), w.f.local('v128'), w.f.local('v128')]
    const rule = binaryRules[op].int32!
    const element = (lane: number): Code =>
      rule(w.f, extractLane(i32x4.extractLane, x, lane), extractLane(i32x4.extractLane, y, lane))
    const steps = times(vectorLength, (lane) =>
      set(result, replaceLane(i32x4.replaceLane, result, lane, element(lane))),
    )
    return [set(x, a), set(y, b), steps, result]
  }

const ofBits = (instruction: Code): VectorRules => ({
  bool: plain(instruction),
  int32: plain(instruction),
})

/** Operations with two arguments, by their dtype; those of float64 on one half. */
export const vectorBinary: { readonly [Op in BinaryOp]: VectorRules } = {
  add: { int32: plain(i32x4.add), float32: plain(f32x4.add), float64: plain(f64x2.add) },
  sub: { int32: plain(i32x4.sub), float32: plain(f32x4.sub), float64: plain(f64x2.sub) },
  mul: { int32: plain(i32x4.mul), float32: plain(f32x4.mul), float64: plain(f64x2.mul) },
  div: { int32: byLanes('div'), float32: plain(f32x4.div), float64: plain(f64x2.div) },
  rem: { int32: byLanes('rem') },
  min: { int32: plain(i32x4.minS), float32: plain(f32x4.min), float64: plain(f64x2.min) },
  max: { int32: plain(i32x4.maxS), float32: plain(f32x4.max), float64: plain(f64x2.max) },
  and: ofBits(v128.and),
  or: ofBits(v128.or),
  xor: ofBits(v128.xor),
  shl: { int32: byLanes('shl') },
  shr: { int32: byLanes('shr') },
  eq: {
    bool: (_, a, b) => [a, b, v128.xor, v128.not],
    int32: plain(i32x4.eq),
    float32: plain(f32x4.eq),
    float64: plain(f64x2.eq),
  },
  lt: {
    bool: (_, a, b) => [a, v128.not, b, v128.and],
    int32: plain(i32x4.ltS),
    float32: plain(f32x4.lt),
    float64: plain(f64x2.lt),
  },
  le: {
    bool: (_, a, b) => [a, v128.not, b, v128.or],
    int32: plain(i32x4.leS),
    float32: plain(f32x4.le),
    float64: plain(f64x2.le),
  },
}

/** Shifts by one count for all lanes. */
export const vectorShifts = { shl: i32x4.shl, shr: i32x4.shrU } as const

/** One in every lane, as bits to be masked. */
const one = (w: Writer, dtype: Exclude<DType, 'bool'>): Code =>
  vectorConstant(w, lanesTable[dtype].repeat(1))

/** Conversions among the dtypes that take one vector, by source and then by result. */
export const vectorConversions: {
  readonly [From in Exclude<DType, 'float64'>]: {
    readonly [To in Exclude<DType, 'float64'>]: VectorRule
  }
} = {
  bool: {
    bool: (_, x) => x,
    int32: (_, x) => [x, i32x4.neg],
    float32: (w, x) => [x, one(w, 'float32'), v128.and],
  },
  int32: {
    bool: (_, x) => [x, zeros, i32x4.ne],
    int32: (_, x) => x,
    float32: plain(f32x4.convertI32x4S),
  },
  float32: {
    bool: (_, x) => [x, zeros, f32x4.ne],
    int32: plain(i32x4.truncSatF32x4S),
    float32: (_, x) => x,
  },
}

const extended = (half: Half): Code => (half === 0 ? i64x2.extendLowI32x4S : i64x2.extendHighI32x4S)

/** A mask for 64-bit lanes. */
export const maskOfHalf = (half: Half, mask: Code): Code => [mask, extended(half)]

/** The lanes of a half, lowest first. */
const lanesOfHalf = (half: Half, x: Code): Code =>
  half === 0 ? x : shuffle32(x, zeros, [2, 3, 4, 4])

/** A half of a float64 value from what takes one vector, by its dtype. */
export const toHalf: {
  readonly [_ in Exclude<DType, 'float64'>]: (w: Writer, half: Half, x: Code) => Code
} = {
  bool: (w, half, x) => [maskOfHalf(half, x), one(w, 'float64'), v128.and],
  int32: (_, half, x) => [lanesOfHalf(half, x), f64x2.convertLowI32x4S],
  float32: (_, half, x) => [lanesOfHalf(half, x), f64x2.promoteLowF32x4],
}

/** One vector from two whose 64-bit lanes hold 32-bit results. */
export const joined = (low: Code, high: Code): Code => shuffle32(low, high, [0, 2, 4, 6])

/** What takes one vector from the halves of a float64 value, by the result's dtype. */
export const fromHalves: {
  readonly [_ in Exclude<DType, 'float64'>]: (low: Code, high: Code) => Code
} = {
  bool: (low, high) => joined([low, zeros, f64x2.ne], [high, zeros, f64x2.ne]),
  int32: (low, high) =>
    shuffle32([low, i32x4.truncSatF64x2SZero], [high, i32x4.truncSatF64x2SZero], [0, 1, 4, 5]),
  float32: (low, high) =>
    shuffle32([low, f32x4.demoteF64x2Zero], [high, f32x4.demoteF64x2Zero], [0, 1, 4, 5]),
}

/** How one element of a dtype gets into and out of vectors. */
export const lanesTable: {
  readonly [D in Exclude<DType, 'bool'>]: {
    readonly splat: Code
    readonly extract: Code
    readonly replace: Code
    readonly repeat: (value: number) => LaneArray
  }
} = {
  int32: {
    splat: i32x4.splat,
    extract: i32x4.extractLane,
    replace: i32x4.replaceLane,
    repeat: (x) => Int32Array.of(x, x, x, x),
  },
  float32: {
    splat: f32x4.splat,
    extract: f32x4.extractLane,
    replace: f32x4.replaceLane,
    repeat: (x) => Float32Array.of(x, x, x, x),
  },
  float64: {
    splat: f64x2.splat,
    extract: f64x2.extractLane,
    replace: f64x2.replaceLane,
    repeat: (x) => Float64Array.of(x, x),
  },
}

/**
 * `min` and `max` against a constant without the care for NaN and signed zeros that makes the general ones slow: `pmin(x,
 * c)` is c < x ? c : x and `pmax(x, c)` is x < c ? c : x, so a NaN in x stays. Null where the sign of zero needs that care.
 */
export const againstConstant = (
  op: 'min' | 'max',
  dtype: 'float32' | 'float64',
  value: number,
): Code | null => {
  const { pmin, pmax, add } = dtype === 'float32' ? f32x4 : f64x2
  if (Number.isNaN(value) || (op === 'min' && Object.is(value, -0))) return null
  // max(-0, 0) is 0, which adding 0 makes of -0
  const settled = op === 'max' && Object.is(value, 0) ? [zeros, add] : []
  return [op === 'min' ? pmin : pmax, settled]
}
