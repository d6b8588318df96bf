/**
 * Folding of scalar expressions that keeps every bit: `x * 1` is x, `x + -0` is x, but `x + 0` stays (it turns -0 into 0)
 * and `x * 0` stays (it may be NaN). Rules are about loop-IR operations, so no pass needs to know a primitive's name.
 */
import { type DType, roundTo } from '../dtype.ts'
import type { BinaryOp, Scalar, UnaryOp } from '../loop/loop.ts'

type Const = Extract<Scalar, { op: 'const' }>

const isConst = (x: Scalar | undefined): x is Const => x?.op === 'const'

const toInt32 = (x: number): number =>
  Number.isNaN(x) ? 0 : Math.trunc(Math.min(Math.max(x, -2147483648), 2147483647))

const unaryValues: { readonly [Op in UnaryOp]?: (x: number, to: DType) => number } = {
  neg: (x) => -x,
  abs: Math.abs,
  sqrt: Math.sqrt,
  not: (x) => Number(x === 0),
  convert: (x, to) => (to === 'int32' ? toInt32(x) : x),
}

const binaryValues: { readonly [Op in BinaryOp]?: (a: number, b: number, from: DType) => number } =
  {
    add: (a, b) => a + b,
    sub: (a, b) => a - b,
    mul: (a, b, from) => (from === 'int32' ? Math.imul(a, b) : a * b),
    div: (a, b, from) => (from !== 'int32' ? a / b : b === 0 ? 0 : Math.trunc(a / b)),
    and: (a, b) => a & b,
    or: (a, b) => a | b,
    xor: (a, b) => a ^ b,
    eq: (a, b) => Number(a === b),
    lt: (a, b) => Number(a < b),
    le: (a, b) => Number(a <= b),
  }

/** Value of an operation on constants; null where this file does not know it. */
const computed = (op: UnaryOp | BinaryOp, dtype: DType, args: readonly Const[]): Const | null => {
  const [a, b] = args
  const result =
    b === undefined
      ? unaryValues[op as UnaryOp]?.(a!.value, dtype)
      : binaryValues[op as BinaryOp]?.(a!.value, b.value, a!.dtype)
  if (result === undefined) return null
  const value = op === 'neg' && dtype === 'int32' ? -a!.value | 0 : roundTo(dtype, result)
  return { op: 'const', dtype, value }
}

const isExactly = (x: Scalar, value: number): boolean => isConst(x) && Object.is(x.value, value)
const isZero = (x: Scalar): boolean => isConst(x) && x.value === 0

type Pair = readonly [Scalar, Scalar]

/** The operand that an operation leaves as it is, by the value of the other one. */
const neutral: { readonly [Op in BinaryOp]?: (pair: Pair) => Scalar | null } = {
  // floats: only -0 is neutral for sums, only +0 for differences
  add: ([a, b]) =>
    a.dtype === 'int32'
      ? isZero(b)
        ? a
        : isZero(a)
          ? b
          : null
      : isExactly(b, -0)
        ? a
        : isExactly(a, -0)
          ? b
          : null,
  sub: ([a, b]) => ((a.dtype === 'int32' ? isZero(b) : isExactly(b, 0)) ? a : null),
  mul: ([a, b]) => (isExactly(b, 1) ? a : isExactly(a, 1) ? b : null),
  div: ([a, b]) => (isExactly(b, 1) ? a : null),
  xor: ([a, b]) => (isZero(b) ? a : isZero(a) ? b : null),
  or: ([a, b]) => (isZero(b) ? a : isZero(a) ? b : null),
  shl: ([a, b]) => (isZero(b) ? a : null),
  shr: ([a, b]) => (isZero(b) ? a : null),
  min: ([a, b]) => (a === b ? a : null),
  max: ([a, b]) => (a === b ? a : null),
}

const foldNode = (node: Extract<Scalar, { args: unknown }>, args: readonly Scalar[]): Scalar => {
  if (node.op === 'select') {
    const [condition, then, otherwise] = args
    if (isConst(condition)) return condition.value !== 0 ? then! : otherwise!
    if (then === otherwise) return then!
  } else {
    const value = args.every(isConst) ? computed(node.op, node.dtype, args) : null
    if (value !== null) return value
    const kept = args.length === 2 ? neutral[node.op as BinaryOp]?.([args[0]!, args[1]!]) : null
    if (kept) return kept
  }
  return args.every((x, i) => x === node.args[i]) ? node : ({ ...node, args } as unknown as Scalar)
}

/** The same value, bit for bit, with constant parts computed and neutral operations gone. */
export const fold = (scalar: Scalar): Scalar => {
  const done = new Map<Scalar, Scalar>()
  const visit = (node: Scalar): Scalar => {
    if (!('args' in node)) return node
    const known = done.get(node)
    if (known !== undefined) return known
    const result = foldNode(node, node.args.map(visit))
    done.set(node, result)
    return result
  }
  return visit(scalar)
}
