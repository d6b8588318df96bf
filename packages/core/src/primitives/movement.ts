/** Operations that move elements without changing them. Most are views: they cost nothing but an address. */
import type { Abstract } from '../graph/graph.ts'
import { permuteView, reshapeView, sliceView } from '../graph/view.ts'
import { equalShapes, invertPermutation, range, type Shape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { bind1 } from '../trace/interpreter.ts'
import { broadcast, shifted } from './broadcast.ts'
import { define, type Slicing } from './define.ts'
import { expectArgument, expectShape } from './rules.ts'

export const reshapePrimitive = define<{ readonly shape: Shape }>({
  name: 'reshape',
  shape: ([x], { shape }) => {
    expectShape(
      sizeOf(x!.shape) === sizeOf(shape),
      'reshape',
      { x, shape },
      `both must have the same number of elements: ${sizeOf(x!.shape)} and ${sizeOf(shape)}`,
    )
    return [{ shape, dtype: x!.dtype }]
  },
  derivative: {
    kind: 'linear',
    transpose: ([ct], _, __, [x]) => [reshape(ct!, { shape: x!.shape })],
  },
  batch: ([x], _, { shape }, size) => [reshape(x!, { shape: [size, ...shape] })],
  lower: { kind: 'view', view: (view, { shape }) => reshapeView(view, shape) },
})
/** The same elements in row-major order under another shape. */
export const reshape = (x: Tensor, params: { readonly shape: Shape }): Tensor =>
  equalShapes(x.shape, params.shape) ? x : bind1(reshapePrimitive, [x], params)

export const transposePrimitive = define<{ readonly permutation: readonly number[] }>({
  name: 'transpose',
  shape: ([x], { permutation }) => {
    expectArgument(
      permutation.length === x!.shape.length &&
        permutation.toSorted((a, b) => a - b).every((axis, i) => axis === i),
      'transpose',
      { x, permutation },
      'permutation must name every axis of x exactly once',
    )
    return [{ shape: permutation.map((axis) => x!.shape[axis]!), dtype: x!.dtype }]
  },
  derivative: {
    kind: 'linear',
    transpose: ([ct], _, { permutation }) => [
      transpose(ct!, { permutation: invertPermutation(permutation) }),
    ],
  },
  batch: ([x], _, { permutation }) => [
    transpose(x!, { permutation: [0, ...shifted(permutation)] }),
  ],
  lower: { kind: 'view', view: (view, { permutation }) => permuteView(view, permutation) },
})
/** Axes reordered: axis i of the result is axis `permutation[i]` of x. */
export const transpose = (
  x: Tensor,
  params: { readonly permutation: readonly number[] },
): Tensor =>
  params.permutation.every((axis, i) => axis === i) && params.permutation.length === x.rank
    ? x
    : bind1(transposePrimitive, [x], params)

const isWhole = (x: Tensor, { start, shape, step }: Slicing): boolean =>
  equalShapes(x.shape, shape) && start.every((at) => at === 0) && step.every((by) => by === 1)

export const slicePrimitive = define<Slicing>({
  name: 'slice',
  shape: ([x], { start, shape, step }) => {
    const fits = x!.shape.every((size, axis) => {
      if (shape[axis] === 0) return true
      const first = start[axis]!
      const last = first + (shape[axis]! - 1) * step[axis]!
      return step[axis] !== 0 && Math.min(first, last) >= 0 && Math.max(first, last) < size
    })
    const rank = x!.shape.length
    expectArgument(
      fits && start.length === rank && shape.length === rank && step.length === rank,
      'slice',
      { x, start, shape, step },
      'every selected position must lie inside x, and no step may be 0',
    )
    return [{ shape, dtype: x!.dtype }]
  },
  derivative: {
    kind: 'linear',
    transpose: ([ct], _, { start, shape, step }, [x]) => {
      // pad walks forwards only: turn the axes that were walked backwards
      const backwards = step.map((by) => by < 0)
      const turned = slice(ct!, {
        start: shape.map((size, axis) => (backwards[axis] && size > 0 ? size - 1 : 0)),
        shape,
        step: backwards.map((back) => (back ? -1 : 1)),
      })
      const first = start.map((at, axis) =>
        backwards[axis] ? at + (shape[axis]! - 1) * step[axis]! : at,
      )
      return [pad(turned, { shape: x!.shape, start: first, step: step.map(Math.abs), fill: 0 })]
    },
  },
  batch: ([x], _, { start, shape, step }, size) => [
    slice(x!, { start: [0, ...start], shape: [size, ...shape], step: [1, ...step] }),
  ],
  lower: {
    kind: 'view',
    view: (view, { start, shape, step }) => sliceView(view, start, shape, step),
  },
})
/** Every `step`-th element from `start`; negative steps walk backwards. */
export const slice = (x: Tensor, params: Slicing): Tensor =>
  isWhole(x, params) ? x : bind1(slicePrimitive, [x], params)

/** Where `pad` puts its input: element i at `start + i step` of a `shape` filled with `fill`. */
export interface Padding extends Slicing {
  readonly fill: number
}

export const padPrimitive = define<Padding>({
  name: 'pad',
  shape: ([x], { shape, start, step }) => {
    const fits = shape.every((size, axis) => {
      const inner = x!.shape[axis]!
      const last = start[axis]! + (inner - 1) * step[axis]!
      return inner === 0 || (start[axis]! >= 0 && last < size && step[axis]! >= 1)
    })
    expectArgument(
      fits && shape.length === x!.shape.length,
      'pad',
      { x, shape, start, step },
      'x must fit into the padded shape, and steps must be at least 1',
    )
    return [{ shape, dtype: x!.dtype }]
  },
  derivative: {
    kind: 'smooth',
    partials: [(t, _, __, params) => pad(t, { ...params, fill: 0 })],
    transpose: ([ct], _, { start, step }, [x]) => [slice(ct!, { start, shape: x!.shape, step })],
  },
  batch: ([x], _, { shape, start, step, fill }, size) => [
    pad(x!, { shape: [size, ...shape], start: [0, ...start], step: [1, ...step], fill }),
  ],
  lower: {
    kind: 'place',
    regions: (_, { start, step, fill }) => ({ fill, starts: [start], steps: step }),
  },
})
/** x inside a larger tensor of one value: the adjoint of `slice`. */
export const pad = (x: Tensor, params: Padding): Tensor =>
  isWhole(x, params) ? x : bind1(padPrimitive, [x], params)

/** Where each part of a concatenation begins along its axis. */
const offsets = (parts: readonly Abstract[], axis: number): number[] => {
  let at = 0
  return parts.map((part) => {
    const start = at
    at += part.shape[axis]!
    return start
  })
}

const startAt = (rank: number, axis: number, at: number): Shape =>
  range(rank).map((i) => (i === axis ? at : 0))

export const concatenatePrimitive = define<{ readonly axis: number }>({
  name: 'concatenate',
  shape: (parts, { axis }) => {
    const [first] = parts
    const named = Object.fromEntries(parts.map((part, i) => [`part ${i}`, part]))
    expectArgument(
      first !== undefined && axis >= 0 && axis < first.shape.length,
      'concatenate',
      { ...named, axis },
      'there must be at least one part, and it must have the axis',
    )
    const alike = parts.every(
      (part) =>
        part.dtype === first!.dtype &&
        part.shape.length === first!.shape.length &&
        part.shape.every((size, i) => i === axis || size === first!.shape[i]),
    )
    expectShape(
      alike,
      'concatenate',
      named,
      `parts must have one dtype and agree in every axis but ${axis}`,
    )
    const total = parts.reduce((sum, part) => sum + part.shape[axis]!, 0)
    return [{ shape: first!.shape.with(axis, total), dtype: first!.dtype }]
  },
  derivative: {
    kind: 'linear',
    transpose: ([ct], _, { axis }, types) => {
      const starts = offsets(types, axis)
      return types.map((type, i) =>
        slice(ct!, {
          start: startAt(ct!.rank, axis, starts[i]!),
          shape: type.shape,
          step: type.shape.map(() => 1),
        }),
      )
    },
  },
  batch: (parts, batched, { axis }, size) => [
    concatenate(
      parts.map((part, i) =>
        batched[i]
          ? part
          : broadcast(part, { shape: [size, ...part.shape], axes: shifted(range(part.rank)) }),
      ),
      { axis: axis + 1 },
    ),
  ],
  lower: {
    kind: 'place',
    regions: (parts, { axis }) => {
      const rank = parts[0]!.shape.length
      return {
        fill: null,
        starts: offsets(parts, axis).map((at) => startAt(rank, axis, at)),
        steps: range(rank).map(() => 1),
      }
    },
  },
})
/** Parts one after another along an axis. */
export const concatenate = (parts: readonly Tensor[], params: { readonly axis: number }): Tensor =>
  parts.length === 1 ? parts[0]! : bind1(concatenatePrimitive, parts, params)

export const iotaPrimitive = define<{ readonly length: number }>({
  name: 'iota',
  shape: (_, { length }) => {
    expectArgument(
      Number.isInteger(length) && length >= 0,
      'iota',
      { length },
      'length must be a whole number',
    )
    return [{ shape: [length], dtype: 'int32' }]
  },
  derivative: { kind: 'constant', because: 'integers have no derivative' },
  batch: 'elementwise',
  lower: { kind: 'generate', scalar: (position) => position },
})
/** 0, 1, ..., length - 1 as int32. */
export const iota = (params: { readonly length: number }): Tensor =>
  bind1(iotaPrimitive, [], params)
