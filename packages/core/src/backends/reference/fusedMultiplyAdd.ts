/**
 * a b + c rounded once, which JavaScript does not have. Backends that use the processor's fused instruction in contractions
 * are compared with this. Both follow "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd"
 * (Boldo and Melquiond, 2008); where float64 products overflow or lose bits below the smallest number they are not exact.
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

/** float64. */
export const fusedFloat64 = (a: number, b: number, c: number): number => {
  const product = a * b
  // the steps below would lose the sign of a zero
  if (product === 0 && c === 0) return product + c
  const low = lostInProduct(a, b, product)
  const low2 = c + low
  const rest = lostInSum(c, low, low2)
  const high = product + low2
  const lost = lostInSum(product, low2, high)
  const tail = lost + rest
  const result = high + toOdd(tail, lostInSum(lost, rest, tail))
  return Number.isNaN(result) ? product + c : result
}
