/** Reductions over axes. Without `axis` all axes are reduced; `keepDims` leaves them with size 1. */
import { fullOf, reducedShape, reduceSum, unreduce, zerosOf } from '../primitives/broadcast.ts'
import * as primitive from '../primitives/elementwise.ts'
import { compare, not, select } from '../primitives/logic.ts'
import { reshape } from '../primitives/movement.ts'
import { argReduce, reduceMax, reduceMin, reduceProd } from '../primitives/reduction.ts'
import { range, type Shape, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { scaleOf, sqrtOfSquares } from './exponential.ts'
import { axesOf, axisOf, type Domain, expectElements, type Operand, single } from './operand.ts'

/** Axes to reduce, all by default, negative ones counted from the end; and whether they stay with size 1. */
export interface Reduction {
  readonly axis?: number | readonly number[]
  readonly keepDims?: boolean
}

const keep = (x: Tensor, shape: Shape, axes: readonly number[], keepDims = false): Tensor =>
  keepDims ? reshape(x, { shape: shape.map((size, axis) => (axes.includes(axis) ? 1 : size)) }) : x

const reduction =
  (operation: string, domain: Domain, reduce: (x: Tensor, axes: readonly number[]) => Tensor) =>
  (x: Operand, options: Reduction = {}): Tensor => {
    const given = single(operation, x, domain)
    const axes = axesOf(operation, given, options.axis)
    return keep(reduce(given, axes), given.shape, axes, options.keepDims)
  }

const countOf = (x: Tensor, axes: readonly number[]): number =>
  sizeOf(axes.map((axis) => x.shape[axis]!))

const meanOver = (x: Tensor, axes: readonly number[]): Tensor => {
  const total = reduceSum(x, { axes })
  return primitive.div(total, fullOf(total, countOf(x, axes)))
}

/**
 * Sum over axes; 0 for nothing. bool counts as int32.
 * @example
 * ```ts
 * import { sum, tensor } from '@rootstock/core'
 * console.log(sum(tensor([[1, 2], [3, 4]]), { axis: 0 }).toArray()) // [ 4, 6 ]
 * ```
 */
export const sum = reduction('sum', 'number', (x, axes) => reduceSum(x, { axes }))

/**
 * Arithmetic mean over axes, in floats; NaN for nothing.
 * @example
 * ```ts
 * import { mean, tensor } from '@rootstock/core'
 * console.log(mean(tensor([[1, 2], [3, 4]]), { axis: 1 }).toArray()) // [ 1.5, 3.5 ]
 * ```
 */
export const mean = reduction('mean', 'float', meanOver)

/**
 * Product over axes; 1 for nothing. The gradient is exact where factors are 0.
 * @example
 * ```ts
 * import { prod, tensor } from '@rootstock/core'
 * console.log(prod(tensor([2, 3, 4])).item()) // 24
 * ```
 */
export const prod = reduction('prod', 'number', (x, axes) => reduceProd(x, { axes }))

/**
 * Largest element over axes; NaN if any is NaN. Tied maxima share the gradient evenly.
 * @example
 * ```ts
 * import { max, tensor } from '@rootstock/core'
 * console.log(max(tensor([[1, 4], [3, 2]]), { axis: 1 }).toArray()) // [ 4, 3 ]
 * ```
 */
export const max = reduction('max', 'number', (x, axes) => {
  expectElements('max', x, axes)
  return reduceMax(x, { axes })
})

/**
 * Smallest element over axes; NaN if any is NaN. Tied minima share the gradient evenly.
 * @example
 * ```ts
 * import { min, tensor } from '@rootstock/core'
 * console.log(min(tensor([[1, 4], [3, 2]]), { axis: 1 }).toArray()) // [ 1, 2 ]
 * ```
 */
export const min = reduction('min', 'number', (x, axes) => {
  expectElements('min', x, axes)
  return reduceMin(x, { axes })
})

/** A reduction whose divisor is the count less `correction`. */
export interface Spread extends Reduction {
  /** 0 for the mean square deviation (default), 1 for the unbiased estimate. */
  readonly correction?: number
}

const varianceOver = (x: Tensor, axes: readonly number[], correction: number): Tensor => {
  // two passes: deviations from the mean do not cancel as E x^2 - (E x)^2 does
  const deviation = primitive.sub(x, unreduce(meanOver(x, axes), x.shape, axes))
  const total = reduceSum(primitive.mul(deviation, deviation), { axes })
  return primitive.div(total, fullOf(total, Math.max(0, countOf(x, axes) - correction)))
}

/**
 * Variance sum (x - mean)^2 / (n - correction) over axes, in two passes; NaN where n = correction.
 * @example
 * ```ts
 * import { tensor, variance } from '@rootstock/core'
 * console.log(variance(tensor([1, 3])).item(), variance(tensor([1, 3]), { correction: 1 }).item()) // 1 2
 * ```
 */
export const variance = (x: Operand, { correction = 0, ...options }: Spread = {}): Tensor =>
  reduction('variance', 'float', (y, axes) => varianceOver(y, axes, correction))(x, options)

/**
 * Standard deviation, the root of `variance`. Where all elements are equal its gradient is 0.
 * @example
 * ```ts
 * import { std, tensor } from '@rootstock/core'
 * console.log(std(tensor([1, 3])).item()) // 1
 * ```
 */
export const std = (x: Operand, { correction = 0, ...options }: Spread = {}): Tensor =>
  reduction('std', 'float', (y, axes) => sqrtOfSquares(varianceOver(y, axes, correction)))(
    x,
    options,
  )

/** Which norm. */
export interface Norm extends Reduction {
  /** 2 (default), 1, Infinity, -Infinity, 0 (count of non-zeros) or any positive power. */
  readonly order?: number
}

const powerNorm = (x: Tensor, axes: readonly number[], order: number): Tensor => {
  const size = primitive.abs(x)
  if (order === 1) return reduceSum(size, { axes })
  if (countOf(x, axes) === 0) return reduceSum(x, { axes })
  // elements are divided by the largest, so that their powers neither overflow nor vanish
  const scale = scaleOf(reduceMax(size, { axes }))
  const unit = primitive.div(size, unreduce(scale, x.shape, axes))
  if (order === 2) {
    return primitive.mul(scale, sqrtOfSquares(reduceSum(primitive.mul(unit, unit), { axes })))
  }
  const total = reduceSum(primitive.pow(unit, fullOf(unit, order)), { axes })
  const isZero = compare(total, zerosOf(total), { op: 'eq' })
  const safe = select(isZero, fullOf(total, 1), total)
  const root = primitive.pow(safe, fullOf(total, 1 / order))
  return primitive.mul(scale, select(isZero, zerosOf(total), root))
}

/**
 * Vector norm (sum |x|^order)^(1/order) over axes, without overflow. The gradient of a zero vector is 0.
 * @example
 * ```ts
 * import { norm, tensor } from '@rootstock/core'
 * console.log(norm(tensor([3, 4])).item(), norm(tensor([3, -4]), { order: 1 }).item()) // 5 7
 * ```
 */
export const norm = (x: Operand, { order = 2, ...options }: Norm = {}): Tensor =>
  reduction('norm', 'float', (y, axes) => {
    if (Math.abs(order) === Infinity) expectElements('norm', y, axes)
    if (order === Infinity) return reduceMax(primitive.abs(y), { axes })
    if (order === -Infinity) return reduceMin(primitive.abs(y), { axes })
    if (order === 0) return primitive.convert(countOver(y, axes), { dtype: y.dtype })
    return powerNorm(y, axes, order)
  })(x, options)

/** The largest element over axes as a constant shift: 0 where it is infinite, so that x - shift is never NaN. */
export const shiftOf = (x: Tensor, axes: readonly number[]): Tensor => {
  const top = reduceMax(primitive.stopGradient(x), { axes })
  const isFinite = compare(primitive.abs(top), fullOf(top, Infinity), { op: 'lt' })
  return select(isFinite, top, zerosOf(top))
}

const logSumExpOver = (x: Tensor, axes: readonly number[]): Tensor => {
  if (countOf(x, axes) === 0) {
    return fullOf({ shape: reducedShape(x.shape, axes), dtype: x.dtype }, -Infinity)
  }
  const shift = shiftOf(x, axes)
  const total = reduceSum(primitive.exp(primitive.sub(x, unreduce(shift, x.shape, axes))), { axes })
  // a row of -Infinity: the logarithm of a harmless number, so that the gradient is 0 and not NaN
  const isEmpty = compare(total, zerosOf(total), { op: 'eq' })
  const value = primitive.add(primitive.log(select(isEmpty, fullOf(total, 1), total)), shift)
  return select(isEmpty, fullOf(total, -Infinity), value)
}

/**
 * log(sum e^x) over axes, for any magnitudes. Nothing, or only -Infinity, gives -Infinity with gradient 0.
 * @example
 * ```ts
 * import { logSumExp, tensor } from '@rootstock/core'
 * console.log(logSumExp(tensor([1000, -Infinity])).item()) // 1000
 * ```
 */
export const logSumExp = reduction('logSumExp', 'float', logSumExpOver)

const someOver = (x: Tensor, axes: readonly number[]): Tensor => {
  const total = reduceSum(primitive.convert(x, { dtype: 'int32' }), { axes })
  return not(compare(total, zerosOf(total), { op: 'eq' }))
}

/**
 * True where any element over the axes is; false for nothing.
 * @example
 * ```ts
 * import { any, tensor } from '@rootstock/core'
 * console.log(any(tensor([[true, false], [false, false]]), { axis: 1 }).toArray()) // [ true, false ]
 * ```
 */
export const any = reduction('any', 'bool', someOver)

/**
 * True where all elements over the axes are; true for nothing.
 * @example
 * ```ts
 * import { all, tensor } from '@rootstock/core'
 * console.log(all(tensor([[true, true], [false, true]]), { axis: 1 }).toArray()) // [ true, false ]
 * ```
 */
export const all = reduction('all', 'bool', (x, axes) => not(someOver(not(x), axes)))

const countOver = (x: Tensor, axes: readonly number[]): Tensor => {
  const isZero = compare(x, zerosOf(x), { op: 'eq' })
  return reduceSum(primitive.convert(not(isZero), { dtype: 'int32' }), { axes })
}

/**
 * How many elements over the axes are not 0, int32.
 * @example
 * ```ts
 * import { countNonzero, tensor } from '@rootstock/core'
 * console.log(countNonzero(tensor([3, 0, -1])).item()) // 2
 * ```
 */
export const countNonzero = reduction('countNonzero', 'any', countOver)

/** One axis; without it the elements are taken in row-major order. */
export interface Along {
  readonly axis?: number
  readonly keepDims?: boolean
}

const position =
  (operation: string, op: 'max' | 'min') =>
  (x: Operand, { axis, keepDims }: Along = {}): Tensor => {
    const given = single(operation, x, 'number')
    if (axis === undefined) {
      expectElements(operation, given, range(given.rank))
      const flat = argReduce(reshape(given, { shape: [given.size] }), { op, axis: 0 })
      return keepDims ? reshape(flat, { shape: given.shape.map(() => 1) }) : flat
    }
    const at = axisOf(operation, given, axis)
    expectElements(operation, given, [at])
    return keep(argReduce(given, { op, axis: at }), given.shape, [at], keepDims)
  }

/**
 * Position of the largest element along an axis, int32; the first of ties, the first NaN if there is one.
 * @example
 * ```ts
 * import { argMax, tensor } from '@rootstock/core'
 * console.log(argMax(tensor([[1, 4, 4], [3, 2, 1]]), { axis: 1 }).toArray()) // [ 1, 0 ]
 * ```
 */
export const argMax = position('argMax', 'max')

/**
 * Position of the smallest element along an axis, int32; the first of ties, the first NaN if there is one.
 * @example
 * ```ts
 * import { argMin, tensor } from '@rootstock/core'
 * console.log(argMin(tensor([[1, 4, 4], [3, 2, 1]]), { axis: 1 }).toArray()) // [ 0, 2 ]
 * ```
 */
export const argMin = position('argMin', 'min')
