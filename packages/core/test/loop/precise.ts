/**
 * Elementary functions to 1,200 binary places, in fixed point on BigInt: what the float64 expansions are measured against.
 * Plain series and argument reductions; slow and obviously right.
 */

/** Binary places. */
const places = 1200n
const one = 1n << places

/** A value of 1,200 binary places. */
export type Fixed = bigint

const words = new DataView(new ArrayBuffer(8))

/** A float64, exactly (down to 2^-1074). */
export const fixed = (x: number): Fixed => {
  words.setFloat64(0, x)
  const bits = words.getBigUint64(0)
  const exponent = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const significand = exponent === 0 ? fraction : fraction | (1n << 52n)
  const shift = places + BigInt(Math.max(exponent, 1) - 1075)
  const size = shift >= 0n ? significand << shift : significand >> -shift
  return x < 0 ? -size : size
}

const abs = (x: bigint): bigint => (x < 0n ? -x : x)
const lengthOf = (x: bigint): number => x.toString(2).length

/** Units in the last place of the float64 nearest to `exact` by which `x` misses it. */
export const ulps = (x: number, exact: Fixed): number => {
  // the unit of numbers in [2^e, 2^(e+1)) is 2^(e-52), of denormal ones 2^-1074
  const exponent = Math.max(lengthOf(abs(exact)) - 1 - Number(places), -1022)
  const unit = 1n << BigInt(Number(places) + exponent - 52)
  return Number((abs(fixed(x) - exact) * 1024n) / unit) / 1024
}

const mul = (a: Fixed, b: Fixed): Fixed => (a * b) >> places
const div = (a: Fixed, b: Fixed): Fixed => (a << places) / b

const sqrt = (x: Fixed): Fixed => {
  const square = x << places
  let root = 1n << BigInt(Math.ceil(lengthOf(square) / 2))
  for (;;) {
    const next = (root + square / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/** x + x^3/3 + x^5/5 + ..., or with alternating signs. */
const oddSeries = (x: Fixed, alternating: boolean): Fixed => {
  const square = mul(x, x)
  let power = x
  let sum = 0n
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n
    power = alternating ? -mul(power, square) : mul(power, square)
    if (abs(power) < 2n) break
  }
  return sum
}

const ln2 = 2n * oddSeries(one / 3n, false)
/** pi by Machin's formula. */
const pi = 4n * (4n * oddSeries(one / 5n, true) - oddSeries(one / 239n, true))

const nearest = (x: Fixed, unit: Fixed): bigint =>
  (x + (unit >> 1n)) / unit - (x + (unit >> 1n) < 0n ? 1n : 0n)

/** The sum of x^n / n! from n = `first`. */
const exponentialSeries = (x: Fixed, first: 0n | 1n): Fixed => {
  let term = first === 0n ? one : x
  let sum = 0n
  for (let n = first + 1n; term !== 0n && term !== -1n; n++) {
    sum += term
    term = mul(term, x) / n
  }
  return sum
}

export const exp = (x: Fixed): Fixed => {
  const k = nearest(x, ln2)
  const e = exponentialSeries(x - k * ln2, 0n)
  return k >= 0n ? e << k : e >> -k
}

export const expm1 = (x: Fixed): Fixed =>
  abs(x) < one >> 2n ? exponentialSeries(x, 1n) : exp(x) - one

export const log = (x: Fixed): Fixed => {
  const e = BigInt(lengthOf(x)) - 1n - places
  const m = e >= 0n ? x >> e : x << -e
  return 2n * oddSeries(div(m - one, m + one), false) + e * ln2
}

export const log1p = (x: Fixed): Fixed =>
  abs(x) < one >> 2n ? 2n * oddSeries(div(x, x + 2n * one), false) : log(one + x)

const wave = (x: Fixed, even: boolean): Fixed => {
  const square = -mul(x, x)
  let term = even ? one : x
  let sum = 0n
  for (let n = even ? 1n : 2n; term !== 0n && term !== -1n; n += 2n) {
    sum += term
    term = mul(term, square) / (n * (n + 1n))
  }
  return sum
}

const turned = (x: Fixed, quarter: bigint): Fixed => {
  const k = nearest(x, pi >> 1n)
  const r = x - k * (pi >> 1n)
  const quadrant = (((k + quarter) % 4n) + 4n) % 4n
  const value = wave(r, quadrant % 2n === 1n)
  return quadrant >= 2n ? -value : value
}

export const sin = (x: Fixed): Fixed => turned(x, 0n)
export const cos = (x: Fixed): Fixed => turned(x, 1n)

/** Arc tangent, after halving the angle three times. */
export const atan = (x: Fixed): Fixed => {
  if (abs(x) > one) return (x > 0n ? pi >> 1n : -(pi >> 1n)) - atan(div(one, x))
  let t = x
  for (let i = 0; i < 3; i++) t = div(t, one + sqrt(one + mul(t, t)))
  return 8n * oddSeries(t, true)
}

export const atan2 = (y: Fixed, x: Fixed): Fixed => {
  const angle = atan(div(y, x))
  return x > 0n ? angle : y >= 0n ? angle + pi : angle - pi
}

export const tanh = (x: Fixed): Fixed => {
  const e = expm1(2n * x)
  return div(e, e + 2n * one)
}

export const sigmoid = (x: Fixed): Fixed => {
  // of the smaller side, so that it keeps its digits
  const e = exp(-abs(x))
  return div(x < 0n ? e : one, one + e)
}

/** 2/sqrt(pi) (x - x^3/3 + x^5/(2! 5) - ...); good for |x| < 9 in 1,200 places. */
export const erf = (x: Fixed): Fixed => {
  const square = -mul(x, x)
  let power = x
  let sum = 0n
  for (let n = 0n; power !== 0n && power !== -1n; n++) {
    sum += power / (2n * n + 1n)
    power = mul(power, square) / (n + 1n)
  }
  return div(2n * sum, sqrt(pi))
}

export const erfc = (x: Fixed): Fixed => one - erf(x)

export const pow = (x: Fixed, y: Fixed): Fixed => exp(mul(y, log(x)))
