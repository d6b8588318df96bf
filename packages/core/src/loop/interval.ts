/**
 * Intervals of int32 expressions, as far as they can be known without running the program: what proves that a clamped
 * gather stays inside its table. Arithmetic that might wrap gives up.
 */
import type { Address, Scalar } from './loop.ts'

/** Smallest and largest possible value, infinite where unknown. */
export interface Interval {
  readonly low: number
  readonly high: number
}

const unknown: Interval = { low: -Infinity, high: Infinity }

const inInt32 = (x: Interval): Interval =>
  x.low >= -(2 ** 31) && x.high < 2 ** 31 ? x : { low: -Infinity, high: Infinity }

/** x times a number; 0 times infinity is 0 here. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b)

const product = (a: Interval, b: Interval): Interval => {
  const ends = [a.low, a.high].flatMap((x) => [times(x, b.low), times(x, b.high)])
  return { low: Math.min(...ends), high: Math.max(...ends) }
}

const union = (a: Interval, b: Interval): Interval => ({
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
})

/** Interval of an address, given how many values each index takes. */
export const addressInterval = (
  { base, terms, offset }: Address,
  extentOf: (index: number) => number,
): Interval => {
  let { low, high } = offset === undefined ? { low: 0, high: 0 } : scalarInterval(offset, extentOf)
  for (const { index, stride } of terms) {
    const last = stride * (extentOf(index) - 1)
    low += Math.min(0, last)
    high += Math.max(0, last)
  }
  return { low: low + base, high: high + base }
}

/** Interval of an int32 expression. */
const scalarInterval = (x: Scalar, extentOf: (index: number) => number): Interval => {
  const of = (arg: Scalar): Interval => scalarInterval(arg, extentOf)
  switch (x.op) {
    case 'const':
      return { low: x.value, high: x.value }
    case 'index':
      return inInt32(addressInterval(x.at, extentOf))
    case 'convert':
      return x.args[0].dtype === 'bool' ? { low: 0, high: 1 } : unknown
    case 'select':
      return union(of(x.args[1]), of(x.args[2]))
    case 'add':
    case 'sub':
    case 'mul':
    case 'min':
    case 'max': {
      const [a, b] = [of(x.args[0]), of(x.args[1])]
      if (x.op === 'add') return inInt32({ low: a.low + b.low, high: a.high + b.high })
      if (x.op === 'sub') return inInt32({ low: a.low - b.high, high: a.high - b.low })
      if (x.op === 'mul') return inInt32(product(a, b))
      return { low: Math[x.op](a.low, b.low), high: Math[x.op](a.high, b.high) }
    }
    default:
      return unknown
  }
}
