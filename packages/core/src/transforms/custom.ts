/** Functions with a derivative of their own, or with one that saves memory. */
import { isFloat } from '../dtype.ts'
import { ShapeError, TraceError } from '../errors.ts'
import type { Abstract } from '../graph/graph.ts'
import { bindCheckpoint } from '../primitives/checkpoint.ts'
import { customPrimitive } from '../primitives/custom.ts'
import { stopGradient as stop } from '../primitives/elementwise.ts'
import { sameType } from '../shape.ts'
import { isConcrete, type Tensor } from '../tensor.ts'
import { traceGraph } from '../trace/graph.ts'
import { bind } from '../trace/interpreter.ts'
import { map, type Structure } from '../tree.ts'
import { flatFunction, flattenTensors } from './flat.ts'

/** A hand-written reverse rule. */
export interface CustomRule<A extends readonly unknown[], R, Residuals> {
  /** The value, and what `backward` needs. */
  readonly forward: (...args: A) => readonly [value: R, residuals: Residuals]
  /** Cotangents of all arguments from that of the value. */
  readonly backward: (residuals: Residuals, cotangent: R) => readonly [...A]
}

/** Leaves of what a half of a rule returned, which must look like `wanted`. */
const returned = (
  half: 'forward' | 'backward',
  tree: unknown,
  structure: Structure,
  wanted: readonly Abstract[],
): readonly Tensor[] => {
  const [found, own] = flattenTensors('customVjp', tree)
  const what = half === 'forward' ? 'the value of the function' : 'a cotangent for each argument'
  if (own.key !== structure.key) {
    throw new ShapeError({
      operation: 'customVjp',
      inputs: { expected: structure.key, [half]: own.key },
      rule: `${half} must return ${what}, where * is a leaf`,
    })
  }
  wanted.forEach((type, i) => {
    const x = found[i]!
    // what has no derivative has no cotangent either: anything may stand in its place
    if (sameType(x, type) || !isFloat(type.dtype)) return
    throw new ShapeError({
      operation: 'customVjp',
      inputs: { expected: type, [half]: x },
      rule: `${half} must return ${what}, of the same type`,
    })
  })
  return found
}

/**
 * f with a hand-written reverse rule, for gradients that are cheaper or more stable than the derived ones. f must be closed:
 * tensors that a surrounding transformation watches have to be arguments. There is no forward mode through it.
 * @example
 * ```ts
 * import { type Tensor, clamp, customVjp, grad, mul, sum, tensor } from '@rootstock/core'
 * const clipped = customVjp((x: Tensor) => x, {
 *   forward: (x) => [x, null],
 *   backward: (_, ct) => [clamp(ct, { min: -1, max: 1 })],
 * })
 * console.log(grad((x: Tensor) => sum(mul(clipped(x), 5)))(tensor([1, 2])).toArray()) // [ 1, 1 ]
 * ```
 */
export const customVjp =
  <A extends readonly unknown[], R, Residuals>(
    f: (...args: A) => R,
    { forward, backward }: CustomRule<A, R, Residuals>,
  ) =>
  (...args: A): R => {
    const [inputs, structure] = flattenTensors('customVjp', args)
    const flat = flatFunction('customVjp', f, structure)
    const { graph, captured } = traceGraph(flat.run, inputs)
    const open = captured.find((x) => !isConcrete(x))
    if (open !== undefined) {
      throw new TraceError({
        operation: 'customVjp',
        inputs: { x: open },
        rule: 'the function uses a traced tensor from outside, whose derivative the rule could not give',
        hint: 'pass it as an argument',
      })
    }
    const output = flat.structure()
    let residualStructure: Structure | null = null
    const results = bind(customPrimitive, [...captured, ...inputs], {
      graph,
      captured: captured.length,
      forward: (given) => {
        const [value, residuals] = forward(...(structure.build(given) as never as A))
        const [leaves, found] = flattenTensors('customVjp', residuals ?? [])
        residualStructure = found
        return { outputs: returned('forward', value, output, graph.outputs), residuals: leaves }
      },
      backward: (residuals, cotangents) => {
        const remembered = residualStructure!.build(residuals) as Residuals
        const found = backward(remembered, output.build(cotangents) as R)
        return returned('backward', found, structure, inputs)
      },
    })
    return output.build(results) as R
  }

/**
 * f without keeping its intermediates for the derivative: they are computed again when the gradient needs them. Saves memory
 * for time. Values keep their bits; so do gradients, except that cotangents of an input that is also used elsewhere are
 * added in another order.
 * @example
 * ```ts
 * import { type Tensor, checkpoint, grad, sin, tensor } from '@rootstock/core'
 * console.log(grad(checkpoint((x: Tensor) => sin(sin(x))))(tensor(0)).item()) // 1
 * ```
 */
export const checkpoint =
  <A extends readonly unknown[], R>(f: (...args: A) => R) =>
  (...args: A): R => {
    const [inputs, structure] = flattenTensors('checkpoint', args)
    const flat = flatFunction('checkpoint', f, structure)
    const traced = traceGraph(flat.run, inputs)
    return flat.structure().build(bindCheckpoint(traced, inputs)) as R
  }

/**
 * A tree of tensors, taken as constants by every derivative.
 * @example
 * ```ts
 * import { type Tensor, grad, mul, stopGradient, tensor } from '@rootstock/core'
 * console.log(grad((x: Tensor) => mul(stopGradient(x), x))(tensor(3)).item()) // 3
 * ```
 */
export const stopGradient = <T>(tree: T): T => map((x: Tensor) => stop(x), tree) as T
