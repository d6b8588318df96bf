/**
 * The meaning of every scalar operation of the loop IR, one small function each. Values are JavaScript numbers whatever
 * the dtype (bool is 0 or 1); a float32 operation computes in float64 and rounds once, which for these operations is the
 * same as computing in float32.
 */
import type { DType } from '../../dtype.ts'
import type { BinaryOp, UnaryOp } from '../../loop/loop.ts'

/** An operation on one number. */
export type Unary = (x: number) => number
/** An operation on two numbers. */
export type Binary = (a: number, b: number) => number

const words = new DataView(new ArrayBuffer(8))

const bits32 = (x: number): number => {
  words.setFloat32(0, x)
  return words.getInt32(0)
}

const high64 = (x: number): number => {
  words.setFloat64(0, x)
  return words.getInt32(0)
}

/** Nearest integer, half to even; the sign of zero is kept. */
const nearest: Unary = (x) => {
  const magnitude = Math.abs(x)
  if (!(magnitude < 2 ** 52)) return x
  const rounded = magnitude + 2 ** 52 - 2 ** 52
  return x < 0 || Object.is(x, -0) ? -rounded : rounded
}

const significand32: Unary = (x) => {
  words.setInt32(0, (bits32(x) & 0x7fffff) | 0x3f800000)
  return words.getFloat32(0)
}

const significand64: Unary = (x) => {
  words.setInt32(0, (high64(x) & 0xfffff) | 0x3ff00000)
  return words.getFloat64(0)
}

const exponent32: Unary = (x) => (bits32(x) >> 23) - 127
const exponent64: Unary = (x) => (high64(x) >> 20) - 1023

/** 2^k built from its bits, because `2 ** k` need not be exact; 0 where those of the exponent are 0. */
const pow2of32: Unary = (k) => {
  words.setInt32(0, (k + 127) << 23)
  return words.getFloat32(0)
}
const pow2of64: Unary = (k) => {
  words.setInt32(0, (k + 1023) << 20)
  words.setInt32(4, 0)
  return words.getFloat64(0)
}

const toInt32: Unary = (x) =>
  Number.isNaN(x) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x))) + 0

const conversions: Record<DType, Unary> = {
  bool: (x) => (x !== 0 ? 1 : 0),
  int32: toInt32,
  float32: Math.fround,
  float64: (x) => x,
}

/** Operations that mean the same for both float dtypes and need no rounding. */
const floatUnary: Partial<Record<UnaryOp, Unary>> = {
  neg: (x) => -x,
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  nearest,
  trunc: Math.trunc,
}

const unaryTable: Record<DType, Partial<Record<UnaryOp, Unary>>> = {
  bool: { not: (x) => x ^ 1 },
  int32: {
    neg: (x) => -x | 0,
    abs: (x) => Math.abs(x) | 0,
  },
  float32: {
    ...floatUnary,
    sqrt: (x) => Math.fround(Math.sqrt(x)),
    significand: significand32,
    exponent: exponent32,
    pow2: pow2of32,
  },
  float64: {
    ...floatUnary,
    sqrt: Math.sqrt,
    significand: significand64,
    exponent: exponent64,
    pow2: pow2of64,
  },
}

const truth = (condition: boolean): number => (condition ? 1 : 0)

const comparisons: Partial<Record<BinaryOp, Binary>> = {
  eq: (a, b) => truth(a === b),
  lt: (a, b) => truth(a < b),
  le: (a, b) => truth(a <= b),
}

const bitwise: Partial<Record<BinaryOp, Binary>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
}

const binaryTable: Record<DType, Partial<Record<BinaryOp, Binary>>> = {
  bool: { ...comparisons, ...bitwise },
  int32: {
    ...comparisons,
    ...bitwise,
    add: (a, b) => (a + b) | 0,
    sub: (a, b) => (a - b) | 0,
    mul: Math.imul,
    div: (a, b) => (b === 0 ? 0 : (a / b) | 0),
    rem: (a, b) => (b === 0 ? 0 : (a % b) | 0),
    min: Math.min,
    max: Math.max,
    shl: (a, b) => a << b,
    shr: (a, b) => (a >>> b) | 0,
  },
  float32: {
    ...comparisons,
    add: (a, b) => Math.fround(a + b),
    sub: (a, b) => Math.fround(a - b),
    mul: (a, b) => Math.fround(a * b),
    div: (a, b) => Math.fround(a / b),
    min: Math.min,
    max: Math.max,
  },
  float64: {
    ...comparisons,
    add: (a, b) => a + b,
    sub: (a, b) => a - b,
    mul: (a, b) => a * b,
    div: (a, b) => a / b,
    min: Math.min,
    max: Math.max,
  },
}

const missing = (op: string, dtype: DType): never => {
  throw new Error(`loop IR: ${op} is not defined for ${dtype}`)
}

/** The function of `op` for an argument of dtype `from` and a result of dtype `to`. */
export const unaryOf = (op: UnaryOp, from: DType, to: DType): Unary =>
  op === 'convert' ? conversions[to] : (unaryTable[from][op] ?? missing(op, from))

/** The function of `op` for two arguments of a dtype. */
export const binaryOf = (op: BinaryOp, dtype: DType): Binary =>
  binaryTable[dtype][op] ?? missing(op, dtype)
