/** Reverse mode: one forward pass, then as many cotangents as wanted. */
import { ShapeError } from '../errors.ts'
import { describe, sameType } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { instantiate, linearizeAt } from '../trace/linearize.ts'
import { transposeTape } from '../trace/transpose.ts'
import { expectFloats, flatFunction, flattenTensors } from './flat.ts'

/** Outputs of a flat function and its pullback on flat lists. */
export const vjpFlat = (
  f: (inputs: readonly Tensor[]) => readonly Tensor[],
  inputs: readonly Tensor[],
  wanted?: readonly boolean[],
): {
  readonly outputs: readonly Tensor[]
  readonly pullback: (cotangents: readonly (Tensor | null)[]) => Tensor[]
} => {
  const { outputs, tape } = linearizeAt(f, inputs, wanted)
  const types = inputs.filter((_, i) => wanted?.[i] ?? true)
  return {
    outputs,
    pullback: (cotangents) => instantiate(transposeTape(tape, cotangents), types),
  }
}

/**
 * The value of f at `args` and its pullback: given a cotangent for the result, the cotangents of all arguments (the
 * vector-Jacobian product u^T J). The forward pass runs once, however often the pullback is called.
 * @example
 * ```ts
 * import { type Tensor, mul, tensor, vjp } from '@rootstock/core'
 * const [y, pullback] = vjp((x: Tensor) => mul(x, x), tensor([1, 2, 3]))
 * console.log(y.toArray()) // [ 1, 4, 9 ]
 * console.log(pullback(tensor([1, 0, 1]))[0].toArray()) // [ 2, 0, 6 ]
 * ```
 */
export const vjp = <A extends readonly unknown[], R>(
  f: (...args: A) => R,
  ...args: A
): readonly [value: R, pullback: (cotangent: R) => A] => {
  args.forEach((arg, i) => {
    expectFloats('vjp', i, arg)
  })
  const [inputs, structure] = flattenTensors('vjp', args)
  const flat = flatFunction('vjp', f, structure)
  const { outputs, pullback } = vjpFlat(flat.run, inputs)
  const result = flat.structure()
  return [
    result.build(outputs) as R,
    (cotangent) => {
      const [cotangents, given] = flattenTensors('vjp', cotangent)
      if (given.key !== result.key) {
        throw new ShapeError({
          operation: 'vjp',
          inputs: { result: result.key, cotangent: given.key },
          rule: 'the cotangent must have the structure of the result, where * is a leaf',
        })
      }
      cotangents.forEach((ct, i) => {
        const output = outputs[i]!
        if (sameType(ct, output)) return
        throw new ShapeError({
          operation: 'vjp',
          inputs: { result: output, cotangent: ct },
          rule: `the cotangent must have the type of the result, ${describe(output)}`,
        })
      })
      return structure.build(pullback(cotangents)) as A
    },
  ]
}
