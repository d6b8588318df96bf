/**
 * Constructors of loop-IR scalars. Lowering rules and the transcendental expansions are written with these, so a rule
 * reads like its formula; dtypes are checked here once instead of in every renderer.
 */
import { type DType, roundTo } from '../dtype.ts'
import type { Address, BinaryOp, Scalar, UnaryOp } from './loop.ts'

const expect = (ok: boolean, message: string): void => {
  if (!ok) throw new Error(`loop IR: ${message}`)
}

/** A constant of a dtype, rounded to it. */
export const constant = (dtype: DType, value: number): Scalar => ({
  op: 'const',
  dtype,
  value: roundTo(dtype, value),
})

/** An int32 constant. */
export const int = (value: number): Scalar => constant('int32', value)

/** A constant of the same dtype as another scalar. */
export const like = (x: Scalar, value: number): Scalar => constant(x.dtype, value)

/** The int32 value of an affine function of the loop indices. */
export const indexValue = (at: Address): Scalar => ({ op: 'index', dtype: 'int32', at })

/** An element of a buffer. */
export const load = (dtype: DType, buffer: number, at: Address): Scalar => ({
  op: 'load',
  dtype,
  buffer,
  at,
})

/** The value of a `let`, `var` or `reduce`. */
export const local = (dtype: DType, id: number): Scalar => ({ op: 'local', dtype, id })

const unary =
  (op: UnaryOp) =>
  (x: Scalar): Scalar => ({ op, dtype: x.dtype, args: [x] })

const binary =
  (op: BinaryOp) =>
  (a: Scalar, b: Scalar): Scalar => {
    expect(a.dtype === b.dtype, `${op} of ${a.dtype} and ${b.dtype}`)
    return { op, dtype: a.dtype, args: [a, b] }
  }

const comparison =
  (op: 'eq' | 'lt' | 'le') =>
  (a: Scalar, b: Scalar): Scalar => {
    expect(a.dtype === b.dtype, `${op} of ${a.dtype} and ${b.dtype}`)
    return { op, dtype: 'bool', args: [a, b] }
  }

export const neg = unary('neg')
export const abs = unary('abs')
export const floor = unary('floor')
export const ceil = unary('ceil')
export const nearest = unary('nearest')
export const trunc = unary('trunc')
export const sqrt = unary('sqrt')
export const not = unary('not')
export const significand = unary('significand')
/** Unbiased exponent of a normal positive float, int32. */
export const exponent = (x: Scalar): Scalar => ({ op: 'exponent', dtype: 'int32', args: [x] })
/** 2^k of a whole float k. */
export const pow2 = unary('pow2')
/** Conversion to a dtype; the identity when it already has it. */
export const convert = (x: Scalar, dtype: DType): Scalar =>
  x.dtype === dtype ? x : { op: 'convert', dtype, args: [x] }

export const add = binary('add')
export const sub = binary('sub')
export const mul = binary('mul')
export const div = binary('div')
export const rem = binary('rem')
export const min = binary('min')
export const max = binary('max')
export const and = binary('and')
export const or = binary('or')
export const xor = binary('xor')
export const shl = binary('shl')
export const shr = binary('shr')
export const eq = comparison('eq')
export const lt = comparison('lt')
export const le = comparison('le')

/** `condition ? then : otherwise`; both sides are evaluated. */
export const select = (condition: Scalar, then: Scalar, otherwise: Scalar): Scalar => {
  expect(condition.dtype === 'bool', `select on ${condition.dtype}`)
  expect(then.dtype === otherwise.dtype, `select of ${then.dtype} and ${otherwise.dtype}`)
  return { op: 'select', dtype: then.dtype, args: [condition, then, otherwise] }
}
