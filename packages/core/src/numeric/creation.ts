/** Tensors from numbers. Regular fillings are made by primitives, so that inside a compiled function they cost no memory. */
import { hostStorage } from '../backends/storage.ts'
import { allocate, copyOf, type DType, dtypeOf, type ElementSource } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import type { Abstract } from '../graph/graph.ts'
import { broadcast, fullOf } from '../primitives/broadcast.ts'
import { add, convert, mul } from '../primitives/elementwise.ts'
import { compare } from '../primitives/logic.ts'
import { iota } from '../primitives/movement.ts'
import { type Shape, sizeOf } from '../shape.ts'
import { Concrete, type Nested, type Tensor } from '../tensor.ts'
import { expectCount, expectShape } from './operand.ts'

/** Element type of a new tensor; float32 unless said otherwise. */
export interface Creation {
  readonly dtype?: DType
}

const isTyped = (data: unknown): data is ElementSource => dtypeOf(data) !== null

const shapeOfNested = (data: Nested): number[] => {
  const shape: number[] = []
  let level: Nested | undefined = data
  while (Array.isArray(level)) {
    shape.push(level.length)
    level = level[0] as Nested | undefined
  }
  return shape
}

const flattenNested = (data: Nested, shape: Shape): (number | boolean)[] => {
  const flat: (number | boolean)[] = []
  const visit = (part: Nested, depth: number): void => {
    if (depth === shape.length && (typeof part === 'number' || typeof part === 'boolean')) {
      flat.push(part)
    } else if (Array.isArray(part) && part.length === shape[depth]) {
      for (const child of part as readonly Nested[]) visit(child, depth + 1)
    } else {
      const found = Array.isArray(part)
        ? `a list of ${part.length}`
        : part === null || part === undefined
          ? String(part)
          : `no number but a ${typeof part}`
      throw new ShapeError({
        operation: 'tensor',
        inputs: { 'first entries': shape },
        rule: `lists must be nested to one depth with equal lengths; at depth ${depth} there is ${found}`,
      })
    }
  }
  visit(data, 0)
  return flat
}

/**
 * A tensor from nested lists, a number or a typed array (which is copied). Lists of booleans become bool, other numbers
 * float32; a typed array keeps its element type. Throws `ShapeError` for ragged lists and for a `shape` of another size.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * console.log(`${tensor([[1, 2], [3, 4]])}`) // float32[2, 2] [[1,2],[3,4]]
 * console.log(`${tensor(new Int32Array([1, 2, 3, 4]), { shape: [2, 2] })}`) // int32[2, 2] [[1,2],[3,4]]
 * ```
 */
export const tensor = (
  data: Nested | ElementSource,
  options: { readonly shape?: Shape; readonly dtype?: DType } = {},
): Tensor => {
  const found = isTyped(data) ? [data.length] : shapeOfNested(data)
  const flat = isTyped(data) ? data : flattenNested(data, found)
  const natural = dtypeOf(data) ?? (typeof flat[0] === 'boolean' ? 'bool' : 'float32')
  const { shape = found, dtype = natural } = options
  expectShape('tensor', shape)
  if (sizeOf(shape) !== flat.length) {
    throw new ShapeError({
      operation: 'tensor',
      inputs: { data: `${flat.length} elements`, shape },
      rule: `shape needs ${sizeOf(shape)} elements`,
    })
  }
  if (isTyped(data) && dtype !== 'bool') {
    return new Concrete(hostStorage(dtype, copyOf(dtype, data)), [...shape])
  }
  const host = allocate(dtype, flat.length)
  for (let i = 0; i < flat.length; i++) {
    const value = Number(flat[i])
    host[i] = dtype === 'bool' ? Number(value !== 0) : value
  }
  return new Concrete(hostStorage(dtype, host), [...shape])
}

const filled = (
  operation: string,
  shape: Shape,
  value: number | boolean,
  options: Creation,
): Tensor => {
  expectShape(operation, shape)
  const dtype = options.dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32')
  return fullOf({ shape, dtype }, Number(value))
}

/**
 * A tensor of one value.
 * @example
 * ```ts
 * import { full } from '@rootstock/core'
 * console.log(full([2], 7, { dtype: 'int32' }).toArray()) // [ 7, 7 ]
 * ```
 */
export const full = (shape: Shape, value: number | boolean, options: Creation = {}): Tensor =>
  filled('full', shape, value, options)

/**
 * Zeros.
 * @example
 * ```ts
 * import { zeros } from '@rootstock/core'
 * console.log(zeros([2]).toArray()) // [ 0, 0 ]
 * ```
 */
