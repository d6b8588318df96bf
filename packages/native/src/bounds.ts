/**
 * Bounds of scalar expressions. A conversion to int32 whose argument cannot leave the range of int32 needs no saturation;
 * inside exponentials, which clamp their argument first, that is a third of the work.
 */
import type { Scalar } from '@rootstock/core/backend'

/** Every value that is not NaN lies in [low, high]. */
export interface Bounds {
  readonly low: number
  readonly high: number
}

const anything: Bounds = { low: -Infinity, high: Infinity }

/** Corners of an interval operation, made a little wider for rounding. */
const around = (values: readonly number[]): Bounds => {
  if (values.some(Number.isNaN)) return anything
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return { low: low - Math.abs(low) * 1e-6, high: high + Math.abs(high) * 1e-6 }
}

type Rule = (a: Bounds, b: Bounds) => Bounds

const rounding: Rule = ({ low, high }) => ({ low: low - 1, high: high + 1 })

const rules: { readonly [op: string]: Rule } = {
  neg: ({ low, high }) => ({ low: -high, high: -low }),
  abs: ({ low, high }) => ({
    low: low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high)),
    high: Math.max(Math.abs(low), Math.abs(high)),
  }),
  floor: rounding,
  ceil: rounding,
  nearest: rounding,
  trunc: rounding,
  add: (a, b) => around([a.low + b.low, a.high + b.high]),
  sub: (a, b) => around([a.low - b.high, a.high - b.low]),
  mul: (a, b) => around([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]),
  min: (a, b) => ({ low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) }),
  max: (a, b) => ({ low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) }),
  select: (a, b) => ({ low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) }),
}

/** How deep an expression is followed; beyond, it may be anything. */
const deepest = 12

/** Bounds of a float expression. */
const boundsOf = (x: Scalar, depth = 0): Bounds => {
  if (x.op === 'const') {
    const { value } = x
    return Number.isNaN(value) ? anything : { low: value, high: value }
  }
  const rule = rules[x.op]
  if (!('args' in x) || rule === undefined || depth === deepest) return anything
  if (x.dtype !== 'float32' && x.dtype !== 'float64') return anything
  const operands: readonly Scalar[] = x.op === 'select' ? x.args.slice(1) : x.args
  const [a, b] = operands.map((arg) => boundsOf(arg, depth + 1))
  return rule(a!, b ?? anything)
}

/** True when truncation to int32 cannot overflow. */
export const fitsInt32 = (x: Scalar): boolean => {
  const { low, high } = boundsOf(x)
  return low > -(2 ** 31) && high < 2 ** 31 - 1
}
