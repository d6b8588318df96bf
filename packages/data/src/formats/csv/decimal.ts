/**
 * Decimal numbers read from bytes without making a string of each. Most numbers in files have at most 15 digits and a
 * small exponent, for which one multiplication or division by an exact power of ten is already correctly rounded (Clinger,
 * "How to read floating point numbers accurately", 1990); the rest goes through the engine's own conversion.
 */

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** The number that a text is, by the same rules, or NaN; blanks around it are allowed. */
export const textToNumber = (text: string): number => {
  const trimmed = text.trim()
  return decimal.test(trimmed) ? Number(trimmed) : Number.NaN
}

const powers = Float64Array.from({ length: 23 }, (_, i) => 10 ** i)
const exact = 2 ** 53

const slow = (bytes: Uint8Array, start: number, end: number): number => {
  let text = ''
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!)
  return Number(text)
}

/**
 * The number written in `bytes[start, end)`, or NaN when there is none. Digits, one point, a sign and an exponent only: no
 * blanks, no hexadecimal, no `Infinity`; a number too large for a double is an infinity.
 */
export const parseDecimal = (bytes: Uint8Array, start: number, end: number): number => {
  let i = start
  const sign = bytes[i]
  if (sign === 45 || sign === 43) i++
  let mantissa = 0
  let digits = 0
  let fraction = 0
  let c = -1
  for (; i < end; i++) {
    c = bytes[i]! - 48
    if (c < 0 || c > 9) break
    mantissa = mantissa * 10 + c
    digits++
  }
  if (i < end && bytes[i] === 46) {
    for (i++; i < end; i++) {
      c = bytes[i]! - 48
      if (c < 0 || c > 9) break
      mantissa = mantissa * 10 + c
      fraction++
    }
    digits += fraction
  }
  if (digits === 0) return Number.NaN
  let exponent = 0
  if (i < end) {
    if ((bytes[i]! | 32) !== 101) return Number.NaN
    i++
    const negative = bytes[i] === 45
    if (negative || bytes[i] === 43) i++
    if (i >= end) return Number.NaN
    for (; i < end; i++) {
      c = bytes[i]! - 48
      if (c < 0 || c > 9) return Number.NaN
      if (exponent < 100000) exponent = exponent * 10 + c
    }
    if (negative) exponent = -exponent
  }
  const power = exponent - fraction
  if (mantissa >= exact || power > 22 || power < -22) return slow(bytes, start, end)
  const value = power < 0 ? mantissa / powers[-power]! : mantissa * powers[power]!
  return sign === 45 ? -value : value
}
