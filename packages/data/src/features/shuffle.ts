/**
 * Random orders that depend on nothing but integers. Every draw is a hash of (seed, stream, counter), so that no state has to
 * be saved to continue where a run stopped, and the same seed gives the same rows on every machine.
 */

import { expectWhole } from '../argument.ts'

// The finaliser of MurmurHash3 (Appleby 2011): every bit of the input changes every bit of the output with probability 1/2.
const mix = (x: number): number => {
  let h = x
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

// Integers beyond 32 bits count too: the high part is mixed in.
const fold = (hash: number, x: number): number =>
  mix(mix(hash ^ (x >>> 0)) + Math.imul(Math.floor(x / 2 ** 32) | 0, 0x9e3779b1) + 0x6d2b79f5)

/**
 * The numbers 0..length-1 in the order of (seed, stream): a Fisher-Yates shuffle (Durstenfeld 1964) by hashed draws. Throws unless
 * all are whole numbers of at least 0.
 *
 * @example
 * ```ts
 * import { shuffled } from '@rootstock/data'
 *
 * console.log(String(shuffled(5, 7)) === String(shuffled(5, 7))) // true
 * ```
 */
export const shuffled = (length: number, seed: number, stream = 0): Int32Array => {
  expectWhole('shuffled', 'length', length)
  expectWhole('shuffled', 'seed', seed)
  expectWhole('shuffled', 'stream', stream)
  const order = Int32Array.from({ length }, (_, i) => i)
  const key = fold(fold(0x243f6a88, seed), stream)
  for (let i = length - 1; i > 0; i--) {
    // Multiplying by the range is off from uniform by at most length / 2^32 of a probability.
    const j = Math.floor((fold(key, i) / 2 ** 32) * (i + 1))
    const last = order[i]!
    order[i] = order[j]!
    order[j] = last
  }
  return order
}
