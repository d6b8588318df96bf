/**
 * The numbers every runner is given. A value is a hash of its seed and its position, so that any language can make the
 * same float32 bits without sharing a random generator.
 */

/** Uniform on [0, 1): multiples of 2^-24. */
const unit = (seed: number, position: number): number => {
  let h = Math.imul(position, 0x9e3779b1) + Math.imul(seed, 0x85ebca77)
  h ^= h >>> 16
  h = Math.imul(h, 0x21f0aaad)
  h ^= h >>> 15
  h = Math.imul(h, 0x735a2d97)
  h ^= h >>> 15
  return (h >>> 8) / 2 ** 24
}

/** `count` float32 values uniform on [low, high), rounded after the product and after the sum. */
export const uniform = (seed: number, count: number, low: number, high: number): Float32Array => {
  const width = Math.fround(high - low)
  const start = Math.fround(low)
  const values = new Float32Array(count)
  for (let i = 0; i < count; i++) values[i] = Math.fround(unit(seed, i) * width) + start
  return values
}

/** `count` class codes, each of 0 .. classes-1 equally likely. */
export const labels = (seed: number, count: number, classes: number): Int32Array => {
  const codes = new Int32Array(count)
  for (let i = 0; i < count; i++) codes[i] = Math.floor(unit(seed, i) * classes)
  return codes
}

/** Weights uniform within sqrt(6 / (fan in + fan out)) (Glorot and Bengio, 2010). */
export const glorot = (
  seed: number,
  shape: readonly number[],
  [fanIn, fanOut]: readonly [number, number] = [shape[0]!, shape[1]!],
): Float32Array => {
  const bound = Math.sqrt(6 / (fanIn + fanOut))
  const count = shape.reduce((product, size) => product * size, 1)
  return uniform(seed, count, -bound, bound)
}
