/** Between a user's trees and the flat lists of tensors that interpreters work on. */
import { isFloat } from '../dtype.ts'
import { ArgumentError, NotDifferentiable } from '../errors.ts'
import { scalarOf } from '../primitives/broadcast.ts'
import { Tensor } from '../tensor.ts'
import { flatten, paths, type Structure } from '../tree.ts'

/** A tensor for a leaf: numbers become float32 scalars, truth values bool scalars. */
export const leafTensor = (operation: string, leaf: unknown): Tensor => {
  if (leaf instanceof Tensor) return leaf
  if (typeof leaf === 'number') return scalarOf(leaf, 'float32')
  if (typeof leaf === 'boolean') return scalarOf(leaf ? 1 : 0, 'bool')
  throw new ArgumentError({
    operation,
    inputs: { leaf },
    rule: 'leaves of arguments and results must be tensors, numbers or booleans',
    hint:
      typeof leaf === 'function'
        ? 'a function is not data: close over it instead of passing it'
        : undefined,
  })
}

/** Leaves of a tree as tensors, with its structure. */
export const flattenTensors = (
  operation: string,
  tree: unknown,
): readonly [tensors: Tensor[], structure: Structure] => {
  const [found, structure] = flatten(tree)
  return [found.map((leaf) => leafTensor(operation, leaf)), structure]
}

/** A user's function as a function of flat lists; `structure()` is that of its last result. */
export const flatFunction = (
  operation: string,
  f: (...args: never[]) => unknown,
  inputs: Structure,
): {
  readonly run: (tensors: readonly Tensor[]) => Tensor[]
  readonly structure: () => Structure
} => {
  let output: Structure | null = null
  return {
    run: (tensors) => {
      const [results, structure] = flattenTensors(
        operation,
        f(...(inputs.build(tensors) as never[])),
      )
      output = structure
      return results
    },
    structure: () => output!,
  }
}

/** Throws unless every leaf of an argument is a float. */
export const expectFloats = (operation: string, position: number, argument: unknown): void => {
  for (const [path, leaf] of paths(argument)) {
    const x = leafTensor(operation, leaf)
    if (isFloat(x.dtype)) continue
    throw new NotDifferentiable({
      operation,
      inputs: { [`argument ${position}${path === '' ? '' : `, ${path}`}`]: x },
      rule: 'only float32 and float64 tensors have derivatives',
      hint: 'cast it, or pass it as an argument that is not differentiated',
    })
  }
}
