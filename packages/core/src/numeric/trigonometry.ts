/** Trigonometric and hyperbolic functions. The inverses go through atan2, which is accurate at both ends of the range. */
import { fullOf } from '../primitives/broadcast.ts'
import * as primitive from '../primitives/elementwise.ts'
import type { Tensor } from '../tensor.ts'
import { type Operand, pair, single } from './operand.ts'

const float =
  (operation: string, apply: (x: Tensor) => Tensor) =>
  (x: Operand): Tensor =>
    apply(single(operation, x, 'float'))

/**
 * Sine of x radians.
 * @example
 * ```ts
 * import { sin, tensor } from '@rootstock/core'
 * console.log(sin(tensor([0, Math.PI / 2])).toArray()) // [ 0, 1 ]
 * ```
 */
export const sin = float('sin', primitive.sin)

/**
 * Cosine of x radians.
 * @example
 * ```ts
 * import { cos, tensor } from '@rootstock/core'
 * console.log(cos(tensor([0])).toArray()) // [ 1 ]
 * ```
 */
export const cos = float('cos', primitive.cos)

/**
 * Tangent sin(x) / cos(x) of x radians.
 * @example
 * ```ts
 * import { tan, tensor } from '@rootstock/core'
 * console.log(tan(tensor([0])).toArray()) // [ 0 ]
 * ```
 */
export const tan = float('tan', (x) => primitive.div(primitive.sin(x), primitive.cos(x)))

// (1 - x)(1 + x) does not cancel near |x| = 1 as 1 - x^2 does
const cosineOf = (sine: Tensor): Tensor => {
  const one = fullOf(sine, 1)
  return primitive.sqrt(primitive.mul(primitive.sub(one, sine), primitive.add(one, sine)))
}

/**
 * Arc sine in [-pi/2, pi/2]; NaN outside [-1, 1].
 * @example
 * ```ts
 * import { asin, tensor } from '@rootstock/core'
 * console.log(asin(tensor([0])).toArray()) // [ 0 ]
 * ```
 */
export const asin = float('asin', (x) => primitive.atan2(x, cosineOf(x)))

/**
 * Arc cosine in [0, pi]; NaN outside [-1, 1].
 * @example
 * ```ts
 * import { acos, tensor } from '@rootstock/core'
 * console.log(acos(tensor([1])).toArray()) // [ 0 ]
 * ```
 */
export const acos = float('acos', (x) => primitive.atan2(cosineOf(x), x))

/**
 * Arc tangent in [-pi/2, pi/2].
 * @example
 * ```ts
 * import { atan, tensor } from '@rootstock/core'
 * console.log(atan(tensor([0])).toArray()) // [ 0 ]
 * ```
 */
export const atan = float('atan', primitive.atan)

/**
 * Angle of the point (x, y), in [-pi, pi], in all four quadrants.
 * @example
 * ```ts
 * import { atan2, tensor } from '@rootstock/core'
 * console.log(atan2(tensor([0, 1]), tensor([1, 0])).toArray()) // [ 0, 1.5707963705062866 ]
 * ```
 */
export const atan2 = (y: Operand, x: Operand): Tensor =>
  primitive.atan2(...pair('atan2', y, x, 'float'))

/**
 * Hyperbolic sine (e^x - e^-x) / 2, accurate near 0.
 * @example
 * ```ts
 * import { sinh, tensor } from '@rootstock/core'
 * console.log(sinh(tensor([0])).toArray()) // [ 0 ]
 * ```
 */
export const sinh = float('sinh', (x) =>
  primitive.mul(
    primitive.sub(primitive.expm1(x), primitive.expm1(primitive.neg(x))),
    fullOf(x, 0.5),
  ),
)

/**
 * Hyperbolic cosine (e^x + e^-x) / 2.
 * @example
 * ```ts
 * import { cosh, tensor } from '@rootstock/core'
 * console.log(cosh(tensor([0])).toArray()) // [ 1 ]
 * ```
 */
export const cosh = float('cosh', (x) =>
  primitive.mul(primitive.add(primitive.exp(x), primitive.exp(primitive.neg(x))), fullOf(x, 0.5)),
)

/**
 * Hyperbolic tangent.
 * @example
 * ```ts
 * import { tanh, tensor } from '@rootstock/core'
 * console.log(tanh(tensor([0, 100])).toArray()) // [ 0, 1 ]
 * ```
 */
export const tanh = float('tanh', primitive.tanh)
