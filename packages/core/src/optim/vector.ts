/** Vectors of numbers beside the tensors, and functions of them. */

/** A function's value and gradient at a place. */
export interface Evaluated {
  readonly value: number
  readonly gradient: Float64Array
}

/** A place reached, and what the function says there. */
export type Place<Found extends Evaluated> = Found & {
  readonly x: Float64Array
  /** The largest entry of the gradient, without sign. */
  readonly steepness: number
}

/** The inner product. */
export const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** `a + scale b`. */
export const addScaled = (a: Float64Array, scale: number, b: Float64Array): Float64Array => {
  const result = new Float64Array(a.length)
  for (let i = 0; i < a.length; i++) result[i] = a[i]! + scale * b[i]!
  return result
}

/** What f says at x. */
export const placeOf = <Found extends Evaluated>(
  f: (x: Float64Array) => Found,
  x: Float64Array,
): Place<Found> => {
  const found = f(x)
  const steepness = found.gradient.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0)
  return { ...found, x, steepness }
}
