/**
 * a b + c rounded once, which JavaScript does not have. Backends that use the processor's fused instruction in contractions
 * are compared with this. Both follow "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd"
 * (Boldo and Melquiond, 2008); float64 products that overflow or lose bits below the smallest number are taken as whole numbers.
 */
const words = new DataView(new ArrayBuffer(8))

/** x moved by one unit in the last place toward the sign of `rest` where its significand is even: x + rest rounded to odd. */
const toOdd = (x: number, rest: number): number => {
  if (rest === 0 || !Number.isFinite(x) || Number.isNaN(rest)) return x
  words.setFloat64(0, x)
  const bits = words.getBigInt64(0)
  if ((bits & 1n) === 1n) return x
  if (x === 0) return rest < 0 ? -Number.MIN_VALUE : Number.MIN_VALUE
  words.setBigInt64(0, rest > 0 === x > 0 ? bits + 1n : bits - 1n)
  return words.getFloat64(0)
}

/** What rounding a + b = sum lost (Knuth's two-sum). */
const lostInSum = (a: number, b: number, sum: number): number => {
  const back = sum - a
  const lost = a - (sum - back) + (b - back)
  return Number.isNaN(lost) ? 0 : lost
}

const upper = (a: number): number => {
  const c = a * (2 ** 27 + 1)
  return c - (c - a)
}

/** What rounding a b = product lost (Dekker). */
const lostInProduct = (a: number, b: number, product: number): number => {
  const [a1, b1] = [upper(a), upper(b)]
  const [a2, b2] = [a - a1, b - b1]
  const lost = a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2)
  return Number.isNaN(lost) ? 0 : lost
}

/** float32: the product is exact in float64, so one rounding to odd before the last one is enough. */
export const fusedFloat32 = (a: number, b: number, c: number): number => {
  const product = a * b
  const sum = product + c
  return Math.fround(toOdd(sum, lostInSum(product, c, sum)))
}

/** A finite x as m 2^e. */
const partsOf = (x: number): readonly [significand: bigint, exponent: number] => {
  words.setFloat64(0, x)
  const bits = words.getBigUint64(0)
  const field = Number((bits >> 52n) & 0x7ffn)
  const significand = (bits & 0xf_ffff_ffff_ffffn) | (field === 0 ? 0n : 1n << 52n)
  return [x < 0 ? -significand : significand, Math.max(field, 1) - 1075]
}

/** m 2^e rounded once, ties to even. */
const rounded = (significand: bigint, exponent: number): number => {
  const size = significand < 0n ? -significand : significand
  // the unit in the last place of the result
  const unit = Math.max(exponent + size.toString(2).length - 53, -1074)
  const dropped = BigInt(Math.max(unit - exponent, 0))
  const whole = size >> dropped
  const rest = 2n * (size - (whole << dropped))
  const isUp = rest > 1n << dropped || (rest === 1n << dropped && (whole & 1n) === 1n)
  const result = Number(whole + (isUp ? 1n : 0n)) * 2 ** Math.max(unit, exponent)
  return significand < 0n ? -result : result
}

const fusedExactly = (a: number, b: number, c: number): number => {
  const [[ma, ea], [mb, eb], [mc, ec]] = [partsOf(a), partsOf(b), partsOf(c)]
  const exponent = Math.min(ea + eb, ec)
  const product = (ma * mb) << BigInt(ea + eb - exponent)
  return rounded(product + (mc << BigInt(ec - exponent)), exponent)
}

/** Factors and products between these lose nothing in the steps of `fusedFloat64`. */
const isOrdinary = (x: number): boolean => Math.abs(x) > 2 ** -900 && Math.abs(x) < 2 ** 900

/** float64. */
export const fusedFloat64 = (a: number, b: number, c: number): number => {
  const product = a * b
  // the steps below would lose the sign of a zero
  if (a === 0 || b === 0 || !Number.isFinite(a + b + c)) return product + c
  if (![a, b, product, c === 0 ? 1 : c].every(isOrdinary)) return fusedExactly(a, b, c)
  const low = lostInProduct(a, b, product)
  const low2 = c + low
  const rest = lostInSum(c, low, low2)
  const high = product + low2
  const lost = lostInSum(product, low2, high)
  const tail = lost + rest
  return high + toOdd(tail, lostInSum(lost, rest, tail))
}
