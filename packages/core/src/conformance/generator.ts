/** Reproducible numbers for tests: the same on every machine and backend, and independent of the code under test. */

/** Numbers in [-1, 1) of full precision, from a linear congruential generator (Knuth, "The art of computer programming", 3.2.1). */
export const generator = (seed: number): (() => number) => {
  let state = seed >>> 0
  const draw = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31
  }
  // the first draws of neighbouring seeds are close to each other
  for (let i = 0; i < 4; i++) draw()
  // two draws, so that sums and products round in float64 as well
  return () => draw() + draw() / 2 ** 32 - 1
}
