/** Reductions over axes, and running sums along one. The sum itself is in broadcast.ts, beside its adjoint. */
import type { Statement } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import { range, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { bind1 } from '../trace/interpreter.ts'
import {
  fullOf,
  type Over,
  otherAxes,
  reduced,
  reducedShape,
  reduceSum,
  shifted,
  unreduce,
  zerosOf,
} from './broadcast.ts'
import { define, type Primitive } from './define.ts'
import { div, mul } from './elementwise.ts'
import { overFibres } from './fibres.ts'
import { compare, select } from './logic.ts'
import { pad, reshape, slice, transpose } from './movement.ts'
import { expectArgument, expectAxes, expectDType, numbers } from './rules.ts'

/** The reduced axes as one last axis. */
const gathered = (x: Tensor, axes: readonly number[]): Tensor => {
  const kept = otherAxes(x.rank, axes)
  const last = transpose(x, { permutation: [...kept, ...axes] })
  const length = sizeOf(axes.map((axis) => x.shape[axis]!))
  return reshape(last, { shape: [...kept.map((axis) => x.shape[axis]!), length] })
}

/** Elements moved by `by` along the last axis, with ones moving in. */
const shift = (x: Tensor, by: number): Tensor => {
  const rank = x.rank
  const length = x.shape[rank - 1]!
  const zeros = range(rank).map(() => 0)
  const ones = range(rank).map(() => 1)
  const kept = slice(x, {
    start: by > 0 ? zeros : zeros.with(rank - 1, -by),
    shape: x.shape.with(rank - 1, length - Math.abs(by)),
    step: ones,
  })
  const start = by > 0 ? zeros.with(rank - 1, by) : zeros
  return pad(kept, { shape: x.shape, start, step: ones, fill: 1 })
}

/** Products of all elements before (direction 1) or after (-1) each one along the last axis, in log2(n) steps. */
const exclusive = (x: Tensor, direction: 1 | -1): Tensor => {
  const length = x.shape[x.rank - 1]!
  let product = shift(x, direction)
  for (let by = 1; by < length; by *= 2) product = mul(product, shift(product, direction * by))
  return product
}

/** How `reduce` combines elements, over which axes. */
export interface Reducing extends Over {
  readonly op: 'mul' | 'max' | 'min'
}

/** The tangent of a product. No division by x, so zeros are exact: [0, 2, 3] gives [6, 0, 0]. */
const productTangent = (t: Tensor, x: Tensor, { axes }: Over): Tensor => {
  const along = gathered(x, axes)
  if (along.size === 0) return reduceSum(t, { axes })
  const others = mul(exclusive(along, 1), exclusive(along, -1))
  return reduceSum(mul(gathered(t, axes), others), { axes: [along.rank - 1] })
}

/** The tangent of the winning element; winners that tie share equally. */
const extremumTangent = (t: Tensor, x: Tensor, y: Tensor, { axes }: Over): Tensor => {
  const wins = compare(x, unreduce(y, x.shape, axes), { op: 'eq' })
  const weight = select(wins, fullOf(x, 1), zerosOf(x))
  return div(reduceSum(mul(t, weight), { axes }), reduceSum(weight, { axes }))
}

export const reducePrimitive: Primitive<Reducing> = define<Reducing>({
  name: 'reduce',
  shape: (inputs, params) => {
    const [x] = inputs
    expectArgument(
      params.op === 'mul' || params.axes.every((axis) => x!.shape[axis]! > 0),
      'reduce',
      { x, axes: params.axes },
      'a reduced axis must not be empty: nothing has no extremum',
    )
    return reduced('reduce')(inputs, params)
  },
  derivative: {
    kind: 'smooth',
    partials: [
      (t, [x], [y], params) =>
        params.op === 'mul' ? productTangent(t, x!, params) : extremumTangent(t, x!, y!, params),
    ],
  },
  batch: ([x], _, { op, axes }) => [bind1(reducePrimitive, [x!], { op, axes: shifted(axes) })],
  lower: { kind: 'reduce', op: ({ op }) => op, axes: ({ axes }) => axes },
})

const reduction =
  (op: Reducing['op']) =>
  (x: Tensor, { axes }: Over): Tensor =>
    axes.length === 0 ? x : bind1(reducePrimitive, [x], { op, axes })
/** Product over `axes`, which disappear. */
export const reduceProd = reduction('mul')
/** Largest over `axes`, which disappear; NaN if any is NaN. */
export const reduceMax = reduction('max')
/** Smallest over `axes`, which disappear; NaN if any is NaN. */
export const reduceMin = reduction('min')

/** Which extremum `argReduce` finds, and where. */
export interface Seeking {
  readonly op: 'max' | 'min'
  readonly axis: number
}

export const argReducePrimitive = define<Seeking>({
  name: 'argReduce',
  shape: ([x], { axis }) => {
    expectDType('argReduce', 'x', x!, numbers)
    expectAxes('argReduce', x!, [axis])
    expectArgument(x!.shape[axis]! > 0, 'argReduce', { x, axis }, 'the axis must not be empty')
    return [{ shape: reducedShape(x!.shape, [axis]), dtype: 'int32' }]
  },
  derivative: { kind: 'constant', because: 'a position does not move' },
  batch: ([x], _, { op, axis }) => [argReduce(x!, { op, axis: axis + 1 })],
  lower: {
    kind: 'loops',
    build: (context, { op, axis }) => {
      const [x] = context.inputs
      const [y] = context.outputs
      return overFibres(context, x!.shape, axis, (fibre) => {
        const [best, at, k] = [context.local(), context.local(), context.index()]
        const bestValue = s.local(x!.dtype, best)
        const value = s.load(x!.dtype, x!.buffer, fibre.at(k))
        const ahead = op === 'max' ? s.lt(bestValue, value) : s.lt(value, bestValue)
        // the first NaN wins for good, as it does in max and min
        const isNaN = s.and(s.not(s.eq(value, value)), s.eq(bestValue, bestValue))
        const search: Statement = {
          kind: 'for',
          index: k,
          extent: fibre.length,
          parallel: false,
          body: [
            {
              kind: 'if',
              condition: s.or(ahead, isNaN),
              then: [
                {
                  kind: 'set',
                  id: at,
                  value: s.indexValue({ base: 0, terms: [{ index: k, stride: 1 }] }),
                },
                { kind: 'set', id: best, value },
              ],
              otherwise: [],
            },
          ],
        }
        const first = { base: 0, terms: fibre.at(k).terms.slice(0, 2) }
        return [
          { kind: 'var', id: best, value: s.load(x!.dtype, x!.buffer, first) },
          { kind: 'var', id: at, value: s.constant('int32', 0) },
          search,
          { kind: 'store', buffer: y!.buffer, at: fibre.reducedAt, value: s.local('int32', at) },
        ]
      })
    },
  },
})
/** Position of the extremum along an axis, which disappears; the first of ties. */
export const argReduce = (x: Tensor, params: Seeking): Tensor =>
  bind1(argReducePrimitive, [x], params)

/** Axis and direction of a running sum. */
export interface Running {
  readonly axis: number
  readonly reverse: boolean
}

export const cumulativeSumPrimitive = define<Running>({
  name: 'cumulativeSum',
  shape: ([x], { axis }) => {
    expectDType('cumulativeSum', 'x', x!, numbers)
    expectAxes('cumulativeSum', x!, [axis])
    return [{ shape: x!.shape, dtype: x!.dtype }]
  },
  derivative: {
    kind: 'linear',
    transpose: ([ct], _, { axis, reverse }) => [cumulativeSum(ct!, { axis, reverse: !reverse })],
  },
  batch: ([x], _, { axis, reverse }) => [cumulativeSum(x!, { axis: axis + 1, reverse })],
  lower: {
    kind: 'loops',
    build: (context, { axis, reverse }) => {
      const [x] = context.inputs
      const [y] = context.outputs
      return overFibres(context, x!.shape, axis, (fibre) => {
        const [total, k] = [context.local(), context.index()]
        const at = fibre.at(k, reverse)
        const next = s.add(s.local(x!.dtype, total), s.load(x!.dtype, x!.buffer, at))
        const body: Statement[] = [
          { kind: 'set', id: total, value: next },
          { kind: 'store', buffer: y!.buffer, at, value: s.local(x!.dtype, total) },
        ]
        return [
          { kind: 'var', id: total, value: s.constant(x!.dtype, 0) },
          { kind: 'for', index: k, extent: fibre.length, parallel: false, body },
        ]
      })
    },
  },
})
/** Sum of all elements up to and including each one along an axis. */
export const cumulativeSum = (x: Tensor, params: Running): Tensor =>
  bind1(cumulativeSumPrimitive, [x], params)
