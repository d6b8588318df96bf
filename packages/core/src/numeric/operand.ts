/**
 * What user functions accept and how operands are brought together. Primitives are strict; everything a user may leave
 * out (equal shapes, equal dtypes, tensors instead of numbers) is supplied here, once, so that no derivative rule ever
 * has to undo a broadcast it did not see.
 */
import { type DType, isFloat, promote } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import { broadcast, scalarOf } from '../primitives/broadcast.ts'
import { convert } from '../primitives/elementwise.ts'
import { reshape } from '../primitives/movement.ts'
import { broadcastShapes, equalShapes, normalizeAxis, range, type Shape } from '../shape.ts'
import { Tensor } from '../tensor.ts'

/** Anything arithmetic accepts. A number has no dtype of its own: it takes that of the tensor it meets. */
export type Operand = Tensor | number | boolean

/** Which dtypes an operation computes in; operands of a smaller dtype are converted. */
export type Domain = 'any' | 'number' | 'float' | 'bool'

const isInt32 = (value: number): boolean => (value | 0) === value

/** The dtype of operands together: promotion of the tensors; fractions turn int32 and bool into float32. */
export const resultType = (operands: readonly Operand[]): DType => {
  const strong = operands.flatMap((x) =>
    typeof x === 'number' ? [] : [typeof x === 'boolean' ? ('bool' as const) : x.dtype],
  )
  if (strong.length === 0) return 'float32'
  const met = strong.reduce(promote)
  if (isFloat(met)) return met
  const numbers = operands.filter((x) => typeof x === 'number')
  if (numbers.length === 0) return met
  return numbers.every(isInt32) ? 'int32' : 'float32'
}

const within = (domain: Domain, dtype: DType): DType =>
  domain === 'bool'
    ? 'bool'
    : domain === 'float'
      ? promote(dtype, 'float32')
      : domain === 'number'
        ? promote(dtype, 'int32')
        : dtype

/** An operand as a tensor of a dtype. */
const asTensor = (x: Operand, dtype: DType): Tensor => {
  if (typeof x === 'number' || typeof x === 'boolean') return scalarOf(Number(x), dtype)
  return convert(x, { dtype })
}

const expectOperand = (operation: string, name: string, x: unknown): void => {
  if (x instanceof Tensor || typeof x === 'number' || typeof x === 'boolean') return
  throw new ArgumentError({
    operation,
    inputs: { [name]: Array.isArray(x) ? 'an array' : x },
    rule: `${name} must be a tensor, a number or a boolean`,
    ...(Array.isArray(x) ? { hint: 'make a tensor of it with tensor(...)' } : {}),
  })
}

/** One operand as a tensor of a domain's dtype. */
export const single = (operation: string, x: Operand, domain: Domain, name = 'x'): Tensor => {
  expectOperand(operation, name, x)
  return asTensor(x, within(domain, resultType([x])))
}

/** x under a shape it broadcasts to; the caller has checked that it does. */
export const stretch = (x: Tensor, shape: Shape): Tensor => {
  if (equalShapes(x.shape, shape)) return x
  const shift = shape.length - x.rank
  const kept = range(x.rank).filter((axis) => x.shape[axis] === shape[axis + shift])
  const dense = reshape(x, { shape: kept.map((axis) => x.shape[axis]!) })
  return broadcast(dense, { shape, axes: kept.map((axis) => axis + shift) })
}

/** Throws unless the shapes broadcast together; the common shape. */
export const commonShape = (operation: string, named: Readonly<Record<string, Tensor>>): Shape => {
  let shape: Shape = []
  for (const x of Object.values(named)) {
    const next = broadcastShapes(shape, x.shape)
    if (next === null) {
      throw new ShapeError({
        operation,
        inputs: named,
        rule: 'axis sizes must be equal or 1, counted from the last axis',
      })
    }
    shape = next
  }
  return shape
}

/** Operands with one dtype and one shape. */
export const align = <T extends readonly Operand[]>(
  operation: string,
  names: readonly string[],
  operands: readonly [...T],
  domain: Domain,
): { readonly [K in keyof T]: Tensor } => {
  operands.forEach((x, i) => {
    expectOperand(operation, names[i]!, x)
  })
  const dtype = within(domain, resultType(operands))
  const tensors = operands.map((x) => asTensor(x, dtype))
  const named = Object.fromEntries(
    operands.map((x, i) => [names[i]!, x instanceof Tensor ? x : tensors[i]!]),
  )
  const shape = commonShape(operation, named)
  return tensors.map((x) => stretch(x, shape)) as { [K in keyof T]: Tensor }
}

/** True for two tensors that nothing has to be done to; most of what `align` does costs more than a small operation. */
const areAligned = (left: Operand, right: Operand, domain: Domain): boolean =>
  left instanceof Tensor &&
  right instanceof Tensor &&
  left.dtype === right.dtype &&
  within(domain, left.dtype) === left.dtype &&
  equalShapes(left.shape, right.shape)

/** Two operands with one dtype and one shape. */
export const pair = (
  operation: string,
  left: Operand,
  right: Operand,
  domain: Domain,
): readonly [Tensor, Tensor] =>
  areAligned(left, right, domain)
    ? [left as Tensor, right as Tensor]
    : align(operation, ['left', 'right'], [left, right], domain)

/** One axis counted from the front; throws when x does not have it. */
export const axisOf = (operation: string, x: Tensor, axis: number, rank = x.rank): number => {
  const found = normalizeAxis(axis, rank)
  if (found !== null) return found
  throw new ArgumentError({
    operation,
    inputs: { x, axis },
    rule:
      rank === 0
        ? 'a scalar has no axes'
        : `axis must be a whole number between ${-rank} and ${rank - 1}`,
  })
}

/** Axes counted from the front, in increasing order; all of them by default. */
export const axesOf = (
  operation: string,
  x: Tensor,
  axis: number | readonly number[] | undefined,
  rank = x.rank,
): number[] => {
  if (axis === undefined) return range(rank)
  const listed = typeof axis === 'number' ? [axis] : axis
  const axes = listed.map((one) => axisOf(operation, x, one, rank)).toSorted((a, b) => a - b)
  if (new Set(axes).size === axes.length) return axes
  throw new ArgumentError({
    operation,
    inputs: { x, axis: listed },
    rule: 'an axis must not be named twice',
  })
}

const isCount = (x: number): boolean => Number.isInteger(x) && x >= 0

/** Throws unless every entry is a whole number of at least zero. */
export const expectShape = (operation: string, shape: Shape): void => {
  if (shape.every(isCount)) return
  throw new ArgumentError({
    operation,
    inputs: { shape },
    rule: 'axis sizes must be whole numbers of at least 0',
  })
}

/** Throws unless a number is whole and at least zero. */
export const expectCount = (operation: string, name: string, count: number): void => {
  if (isCount(count)) return
  throw new ArgumentError({
    operation,
    inputs: { [name]: count },
    rule: `${name} must be a whole number of at least 0`,
  })
}

/** Throws unless x has rows and columns. */
export const expectMatrix = (operation: string, name: string, x: Tensor): void => {
  if (x.rank >= 2) return
  throw new ShapeError({
    operation,
    inputs: { [name]: x },
    rule: `${name} must have at least two axes`,
  })
}

/** Throws when one of the axes has no elements. */
export const expectElements = (operation: string, x: Tensor, axes: readonly number[]): void => {
  const empty = axes.find((axis) => x.shape[axis] === 0)
  if (empty === undefined) return
  throw new ShapeError({
    operation,
    inputs: { x, axis: empty },
    rule: 'the axis must have an element to choose',
  })
}