export const zeros = (shape: Shape, options: Creation = {}): Tensor =>
  filled('zeros', shape, 0, options)

/**
 * Ones.
 * @example
 * ```ts
 * import { ones } from '@rootstock/core'
 * console.log(ones([2]).toArray()) // [ 1, 1 ]
 * ```
 */
export const ones = (shape: Shape, options: Creation = {}): Tensor =>
  filled('ones', shape, 1, options)

/**
 * A tensor of one value with the shape and dtype of another.
 * @example
 * ```ts
 * import { fullLike, tensor } from '@rootstock/core'
 * console.log(fullLike(tensor([1, 2]), 5).toArray()) // [ 5, 5 ]
 * ```
 */
export const fullLike = (x: Abstract, value: number | boolean, options: Creation = {}): Tensor =>
  full(x.shape, value, { dtype: options.dtype ?? x.dtype })

/**
 * Zeros with the shape and dtype of another tensor.
 * @example
 * ```ts
 * import { tensor, zerosLike } from '@rootstock/core'
 * console.log(zerosLike(tensor([1, 2])).toArray()) // [ 0, 0 ]
 * ```
 */
export const zerosLike = (x: Abstract, options: Creation = {}): Tensor => fullLike(x, 0, options)

/**
 * Ones with the shape and dtype of another tensor.
 * @example
 * ```ts
 * import { onesLike, tensor } from '@rootstock/core'
 * console.log(onesLike(tensor([3, 4])).toArray()) // [ 1, 1 ]
 * ```
 */
export const onesLike = (x: Abstract, options: Creation = {}): Tensor => fullLike(x, 1, options)

/** For each element of a matrix, whether its column is `offset` to the right of its row (eq), or at most (le). */
export const band = (rows: number, columns: number, offset: number, op: 'eq' | 'le'): Tensor => {
  const spread = (length: number, axis: number) =>
    broadcast(iota({ length }), { shape: [rows, columns], axes: [axis] })
  const row = spread(rows, 0)
  return compare(spread(columns, 1), add(row, fullOf(row, offset)), { op })
}

/**
 * Identity matrix: ones on the diagonal of [rows, columns], square by default.
 * @example
 * ```ts
 * import { eye } from '@rootstock/core'
 * console.log(eye(2).toArray()) // [ [ 1, 0 ], [ 0, 1 ] ]
 * ```
 */
export const eye = (rows: number, columns = rows, options: Creation = {}): Tensor => {
  expectShape('eye', [rows, columns])
  return convert(band(rows, columns, 0, 'eq'), { dtype: options.dtype ?? 'float32' })
}

/**
 * start, start + step, ... below stop (above, for a negative step). `arange(stop)` starts at 0. The dtype is int32 when
 * all three are whole numbers, else float32.
 * @example
 * ```ts
 * import { arange } from '@rootstock/core'
 * console.log(arange(3).toArray(), arange(1, 0, -0.5).toArray()) // [ 0, 1, 2 ] [ 1, 0.5 ]
 * ```
 */
export const arange = (start: number, stop?: number, step = 1, options: Creation = {}): Tensor => {
  const [first, end] = stop === undefined ? [0, start] : [start, stop]
  if (!(Math.abs(step) > 0) || !Number.isFinite((end - first) / step)) {
    throw new ArgumentError({
      operation: 'arange',
      inputs: { start: first, stop: end, step },
      rule: 'start and stop must be finite and step must not be 0',
    })
  }
  const length = Math.max(0, Math.ceil((end - first) / step))
  const whole = [first, end, step].every(Number.isInteger)
  const dtype = options.dtype ?? (whole ? 'int32' : 'float32')
  if (!whole) {
    return tensor(
      Float64Array.from({ length }, (_, i) => first + i * step),
      { dtype },
    )
  }
  const counts = iota({ length })
  return convert(add(mul(counts, fullOf(counts, step)), fullOf(counts, first)), { dtype })
}

/**
 * `count` points at equal distances from start to stop, both included exactly.
 * @example
 * ```ts
 * import { linspace } from '@rootstock/core'
 * console.log(linspace(0, 1, 5).toArray()) // [ 0, 0.25, 0.5, 0.75, 1 ]
 * ```
 */
export const linspace = (
  start: number,
  stop: number,
  count: number,
  options: Creation = {},
): Tensor => {
  expectCount('linspace', 'count', count)
  const at = (i: number) =>
    i === 0 ? start : i === count - 1 ? stop : start + (i * (stop - start)) / (count - 1)
  const points = Float64Array.from({ length: count }, (_, i) => at(i))
  return tensor(points, { dtype: options.dtype ?? 'float32' })
}
