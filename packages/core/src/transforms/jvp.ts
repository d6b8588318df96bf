/** Forward mode and what is built of it. */
import { ShapeError } from '../errors.ts'
import { sameType } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { currentInterpreter } from '../trace/interpreter.ts'
import { jvpOf } from '../trace/jvp.ts'
import { instantiate } from '../trace/linearize.ts'
import { expectFloats, flatFunction, flattenTensors } from './flat.ts'
import { grad } from './grad.ts'

const forward = <A extends readonly unknown[], R>(
  operation: string,
  f: (...args: A) => R,
  primals: A,
  tangents: A,
): readonly [value: R, tangent: R] => {
  primals.forEach((primal, i) => {
    expectFloats(operation, i, primal)
  })
  const [inputs, structure] = flattenTensors(operation, primals)
  const [directions, given] = flattenTensors(operation, tangents)
  if (given.key !== structure.key) {
    throw new ShapeError({
      operation,
      inputs: { primals: structure.key, tangents: given.key },
      rule: 'tangents must have the structure of the primals, where * is a leaf',
    })
  }
  inputs.forEach((primal, i) => {
    const tangent = directions[i]!
    if (sameType(primal, tangent)) return
    throw new ShapeError({
      operation,
      inputs: { primal, tangent },
      rule: 'every tangent must have the type of its primal',
    })
  })
  const flat = flatFunction(operation, f, structure)
  const result = jvpOf(flat.run, inputs, directions, currentInterpreter())
  const { build } = flat.structure()
  return [build(result.outputs) as R, build(instantiate(result.tangents, result.outputs)) as R]
}

/**
 * Value and directional derivative (the Jacobian-vector product J v) of f at `primals` along `tangents`.
 * @example
 * ```ts
 * import { type Tensor, jvp, sin, tensor } from '@rootstock/core'
 * const [y, dy] = jvp((x: Tensor) => sin(x), [tensor(0)], [tensor(2)])
 * console.log(y.item(), dy.item()) // 0 2
 * ```
 */
export const jvp = <A extends readonly unknown[], R>(
  f: (...args: A) => R,
  primals: A,
  tangents: A,
): readonly [value: R, tangent: R] => forward('jvp', f, primals, tangents)

/**
 * Hessian-vector product of a scalar function, forward over reverse: the derivative of its gradient along `tangents`. Costs
 * a few evaluations of f, whatever the dimension (Pearlmutter, Fast exact multiplication by the Hessian, 1994).
 * @example
 * ```ts
 * import { type Tensor, hvp, sum, tensor } from '@rootstock/core'
 * const cubes = (x: Tensor) => sum(x.mul(x).mul(x))
 * console.log(hvp(cubes, [tensor([1, 2])], [tensor([1, 1])])[0].toArray()) // [ 6, 12 ]
 * ```
 */
export const hvp = <A extends readonly unknown[]>(
  f: (...args: A) => Tensor,
  primals: A,
  tangents: A,
): A => {
  const positions = primals.map((_, i) => i)
  const gradients = grad(f, { argument: positions }) as (...args: A) => unknown as (...args: A) => A
  return forward('hvp', gradients, primals, tangents)[1]
}
