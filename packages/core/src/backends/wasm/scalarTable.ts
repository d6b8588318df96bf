/** The scalar operations of the loop IR as WebAssembly, one element at a time. Total: a new operation is a type error here. */
import type { DType } from '../../dtype.ts'
import type { BinaryOp, UnaryOp } from '../../loop/loop.ts'
import type { Code, ValueType } from './encode.ts'
import { add, choose, constant, type FunctionBuilder, long, mul, sub, tee } from './instructions.ts'
import { f32, f64, i32, i64 } from './opcodes.ts'

/** Code that leaves the result of an operation on the stack; every argument appears in it once. */
export type Rule = (f: FunctionBuilder, a: Code, b: Code) => Code

/** Rules by the dtype of the arguments. */
export type Rules = { readonly [D in DType]?: Rule }

/** The arguments, then one instruction. */
const plain =
  (instruction: Code): Rule =>
  (_, a, b) => [a, b, instruction]

const identity: Rule = (_, x) => x

/** The first use of a value that code needs several times, and any later one. */
const twice = (
  f: FunctionBuilder,
  type: ValueType,
  value: Code,
): readonly [first: Code, later: Code] => {
  const local = f.local(type)
  return [tee(local, value), local]
}

const absolute: Rule = (f, a) => {
  const [x, later] = twice(f, 'i32', a)
  return choose([later, 0, i32.ltS], sub(0, x), later)
}

/** `divS` traps for divisors 0 and, on overflow, -1; for both the quotient is the product. */
const divide: Rule = (f, a, b) => {
  const [x, sameX] = twice(f, 'i32', a)
  const [y, sameY] = twice(f, 'i32', b)
  const special = [add(sameY, 1), 2, i32.ltU]
  return choose(special, mul(x, y), [sameX, choose(special, 1, sameY), i32.divS])
}

/** The remainder by 1 is 0, as that by 0 shall be: the divisor becomes `b + (b == 0)`. */
const remainder: Rule = (f, a, b) => {
  const [y, sameY] = twice(f, 'i32', b)
  return [a, add(y, [sameY, i32.eqz]), i32.remS]
}

const pick =
  (isFirst: Code): Rule =>
  (f, a, b) => {
    const [x, sameX] = twice(f, 'i32', a)
    const [y, sameY] = twice(f, 'i32', b)
    return choose([sameX, sameY, isFirst], x, y)
  }

const significand32: Rule = (_, x) => [
  [x, i32.reinterpretF32],
  [0x7fffff, i32.and, 0x3f800000, i32.or],
  f32.reinterpretI32,
]

const significand64: Rule = (_, x) => [
  [x, i64.reinterpretF64],
  [long(12), i64.shl, long(12), i64.shrU],
  [long(0x3ff), long(52), i64.shl, i64.or],
  f64.reinterpretI64,
]

const exponent32: Rule = (_, x) => sub([x, i32.reinterpretF32, 23, i32.shrS], 127)
const exponent64: Rule = (_, x) =>
  sub([x, i64.reinterpretF64, long(52), i64.shrS, i32.wrapI64], 1023)

/** What, added to a whole number, leaves it in the last bits of the sum, biased as exponents are. */
export const exponentBias = { float32: 1.5 * 2 ** 23 + 127, float64: 1.5 * 2 ** 52 + 1023 } as const

const power32: Rule = (_, k) => [
  [k, constant('float32', exponentBias.float32), f32.add, i32.reinterpretF32],
  [23, i32.shl, f32.reinterpretI32],
]
const power64: Rule = (_, k) => [
  [k, constant('float64', exponentBias.float64), f64.add, i64.reinterpretF64],
  [long(52), i64.shl, f64.reinterpretI64],
]

/** Operations with one argument; conversions depend on the result's dtype too. */
export const unaryRules: { readonly [Op in Exclude<UnaryOp, 'convert'>]: Rules } = {
  neg: {
    int32: (_, x) => sub(0, x),
    float32: plain(f32.neg),
    float64: plain(f64.neg),
  },
  abs: { int32: absolute, float32: plain(f32.abs), float64: plain(f64.abs) },
  floor: { float32: plain(f32.floor), float64: plain(f64.floor) },
  ceil: { float32: plain(f32.ceil), float64: plain(f64.ceil) },
  nearest: { float32: plain(f32.nearest), float64: plain(f64.nearest) },
  trunc: { float32: plain(f32.trunc), float64: plain(f64.trunc) },
  sqrt: { float32: plain(f32.sqrt), float64: plain(f64.sqrt) },
  not: { bool: plain(i32.eqz) },
  significand: { float32: significand32, float64: significand64 },
  exponent: { float32: exponent32, float64: exponent64 },
  pow2: { float32: power32, float64: power64 },
}

/** Conversions, by source and then by result. */
export const conversions: { readonly [From in DType]: { readonly [To in DType]: Rule } } = {
  bool: {
    bool: identity,
    int32: identity,
    float32: plain(f32.convertI32S),
    float64: plain(f64.convertI32S),
  },
  int32: {
    bool: (_, x) => [x, 0, i32.ne],
    int32: identity,
    float32: plain(f32.convertI32S),
    float64: plain(f64.convertI32S),
  },
  float32: {
    bool: (_, x) => [x, constant('float32', 0), f32.ne],
    int32: plain(i32.truncSatF32S),
    float32: identity,
    float64: plain(f64.promoteF32),
  },
  float64: {
    bool: (_, x) => [x, constant('float64', 0), f64.ne],
    int32: plain(i32.truncSatF64S),
    float32: plain(f32.demoteF64),
    float64: identity,
  },
}

const ofInts = (instruction: Code): Rules => ({ int32: plain(instruction) })
const ofBits = (instruction: Code): Rules => ({
  bool: plain(instruction),
  int32: plain(instruction),
})

/** Operations with two arguments of one dtype. */
export const binaryRules: { readonly [Op in BinaryOp]: Rules } = {
  add: { int32: plain(i32.add), float32: plain(f32.add), float64: plain(f64.add) },
  sub: { int32: plain(i32.sub), float32: plain(f32.sub), float64: plain(f64.sub) },
  mul: { int32: plain(i32.mul), float32: plain(f32.mul), float64: plain(f64.mul) },
  div: { int32: divide, float32: plain(f32.div), float64: plain(f64.div) },
  rem: { int32: remainder },
  min: { int32: pick(i32.ltS), float32: plain(f32.min), float64: plain(f64.min) },
  max: { int32: pick(i32.gtS), float32: plain(f32.max), float64: plain(f64.max) },
  and: ofBits(i32.and),
  or: ofBits(i32.or),
  xor: ofBits(i32.xor),
  shl: ofInts(i32.shl),
  shr: ofInts(i32.shrU),
  eq: { ...ofBits(i32.eq), float32: plain(f32.eq), float64: plain(f64.eq) },
  lt: { ...ofBits(i32.ltS), float32: plain(f32.lt), float64: plain(f64.lt) },
  le: { ...ofBits(i32.leS), float32: plain(f32.le), float64: plain(f64.le) },
}
