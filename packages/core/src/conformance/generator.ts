/** Reproducible numbers for tests: the same on every machine and backend, and independent of the code under test. */

/** Numbers in [-1, 1) from a linear congruential generator (Knuth, "The art of computer programming", vol. 2, 3.2.1). */
export const generator = (seed: number): (() => number) => {
  let state = seed >>> 0
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
  // the first draws of neighbouring seeds are close to each other
  for (let i = 0; i < 4; i++) next()
  return next
}
