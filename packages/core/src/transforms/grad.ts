/** Gradients of scalar functions: reverse mode with cotangent 1. */

import { isFloat } from '../dtype.ts'
import { ArgumentError, NotDifferentiable, ShapeError } from '../errors.ts'
import { fullOf } from '../primitives/broadcast.ts'
import type { Tensor } from '../tensor.ts'
import { flatten } from '../tree.ts'
import { expectFloats, flattenTensors, leafTensor } from './flat.ts'
import { vjpFlat } from './vjp.ts'

/** Which arguments to differentiate: one position, or several. */
export type Argument = number | readonly number[]

/** Gradients with the structure of the arguments chosen. */
export type Gradients<A extends readonly unknown[], N extends Argument> = N extends number
  ? A[N]
  : N extends readonly number[]
    ? { [K in keyof N]: A[N[K] & keyof A] }
    : never

const expectScalar = (operation: string, loss: Tensor): void => {
  if (loss.size !== 1) {
    throw new ShapeError({
      operation,
      inputs: { result: loss },
      rule: 'the function must return one number: a gradient is that of a scalar',
      hint: 'sum or average the result, or use vjp or jacobian',
    })
  }
  if (isFloat(loss.dtype)) return
  throw new NotDifferentiable({
    operation,
    inputs: { result: loss },
    rule: 'the result must be float32 or float64',
  })
}

const differentiate = (
  operation: string,
  f: (...args: never[]) => unknown,
  argument: Argument,
  args: readonly unknown[],
  hasAux: boolean,
): { readonly value: Tensor; readonly aux: unknown; readonly gradients: unknown } => {
  const positions = typeof argument === 'number' ? [argument] : argument
  for (const position of positions) {
    if (position in args) continue
    throw new ArgumentError({
      operation,
      inputs: { argument: position, given: args.length },
      rule: 'argument must be the position of an argument that was passed',
    })
  }
  const chosen = positions.map((position) => args[position])
  positions.forEach((position) => {
    expectFloats(operation, position, args[position])
  })
  const [inputs, structure] = flattenTensors(operation, chosen)
  let rebuildAux: (leaves: readonly Tensor[]) => unknown = () => undefined
  const run = (tensors: readonly Tensor[]): Tensor[] => {
    const trees = structure.build(tensors) as unknown[]
    const all = args.map((arg, i) => (positions.includes(i) ? trees[positions.indexOf(i)] : arg))
    const result = f(...(all as never[]))
    const [loss, aux] = hasAux ? (result as [unknown, unknown]) : [result, undefined]
    const scalar = leafTensor(operation, loss)
    expectScalar(operation, scalar)
    const [auxLeaves, auxStructure] = flatten(aux)
    rebuildAux = auxStructure.build
    return [scalar, ...auxLeaves.map((leaf) => leafTensor(operation, leaf))]
  }
  const { outputs, pullback } = vjpFlat(run, inputs)
  const [value, ...auxValues] = outputs
  const found = structure.build(pullback([fullOf(value!, 1)])) as unknown[]
  return {
    value: value!,
    aux: rebuildAux(auxValues),
    gradients: typeof argument === 'number' ? found[0] : found,
  }
}

/**
 * The gradient of a scalar function with respect to one argument (position `argument`, 0 by default) or several. The
 * argument may be any tree of float tensors; the gradient has the same structure.
 * @example
 * ```ts
 * import { type Tensor, grad, prod, tensor } from '@rootstock/core'
 * console.log(grad((x: Tensor) => prod(x))(tensor([0, 2, 3])).toArray()) // [ 6, 0, 0 ]
 * ```
 */
export const grad =
  <A extends readonly unknown[], const N extends Argument = 0>(
    f: (...args: A) => Tensor,
    { argument }: { readonly argument?: N } = {},
  ) =>
  (...args: A): Gradients<A, N> =>
    differentiate('grad', f, argument ?? 0, args, false).gradients as Gradients<A, N>

interface ValueAndGrad {
  <A extends readonly unknown[], const N extends Argument = 0>(
    f: (...args: A) => Tensor,
    options?: { readonly argument?: N; readonly aux?: false },
  ): (...args: A) => readonly [value: Tensor, gradient: Gradients<A, N>]
  <A extends readonly unknown[], Aux, const N extends Argument = 0>(
    f: (...args: A) => readonly [Tensor, Aux],
    options: { readonly argument?: N; readonly aux: true },
  ): (...args: A) => readonly [value: readonly [Tensor, Aux], gradient: Gradients<A, N>]
}

/**
 * Value and gradient from one forward pass. With `aux: true` the function returns `[loss, aux]`, and so does the value;
 * `aux` may be any tree of tensors and is not differentiated.
 * @example
 * ```ts
 * import { type Tensor, mean, sub, tensor, valueAndGrad } from '@rootstock/core'
 * const loss = (w: Tensor, y: Tensor) => mean(sub(w, y).mul(sub(w, y)))
 * const [value, gradient] = valueAndGrad(loss)(tensor([1, 2]), tensor([0, 0]))
 * console.log(value.item(), gradient.toArray()) // 2.5 [ 1, 2 ]
 * ```
 */
export const valueAndGrad: ValueAndGrad =
  (
    f: (...args: never[]) => unknown,
    { argument = 0, aux = false }: { readonly argument?: Argument; readonly aux?: boolean } = {},
  ) =>
  (...args: readonly unknown[]): never => {
    const found = differentiate('valueAndGrad', f, argument, args, aux)
    const value = aux ? [found.value, found.aux] : found.value
    return [value, found.gradients] as never
  }
