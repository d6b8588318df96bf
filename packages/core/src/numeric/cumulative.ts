/** Running results along an axis, each element including itself. */
import { mul } from '../primitives/elementwise.ts'
import { bitwise, compare, not, select } from '../primitives/logic.ts'
import { pad, slice } from '../primitives/movement.ts'
import { cumulativeSum } from '../primitives/reduction.ts'
import { range } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { logAddExp } from './exponential.ts'
import { axisOf, type Operand, single } from './operand.ts'

/** The axis to run along, and whether to run from its end. */
export interface Running {
  readonly axis: number
  readonly reverse?: boolean
}

/** x moved by `by` positions along an axis toward the end (reverse: the start), with `fill` moving in. */
const moved = (x: Tensor, axis: number, by: number, fill: number, reverse: boolean): Tensor => {
  const zeros = range(x.rank).map(() => 0)
  const ones = range(x.rank).map(() => 1)
  const there = zeros.with(axis, by)
  const kept = x.shape.with(axis, x.shape[axis]! - by)
  const part = slice(x, { start: reverse ? there : zeros, shape: kept, step: ones })
  return pad(part, { shape: x.shape, start: reverse ? zeros : there, step: ones, fill })
}

/** Combines every element with all before it by an associative operation, in log2(n) elementwise steps. */
const running =
  (
    operation: string,
    domain: 'number' | 'float',
    identity: (x: Tensor) => number,
    combine: (earlier: Tensor, later: Tensor) => Tensor,
  ) =>
  (x: Operand, { axis, reverse = false }: Running): Tensor => {
    let y = single(operation, x, domain)
    const at = axisOf(operation, y, axis)
    const start = identity(y)
    for (let by = 1; by < y.shape[at]!; by *= 2) y = combine(moved(y, at, by, start, reverse), y)
    return y
  }

/**
 * Running sum along an axis.
 * @example
 * ```ts
 * import { cumSum, tensor } from '@rootstock/core'
 * console.log(cumSum(tensor([1, 2, 3]), { axis: 0 }).toArray()) // [ 1, 3, 6 ]
 * ```
 */
export const cumSum = (x: Operand, { axis, reverse = false }: Running): Tensor => {
  const given = single('cumSum', x, 'number')
  return cumulativeSum(given, { axis: axisOf('cumSum', given, axis), reverse })
}

/**
 * Running product along an axis. It multiplies only, so the gradient is exact where factors are 0.
 * @example
 * ```ts
 * import { cumProd, tensor } from '@rootstock/core'
 * console.log(cumProd(tensor([1, 2, 3]), { axis: 0 }).toArray()) // [ 1, 2, 6 ]
 * ```
 */
export const cumProd = running('cumProd', 'number', () => 1, mul)

/** The later element where it is larger or NaN, so that ties leave the gradient with the first. */
const larger = (earlier: Tensor, later: Tensor): Tensor => {
  const isNaN = not(compare(later, later, { op: 'eq' }))
  const wins = bitwise(compare(earlier, later, { op: 'lt' }), isNaN, { op: 'or' })
  return select(wins, later, earlier)
}

/**
 * Running maximum along an axis. The gradient goes to the entry that holds the maximum, the first of ties.
 * @example
 * ```ts
 * import { cumMax, tensor } from '@rootstock/core'
 * console.log(cumMax(tensor([1, 3, 2]), { axis: 0 }).toArray()) // [ 1, 3, 3 ]
 * ```
 */
export const cumMax = running(
  'cumMax',
  'number',
  (x) => (x.dtype === 'int32' ? -(2 ** 31) : -Infinity),
  larger,
)

/**
 * Running log(sum e^x) along an axis, for any magnitudes.
 * @example
 * ```ts
 * import { logCumSumExp, tensor } from '@rootstock/core'
 * console.log(logCumSumExp(tensor([1000, -Infinity]), { axis: 0 }).toArray()) // [ 1000, 1000 ]
 * ```
 */
export const logCumSumExp = running('logCumSumExp', 'float', () => -Infinity, logAddExp)
