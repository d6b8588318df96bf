/** Shape rules that many primitives share. Each throws in the fixed form, naming the primitive and its inputs. */
import { type DType, isFloat } from '../dtype.ts'
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts'
import type { Abstract } from '../graph/graph.ts'
import { equalShapes } from '../shape.ts'

/** Dtypes a primitive takes, in words and as a test. */
export interface Accepts {
  readonly words: string
  readonly test: (dtype: DType) => boolean
}

export const floats: Accepts = { words: 'float32 or float64', test: isFloat }
export const numbers: Accepts = {
  words: 'int32, float32 or float64',
  test: (dtype) => dtype !== 'bool',
}
export const integers: Accepts = { words: 'int32', test: (dtype) => dtype === 'int32' }
export const truths: Accepts = { words: 'bool', test: (dtype) => dtype === 'bool' }
export const anything: Accepts = { words: 'any dtype', test: () => true }

/** Throws unless the dtype of `x` is accepted. */
export const expectDType = (
  operation: string,
  name: string,
  x: Abstract,
  accepts: Accepts,
): void => {
  if (accepts.test(x.dtype)) return
  throw new DTypeError({
    operation,
    inputs: { [name]: x },
    rule: `${name} must be ${accepts.words}, not ${x.dtype}`,
  })
}

/** Throws `ShapeError` when a rule does not hold. */
export const expectShape = (
  holds: boolean,
  operation: string,
  inputs: Readonly<Record<string, unknown>>,
  rule: string,
): void => {
  if (!holds) throw new ShapeError({ operation, inputs, rule })
}

/** Throws `ArgumentError` when a rule does not hold. */
export const expectArgument = (
  holds: boolean,
  operation: string,
  inputs: Readonly<Record<string, unknown>>,
  rule: string,
): void => {
  if (!holds) throw new ArgumentError({ operation, inputs, rule })
}

/** One input, output of the same type. */
export const sameAsInput =
  (operation: string, accepts: Accepts) =>
  ([x]: readonly Abstract[]): readonly Abstract[] => {
    expectDType(operation, 'x', x!, accepts)
    return [{ shape: x!.shape, dtype: x!.dtype }]
  }

/** Two inputs of one type, output of that type or of the given dtype. */
export const sameForBoth =
  (operation: string, accepts: Accepts, output?: DType) =>
  ([left, right]: readonly Abstract[]): readonly Abstract[] => {
    expectPair(operation, left!, right!)
    expectDType(operation, 'left', left!, accepts)
    return [{ shape: left!.shape, dtype: output ?? left!.dtype }]
  }

/** Throws unless both have one shape and dtype: primitives never broadcast or promote. */
export const expectPair = (operation: string, left: Abstract, right: Abstract): void => {
  expectShape(
    equalShapes(left.shape, right.shape),
    operation,
    { left, right },
    'both inputs must have the same shape',
  )
  expectPairDType(operation, left, right)
}

/** Throws unless both have one dtype. */
export const expectPairDType = (operation: string, left: Abstract, right: Abstract): void => {
  if (left.dtype === right.dtype) return
  throw new DTypeError({
    operation,
    inputs: { left, right },
    rule: 'both inputs must have the same dtype',
  })
}

/** Throws unless every axis is one of `rank`, each at most once. */
export const expectAxes = (operation: string, x: Abstract, axes: readonly number[]): void => {
  const rank = x.shape.length
  const ok =
    new Set(axes).size === axes.length &&
    axes.every((axis) => Number.isInteger(axis) && axis >= 0 && axis < rank)
  expectArgument(ok, operation, { x, axes }, `axes must be distinct and between 0 and ${rank - 1}`)
}
