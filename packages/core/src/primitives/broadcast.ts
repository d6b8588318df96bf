/** Repetition and its adjoint, the sum: each is the other's transpose, so they live in one file. */

import { hostStorage } from '../backends/storage.ts'
import { allocate, type DType } from '../dtype.ts'
import type { Abstract } from '../graph/graph.ts'
import { broadcastView } from '../graph/view.ts'
import { range, type Shape } from '../shape.ts'
import { Concrete, type Tensor } from '../tensor.ts'
import { bind1 } from '../trace/interpreter.ts'
import { define } from './define.ts'
import { expectAxes, expectDType, expectShape, numbers } from './rules.ts'

/** Input axis i becomes axis `axes[i]` of `shape`; the other axes repeat. `axes` increase. */
export interface Broadcasting {
  readonly shape: Shape
  readonly axes: readonly number[]
}

/** Axes of a rank that are not listed. */
export const otherAxes = (rank: number, axes: readonly number[]): number[] =>
  range(rank).filter((axis) => !axes.includes(axis))

export const broadcastPrimitive = define<Broadcasting>({
  name: 'broadcast',
  shape: ([x], { shape, axes }) => {
    const fits =
      axes.length === x!.shape.length &&
      axes.every((axis, i) => axis > (axes[i - 1] ?? -1) && shape[axis] === x!.shape[i])
    expectShape(
      fits,
      'broadcast',
      { x, shape, axes },
      'each axis of x must have the size of the axis of shape it becomes, in increasing order',
    )
    return [{ shape, dtype: x!.dtype }]
  },
  derivative: {
    kind: 'linear',
    transpose: ([ct], _, { shape, axes }) => [
      reduceSum(ct!, { axes: otherAxes(shape.length, axes) }),
    ],
  },
  batch: ([x], _, { shape, axes }, size) => [
    broadcast(x!, { shape: [size, ...shape], axes: [0, ...axes.map((axis) => axis + 1)] }),
  ],
  lower: { kind: 'view', view: (view, { shape, axes }) => broadcastView(view, shape, axes) },
})
/** x repeated along the axes of `shape` that are not in `axes`. */
export const broadcast = (x: Tensor, params: Broadcasting): Tensor =>
  params.shape.length === x.rank ? x : bind1(broadcastPrimitive, [x], params)

/** Axes an operation works over, each counted from the front. */
export interface Over {
  readonly axes: readonly number[]
}

/** Output of a reduction over `axes`. */
export const reducedShape = (shape: Shape, axes: readonly number[]): Shape =>
  shape.filter((_, axis) => !axes.includes(axis))

/** Shape rule of the reductions. */
export const reduced =
  (operation: string) =>
  ([x]: readonly Abstract[], { axes }: Over): readonly Abstract[] => {
    expectDType(operation, 'x', x!, numbers)
    expectAxes(operation, x!, axes)
    return [{ shape: reducedShape(x!.shape, axes), dtype: x!.dtype }]
  }

/** Parameters under one more leading axis. */
export const shifted = (axes: readonly number[]): number[] => axes.map((axis) => axis + 1)

export const reduceSumPrimitive = define<Over>({
  name: 'reduceSum',
  symbol: 'Σ',
  shape: reduced('reduceSum'),
  derivative: {
    kind: 'linear',
    transpose: ([ct], _, { axes }, [x]) => [
      broadcast(ct!, { shape: x!.shape, axes: otherAxes(x!.shape.length, axes) }),
    ],
  },
  batch: ([x], _, { axes }) => [reduceSum(x!, { axes: shifted(axes) })],
  lower: { kind: 'reduce', op: () => 'add', axes: ({ axes }) => axes },
})
/** Sum over `axes`, which disappear. */
export const reduceSum = (x: Tensor, params: Over): Tensor =>
  params.axes.length === 0 ? x : bind1(reduceSumPrimitive, [x], params)

/** A concrete scalar. */
export const scalarOf = (value: number, dtype: DType): Tensor => {
  const host = allocate(dtype, 1)
  host[0] = value
  return new Concrete(hostStorage(dtype, host), [])
}

/** A tensor of one value. */
export const fullOf = (type: Abstract, value: number): Tensor =>
  broadcast(scalarOf(value, type.dtype), { shape: type.shape, axes: [] })

/** Zeros of a type. */
export const zerosOf = (type: Abstract): Tensor => fullOf(type, 0)

/** `x` repeated along `axes` of a shape it was reduced from. */
export const unreduce = (x: Tensor, shape: Shape, axes: readonly number[]): Tensor =>
  broadcast(x, { shape, axes: otherAxes(shape.length, axes) })
