/**
 * Strided views: how movement operations melt into the loads of a loop. A view says at which flat position of a source the
 * element at given coordinates lies: `offset + sum(coordinate * stride)`. Stride 0 repeats, negative strides reverse.
 */
import { invertPermutation, type Shape, sizeOf, stridesOf } from '../shape.ts'

export interface View {
  readonly offset: number
  readonly shape: Shape
  readonly strides: readonly number[]
}

/** The view of a whole row-major source. */
export const contiguous = (shape: Shape): View => ({ offset: 0, shape, strides: stridesOf(shape) })

/** True when the view reads its source from the start in row-major order. */
export const isContiguous = (view: View): boolean => {
  if (view.offset !== 0) return sizeOf(view.shape) === 0
  const expected = stridesOf(view.shape)
  return view.shape.every((size, axis) => size === 1 || view.strides[axis] === expected[axis])
}

/** The view of a whole source whose axes lie in the given order, the last of them neighbours. */
export const denseAlong = (shape: Shape, order: readonly number[]): View =>
  permuteView(contiguous(order.map((axis) => shape[axis]!)), invertPermutation(order))

/** Axes from the farthest steps to the nearest. */
export const axesAsTheyLie = ({ strides }: View, axes: readonly number[]): number[] => {
  const distance = (axis: number) => Math.abs(strides[axis]!) || Infinity
  return axes.toSorted((x, y) => distance(y) - distance(x) || 0)
}

/** Axes reordered: axis i of the result is axis `permutation[i]` of the input. */
export const permuteView = (view: View, permutation: readonly number[]): View => ({
  offset: view.offset,
  shape: permutation.map((axis) => view.shape[axis]!),
  strides: permutation.map((axis) => view.strides[axis]!),
})

/** Repeated along new axes: input axis i becomes axis `axes[i]` of `shape`; the other axes repeat. */
export const broadcastView = (view: View, shape: Shape, axes: readonly number[]): View => {
  const strides = shape.map(() => 0)
  axes.forEach((to, from) => {
    strides[to] = view.shape[from] === shape[to] ? view.strides[from]! : 0
  })
  return { offset: view.offset, shape, strides }
}

/** Every `step`-th coordinate from `start`; negative steps walk backwards. */
export const sliceView = (
  view: View,
  start: readonly number[],
  shape: Shape,
  step: readonly number[],
): View => ({
  offset: start.reduce((sum, s, axis) => sum + s * view.strides[axis]!, view.offset),
  shape,
  strides: view.strides.map((stride, axis) => stride * step[axis]!),
})

/** The same elements in row-major order under another shape, or null when no single stride per axis can say it. */
export const reshapeView = (view: View, shape: Shape): View | null => {
  if (sizeOf(shape) === 0) return { offset: 0, shape, strides: shape.map(() => 0) }
  const old = view.shape
    .map((size, axis) => ({ size, stride: view.strides[axis]! }))
    .filter(({ size }) => size !== 1)
  const strides = new Array<number>(shape.length).fill(0)
  let from = 0
  let to = 0
  while (from < old.length) {
    // grow a group of old axes and a group of new axes until both hold the same number of elements
    let end = from + 1
    let size = old[from]!.size
    const first = to
    while (to < shape.length && shape[to] === 1) to++
    let wanted = shape[to++] ?? 1
    while (size !== wanted) {
      if (size < wanted) size *= old[end++]!.size
      else wanted *= shape[to++]!
    }
    for (let axis = from; axis + 1 < end; axis++) {
      if (old[axis]!.stride !== old[axis + 1]!.stride * old[axis + 1]!.size) return null
    }
    let stride = old[end - 1]!.stride
    for (let axis = to - 1; axis >= first; axis--) {
      strides[axis] = shape[axis] === 1 ? 0 : stride
      stride *= shape[axis]!
    }
    from = end
  }
  return { offset: view.offset, shape, strides }
}

/** True when two views show the same elements at the same coordinates. */
export const sameView = (a: View, b: View): boolean =>
  a.offset === b.offset &&
  a.shape.every((size, axis) => size === 1 || a.strides[axis] === b.strides[axis])
