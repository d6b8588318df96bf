/** Pure functions on shapes. A shape is a list of axis sizes; nothing here knows tensors. */

/** Axis sizes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[]

/** Number of elements. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1)

/** Row-major strides in elements. */
export const stridesOf = (shape: Shape): number[] => {
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= shape[axis]!
  }
  return strides
}

/** True when both have the same axes. */
export const equalShapes = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis])

/** A type of tensors, as far as shapes go: any dtype names. */
interface Typed {
  readonly dtype: string
  readonly shape: Shape
}

/** True when both have the same dtype and shape. */
export const sameType = (a: Typed, b: Typed): boolean =>
  a.dtype === b.dtype && equalShapes(a.shape, b.shape)

/** The broadcast of two shapes after numpy: aligned at the end, 1 stretches; null when they do not fit. */
export const broadcastShapes = (a: Shape, b: Shape): Shape | null => {
  const rank = Math.max(a.length, b.length)
  const result: number[] = []
  for (let axis = 0; axis < rank; axis++) {
    const x = a[axis - rank + a.length] ?? 1
    const y = b[axis - rank + b.length] ?? 1
    if (x !== y && x !== 1 && y !== 1) return null
    result.push(x === 1 ? y : x)
  }
  return result
}

/** 0, 1, ..., n-1. */
export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

/** The permutation that undoes another. */
export const invertPermutation = (permutation: readonly number[]): number[] => {
  const inverse = new Array<number>(permutation.length)
  permutation.forEach((from, to) => {
    inverse[from] = to
  })
  return inverse
}

/** Axis counted from the front; null when out of range. */
export const normalizeAxis = (axis: number, rank: number): number | null =>
  Number.isInteger(axis) && axis >= -rank && axis < rank ? (axis + rank) % rank : null

/** `float32[2, 3]`, the notation of printed graphs and errors. */
export const describe = (type: Typed): string => `${type.dtype}[${type.shape.join(', ')}]`
