/**
 * Convolution (cross-correlation, as the field means it): a contraction whose left input is seen through sliding windows.
 * Input [n, ...space, groups, in], kernel [...window, groups, in, out], output [groups, n, ...places, out]. Padding is part of
 * it, so that the derivatives, convolutions again, compute nothing that is cut away later.
 */
import type { Abstract } from '../graph/graph.ts'
import type { View } from '../graph/view.ts'
import { range, type Shape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { bind1 } from '../trace/interpreter.ts'
import { zerosOf } from './broadcast.ts'
import { type ContractionAxes, define, type Primitive } from './define.ts'
import { concatenate, pad, reshape, slice, transpose } from './movement.ts'
import { expectArgument, expectDType, expectPairDType, expectShape, floats } from './rules.ts'

/** How windows lie, for each axis of space. */
export interface Convolving {
  /** From the start of a window to that of the next. */
  readonly stride: Shape
  /** From an entry of a window to the next. */
  readonly dilation: Shape
  /** Zeros around space; what is negative is cut. */
  readonly padding: readonly (readonly [before: number, after: number])[]
}

/** Places that a window has along an axis. */
const placesOf = (size: number, window: number, stride: number, dilation: number): number =>
  Math.max(0, Math.floor((size - dilation * (window - 1) - 1) / stride) + 1)

const outputPlaces = (x: Abstract, w: Abstract, params: Convolving): number[] =>
  params.stride.map((step, i) => {
    const [before, after] = params.padding[i]!
    return placesOf(x.shape[i + 1]! + before + after, w.shape[i]!, step, params.dilation[i]!)
  })

/** Padded x as [n, ...places, ...window, groups, in]. */
const windowView = (view: View, { stride, dilation }: Convolving, window: Shape): View => {
  const d = stride.length
  const { shape, strides } = view
  const places = stride.map((step, i) => placesOf(shape[i + 1]!, window[i]!, step, dilation[i]!))
  const along = (steps: Shape) => steps.map((step, i) => step * strides[i + 1]!)
  return {
    offset: view.offset,
    shape: [shape[0]!, ...places, ...window, ...shape.slice(d + 1)],
    strides: [strides[0]!, ...along(stride), ...along(dilation), ...strides.slice(d + 1)],
  }
}

const axesOf = ({ stride: { length: d } }: Convolving): ContractionAxes => ({
  batch: [[2 * d + 1, d]],
  sum: [...range(d).map((i) => [d + 1 + i, i] as const), [2 * d + 2, d + 1]],
})

/** Axes by role: `space` runs from `from` on. */
const spaceAxes = (d: number, from: number): number[] => range(d).map((i) => from + i)

/**
 * Sum over places of windows of x with the cotangent: the cotangent is a kernel, channels are examples, and examples one more
 * axis of space, whose only window sees all of it.
 */
const kernelCotangent = (ct: Tensor, x: Tensor, w: Abstract, params: Convolving): Tensor => {
  if (ct.size === 0 || x.size === 0) return zerosOf(w)
  const { stride, dilation, padding } = params
  const d = stride.length
  const channels = transpose(x, { permutation: [d + 2, ...spaceAxes(d + 1, 0), d + 1] })
  const places = transpose(ct, { permutation: [...spaceAxes(d + 1, 1), 0, d + 2] })
  const input = reshape(channels, { shape: [...channels.shape, 1] })
  const kernel = reshape(places, {
    shape: [...places.shape.slice(0, -1), 1, places.shape[d + 2]!],
  })
  // as far as the last window reaches: a stride may leave a rest of x unseen
  const ends = padding.map(([before], i) => {
    const reach = dilation[i]! * (w.shape[i]! - 1) + stride[i]! * (places.shape[i + 1]! - 1) + 1
    return [before, reach - before - x.shape[i + 1]!] as const
  })
  const found = convolve(input, kernel, {
    stride: [1, ...dilation],
    dilation: [1, ...stride],
    padding: [[0, 0], ...ends],
  })
  // axes now: groups, in, the one window of examples, the window, out
  const kept = reshape(found, { shape: found.shape.toSpliced(2, 1) })
  return transpose(kept, { permutation: [...spaceAxes(d, 2), 0, 1, d + 2] })
}

/** Entries `first`, `first + step` ... of an axis of the kernel, `count` of them. */
interface Taps {
  readonly first: number
  readonly step: number
  readonly count: number
}

/** One axis of every stride-th entry of x, from `start` on: which taps meet them, and how these slide over the cotangent. */
interface Phase extends Taps {
  readonly dilation: number
  readonly padding: readonly [before: number, after: number]
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/**
 * Entry q = start + stride i of x meets place p by tap t where p stride + t dilation = q + before. Such taps are as many steps
 * of stride / gcd(stride, dilation) as the kernel has; from each to the next, p falls by dilation / gcd(stride, dilation).
 */
const phaseOf = (
  start: number,
  [size, places, window]: readonly [size: number, places: number, window: number],
  [stride, dilation, before]: readonly [stride: number, dilation: number, before: number],
): Phase => {
  const common = gcd(stride, dilation)
  const step = stride / common
  const found = range(Math.min(step, window)).find(
    (tap) => (start + before - tap * dilation) % stride === 0,
  )
  const first = found ?? window
  const count = Math.ceil((window - first) / step)
  const slide = dilation / common
  const place = (start + before - first * dilation) / stride
  const entries = Math.ceil(size / stride)
  return {
    first,
    step,
    count,
    dilation: slide,
    padding: [(count - 1) * slide - place, entries - places + place],
  }
}

/** Entries of x that all phases have, from the cotangent `[n, ...places, groups, out]`. */
const phaseCotangent = (placed: Tensor, w: Tensor, phases: readonly Phase[]): Tensor => {
  const d = phases.length
  const taps = slice(w, {
    start: w.shape.map((_, i) =>
      i < d ? phases[i]!.first + (phases[i]!.count - 1) * phases[i]!.step : 0,
    ),
    shape: w.shape.map((size, i) => phases[i]?.count ?? size),
    step: w.shape.map((_, i) => (i < d ? -phases[i]!.step : 1)),
  })
  const found = convolve(
    placed,
    transpose(taps, { permutation: [...spaceAxes(d, 0), d, d + 2, d + 1] }),
    {
      stride: phases.map(() => 1),
      dilation: phases.map(({ dilation }) => dilation),
      padding: phases.map(({ padding }) => padding),
    },
  )
  return transpose(found, { permutation: [1, ...spaceAxes(d, 2), 0, d + 2] })
}

/** Every part has each `parts.length`-th entry of an axis: all of them in turn, `size` in all. */
const interleaved = (parts: readonly Tensor[], axis: number, size: number): Tensor => {
  if (parts.length === 1) return parts[0]!
  const [{ shape }] = parts as [Tensor]
  const columns = parts.map((part) => reshape(part, { shape: shape.toSpliced(axis + 1, 0, 1) }))
  const all = reshape(concatenate(columns, { axis: axis + 1 }), {
    shape: shape.with(axis, parts.length * shape[axis]!),
  })
  return slice(all, {
    start: shape.map(() => 0),
    shape: all.shape.with(axis, size),
    step: shape.map(() => 1),
  })
}

/** Phases up to which each is computed by itself; with more, the cotangent is spread out with zeros between. */
const mostPhases = 16

/**
 * The adjoint of convolution in its input, of the type `x`: the kernel turned, sliding over the cotangent. For each remainder
 * of an entry of x by the stride only the taps that meet it are computed.
 */
export const convolveAdjoint = (ct: Tensor, w: Tensor, x: Abstract, params: Convolving): Tensor => {
  if (ct.size === 0 || w.size === 0) return zerosOf(x)
  const { dilation, padding } = params
  const d = params.stride.length
  const placed = transpose(ct, { permutation: [1, ...spaceAxes(d, 2), 0, d + 2] })
  const isSpread = sizeOf(params.stride) > mostPhases
  const stride = isSpread ? params.stride.map(() => 1) : params.stride
  const spread = pad(placed, {
    shape: placed.shape.map((size, axis) =>
      isSpread && axis > 0 && axis <= d ? (size - 1) * params.stride[axis - 1]! + 1 : size,
    ),
    start: placed.shape.map(() => 0),
    step: isSpread ? [1, ...params.stride, 1, 1] : placed.shape.map(() => 1),
    fill: 0,
  })
  const phases = stride.map((step, i) =>
    range(step).map((start) =>
      phaseOf(
        start,
        [x.shape[i + 1]!, spread.shape[i + 1]!, w.shape[i]!],
        [step, dilation[i]!, padding[i]![0]],
      ),
    ),
  )
  const entries = (axis: number) => Math.ceil(x.shape[axis]! / (stride[axis - 1] ?? 1))
  const joined = (chosen: readonly Phase[]): Tensor => {
    const axis = chosen.length
    if (axis < d) {
      const parts = phases[axis]!.map((phase) => joined([...chosen, phase]))
      return interleaved(parts, axis + 1, x.shape[axis + 1]!)
    }
    if (chosen.every(({ count }) => count > 0)) return phaseCotangent(spread, w, chosen)
    return zerosOf({ dtype: x.dtype, shape: x.shape.map((_, i) => entries(i)) })
  }
  return joined([])
}

/** Examples of the input as more rows, examples of the kernel as more channels, of both as more groups. */
const batchConvolve = (
  [x, w]: readonly [Tensor, Tensor],
  [inputs, kernels]: readonly [boolean, boolean],
  params: Convolving,
  size: number,
): Tensor => {
  const d = params.stride.length
  if (inputs && kernels) {
    const merged = (t: Tensor, at: number): Tensor => {
      const moved = transpose(t, {
        permutation: [...spaceAxes(at, 1), 0, ...range(t.rank).slice(at + 1)],
      })
      const [own, rest] = [moved.shape.slice(0, at), moved.shape.slice(at + 2)]
      return reshape(moved, { shape: [...own, size * moved.shape[at + 1]!, ...rest] })
    }
    const y = convolve(merged(x, d + 1), merged(w, d), params)
    return reshape(y, { shape: [size, y.shape[0]! / size, ...y.shape.slice(1)] })
  }
  if (inputs) {
    const y = convolve(reshape(x, { shape: [size * x.shape[1]!, ...x.shape.slice(2)] }), w, params)
    const apart = reshape(y, { shape: [y.shape[0]!, size, x.shape[1]!, ...y.shape.slice(2)] })
    return transpose(apart, { permutation: [1, 0, ...range(apart.rank).slice(2)] })
  }
  const last = w.rank - 1
  const moved = transpose(w, { permutation: [...spaceAxes(last - 1, 1), 0, last] })
  const wide = reshape(moved, { shape: [...moved.shape.slice(0, -2), size * w.shape[last]!] })
  const y = convolve(x, wide, params)
  const apart = reshape(y, { shape: [...y.shape.slice(0, -1), size, w.shape[last]!] })
  const at = apart.rank - 2
  return transpose(apart, { permutation: [at, ...range(at), at + 1] })
}

export const convolvePrimitive: Primitive<Convolving> = define<Convolving>({
  name: 'convolve',
  shape: ([x, w], params) => {
    const d = params.stride.length
    expectDType('convolve', 'input', x!, floats)
    expectPairDType('convolve', x!, w!)
    const isCount = (size: number) => Number.isInteger(size) && size >= 1
    expectArgument(
      params.dilation.length === d && [...params.stride, ...params.dilation].every(isCount),
      'convolve',
      { input: x, kernel: w, stride: params.stride, dilation: params.dilation },
      'stride and dilation must be whole numbers of at least 1, one for each axis of space',
    )
    expectArgument(
      params.padding.length === d && params.padding.flat().every(Number.isInteger),
      'convolve',
      { input: x, kernel: w, padding: params.padding.flat() },
      'padding must be two whole numbers for each axis of space',
    )
    expectShape(
      x!.shape.length === d + 3 &&
        w!.shape.length === d + 3 &&
        x!.shape[d + 1] === w!.shape[d] &&
        x!.shape[d + 2] === w!.shape[d + 1],
      'convolve',
      { input: x, kernel: w },
      'input [n, ...space, groups, in] and kernel [...window, groups, in, out] must agree in groups and in',
    )
    const places = outputPlaces(x!, w!, params)
    return [
      { dtype: x!.dtype, shape: [x!.shape[d + 1]!, x!.shape[0]!, ...places, w!.shape.at(-1)!] },
    ]
  },
  derivative: {
    kind: 'bilinear',
    transpose: ([ct], [x, w], params, types) =>
      x === null
        ? [convolveAdjoint(ct!, w!, types[0]!, params), null]
        : [null, kernelCotangent(ct!, x!, types[1]!, params)],
  },
  batch: ([x, w], [inputs, kernels], params, size) => [
    batchConvolve([x!, w!], [inputs!, kernels!], params, size),
  ],
  lower: {
    kind: 'contract',
    axes: axesOf,
    depthwise: ({ stride: { length: d } }, { shape }) =>
      shape[d]! > 1 && shape[d + 1] === 1 && shape[d + 2] === 1,
    margin: ({ padding }) => [[0, 0], ...padding, [0, 0], [0, 0]],
    left: (view, params, { shape }) =>
      windowView(view, params, shape.slice(0, params.stride.length)),
  },
})
/** Sums of products of windows of x [n, ...space, groups, in] with w [...window, groups, in, out]. */
export const convolve = (x: Tensor, w: Tensor, params: Convolving): Tensor =>
  bind1(convolvePrimitive, [x, w], params)
