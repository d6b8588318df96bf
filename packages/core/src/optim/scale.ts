/** Transforms that multiply: by a constant, and by the negative step size that ends every descent. */
import { promote } from '../dtype.ts'
import { add, mul } from '../numeric/arithmetic.ts'
import { zeros } from '../numeric/creation.ts'
import { cast, neg } from '../numeric/rounding.ts'
import type { Tensor } from '../tensor.ts'
import { map } from '../tree.ts'
import type { Rate, Transform } from './transform.ts'

/** The state of a transform that remembers nothing. */
export type Stateless = Readonly<Record<string, never>>

/** The state of a transform that counts steps: int32, 0 before the first. */
export interface Counted {
  readonly step: Tensor
}

/** The state of a step size: nothing while it is fixed. */
export type RateState = Partial<Counted>

const none: Stateless = {}

/** Lifts a function of gradients and parameters, leaf by leaf, to a transform without state. */
export const stateless = (
  f: (gradient: Tensor, param: Tensor) => Tensor,
): Transform<Stateless> => ({
  init: () => none,
  update: (gradients, state, params) => [map(f, gradients, params), state],
})

/**
 * Multiplies every update by a constant.
 * @example
 * ```ts
 * import { scale, tensor } from '@rootstock/core'
 * const half = scale(0.5)
 * const [updates] = half.update(tensor([4]), half.init(tensor([0])), tensor([0]))
 * console.log(updates.toArray()) // [2]
 * ```
 */
export const scale = (factor: number): Transform<Stateless> =>
  stateless((gradient) => mul(gradient, factor))

/**
 * Multiplies every update by `-rate`, which makes descent of a gradient; a rate that varies is given the step.
 * @example
 * ```ts
 * import { descend, mul, tensor } from '@rootstock/core'
 * const growing = descend((step) => mul(step, 0.5))
 * let state = growing.init(tensor([0]))
 * for (let i = 0; i < 3; i++) {
 *   const [updates, next] = growing.update(tensor([1]), state, tensor([0]))
 *   console.log(updates.toArray()) // [ -0 ] [ -0.5 ] [ -1 ]
 *   state = next
 * }
 * ```
 */
export const descend = (rate: Rate): Transform<RateState> => ({
  init: () => (typeof rate === 'number' ? {} : { step: zeros([], { dtype: 'int32' }) }),
  update: (gradients, { step }) => {
    const factor = typeof rate === 'number' ? -rate : neg(rate(step as Tensor))
    // a rate of higher precision must not change the dtype of the parameters
    const factorFor = (x: Tensor) =>
      typeof factor === 'number' ? factor : cast(factor, promote(x.dtype, 'float32'))
    const updates = map((gradient: Tensor) => mul(gradient, factorFor(gradient)), gradients)
    return [updates, step === undefined ? {} : { step: add(step, 1) }]
  },
})
