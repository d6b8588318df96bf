/**
 * The seeded stream behind resampling. Resampling picks a few thousand indices; core's splittable keys make tensors, which
 * plain numbers need not wait for.
 */

/**
 * A stream of uniform numbers in [0, 1) (splitmix32; Steele, Lea and Flood, 2014): the same seed gives the same numbers on
 * every machine.
 */
export const uniformStream = (seed: number): (() => number) => {
  let state = Math.trunc(seed) | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let bits = state
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad)
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97)
    return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32
  }
}
