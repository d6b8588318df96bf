/** The typing rules of scalar expressions. */
import { type DType, isFloat, roundTo } from '../dtype.ts'
import type { BinaryOp, Scalar, UnaryOp } from './loop.ts'

type Accepts = (dtype: DType) => boolean

const isNumber: Accepts = (dtype) => dtype !== 'bool'
const isInt32: Accepts = (dtype) => dtype === 'int32'
const isBool: Accepts = (dtype) => dtype === 'bool'
const isBits: Accepts = (dtype) => dtype === 'int32' || dtype === 'bool'
const isAny: Accepts = () => true

/** What an operation takes, and whether its result may have a dtype. */
export interface Typing {
  readonly takes: Accepts
  readonly gives: (result: DType, argument: DType) => boolean
}

const same = (takes: Accepts): Typing => ({
  takes,
  gives: (result, argument) => result === argument,
})
const comparison: Typing = { takes: isAny, gives: isBool }

/** Operations on one argument. */
export const unaryTypings: Readonly<Record<UnaryOp, Typing>> = {
  neg: same(isNumber),
  abs: same(isNumber),
  floor: same(isFloat),
  ceil: same(isFloat),
  nearest: same(isFloat),
  trunc: same(isFloat),
  sqrt: same(isFloat),
  not: same(isBool),
  convert: { takes: isAny, gives: isAny },
  significand: same(isFloat),
  exponent: { takes: isFloat, gives: isInt32 },
  pow2: same(isFloat),
}

/** Operations on two arguments of one dtype. */
export const binaryTypings: Readonly<Record<BinaryOp, Typing>> = {
  add: same(isNumber),
  sub: same(isNumber),
  mul: same(isNumber),
  div: same(isNumber),
  rem: same(isInt32),
  min: same(isNumber),
  max: same(isNumber),
  and: same(isBits),
  or: same(isBits),
  xor: same(isBits),
  shl: same(isInt32),
  shr: same(isInt32),
  eq: comparison,
  lt: comparison,
  le: comparison,
}

const typings = { ...unaryTypings, ...binaryTypings }

/** The arguments, in words. */
const dtypesOf = (args: readonly Scalar[]): string => args.map(({ dtype }) => dtype).join(', ')

/** Why a node is ill-typed given its arguments, or null. Loads, locals and indices are for the caller. */
export const typeMistake = (x: Scalar): string | null => {
  if (x.op === 'const') {
    const exact = Object.is(roundTo(x.dtype, x.value), x.value)
    return exact ? null : `${x.value} is not a value of ${x.dtype}`
  }
  if (!('args' in x)) return null
  const [first, second, third] = x.args
  if (x.op === 'select') {
    const ok = isBool(first.dtype) && second!.dtype === x.dtype && third!.dtype === x.dtype
    return ok ? null : `select of ${dtypesOf(x.args)} gives no ${x.dtype}`
  }
  const { takes, gives } = typings[x.op]
  const alike = x.args.every((arg) => arg.dtype === first.dtype)
  const ok = alike && takes(first.dtype) && gives(x.dtype, first.dtype)
  return ok ? null : `${x.op} of ${dtypesOf(x.args)} gives no ${x.dtype}`
}
