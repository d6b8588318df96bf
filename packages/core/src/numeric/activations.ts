/** Activation functions. At a kink each takes the derivative of the side its docstring names. */
import { fullOf, reduceSum, unreduce, zerosOf } from '../primitives/broadcast.ts'
import * as primitive from '../primitives/elementwise.ts'
import { compare, select } from '../primitives/logic.ts'
import type { Tensor } from '../tensor.ts'
import { axisOf, type Operand, single } from './operand.ts'
import { shiftOf } from './reductions.ts'

const isNegative = (x: Tensor): Tensor => compare(x, zerosOf(x), { op: 'lt' })
const isAtMost = (x: Tensor, bound: number): Tensor => compare(x, fullOf(x, bound), { op: 'le' })
const isAtLeast = (x: Tensor, bound: number): Tensor => compare(fullOf(x, bound), x, { op: 'le' })

/** x between the bounds; the bound, with gradient 0, at and beyond them. NaN stays NaN. */
const between = (x: Tensor, low: number, high: number): Tensor =>
  select(isAtMost(x, low), fullOf(x, low), select(isAtLeast(x, high), fullOf(x, high), x))

const activation =
  (operation: string, apply: (x: Tensor) => Tensor) =>
  (x: Operand): Tensor =>
    apply(single(operation, x, 'float'))

/**
 * max(x, 0); gradient 0 at 0.
 * @example
 * ```ts
 * import { relu, tensor } from '@rootstock/core'
 * console.log(relu(tensor([-1, 2])).toArray()) // [ 0, 2 ]
 * ```
 */
export const relu = activation('relu', (x) => select(isAtMost(x, 0), zerosOf(x), x))

/**
 * min(max(x, 0), 6); gradient 0 at 0 and at 6.
 * @example
 * ```ts
 * import { relu6, tensor } from '@rootstock/core'
 * console.log(relu6(tensor([-1, 2, 9])).toArray()) // [ 0, 2, 6 ]
 * ```
 */
export const relu6 = activation('relu6', (x) => between(x, 0, 6))

/**
 * min(max(x, min), max), -1 and 1 by default; gradient 0 at both ends, unlike `clamp`.
 * @example
 * ```ts
 * import { hardTanh, tensor } from '@rootstock/core'
 * console.log(hardTanh(tensor([-2, 0.5])).toArray()) // [ -1, 0.5 ]
 * ```
 */
export const hardTanh = (
  x: Operand,
  { min = -1, max = 1 }: { readonly min?: number; readonly max?: number } = {},
): Tensor => between(single('hardTanh', x, 'float'), min, max)

const hardSigmoidOf = (x: Tensor): Tensor => {
  const line = primitive.add(primitive.div(x, fullOf(x, 6)), fullOf(x, 0.5))
  const low = isAtMost(x, -3)
  return select(low, zerosOf(x), select(isAtLeast(x, 3), fullOf(x, 1), line))
}

/**
 * min(max(x / 6 + 1/2, 0), 1); gradient 0 at -3 and 3.
 * @example
 * ```ts
 * import { hardSigmoid, tensor } from '@rootstock/core'
 * console.log(hardSigmoid(tensor([-4, 0])).toArray()) // [ 0, 0.5 ]
 * ```
 */
export const hardSigmoid = activation('hardSigmoid', hardSigmoidOf)

/**
 * x hardSigmoid(x) (Howard et al., 2019, MobileNetV3).
 * @example
 * ```ts
 * import { hardSwish, tensor } from '@rootstock/core'
 * console.log(hardSwish(tensor([0, 6])).toArray()) // [ 0, 6 ]
 * ```
 */
export const hardSwish = activation('hardSwish', (x) => primitive.mul(x, hardSigmoidOf(x)))

/** x where positive, else `below` of the non-positive part; the gradient at 0 is that of `below`. */
const split = (x: Tensor, below: (x: Tensor) => Tensor): Tensor => {
  const positive = compare(zerosOf(x), x, { op: 'lt' })
  return select(positive, x, below(select(positive, zerosOf(x), x)))
}

/**
 * x if positive, else slope x (default 0.01); gradient `slope` at 0.
 * @example
 * ```ts
 * import { leakyRelu, tensor } from '@rootstock/core'
 * console.log(leakyRelu(tensor([-4, 2]), { slope: 0.25 }).toArray()) // [ -1, 2 ]
 * ```
 */
export const leakyRelu = (x: Operand, { slope = 0.01 }: { readonly slope?: number } = {}): Tensor =>
  split(single('leakyRelu', x, 'float'), (y) => primitive.mul(y, fullOf(y, slope)))

/**
 * x if positive, else alpha (e^x - 1) (Clevert et al., 2015); gradient alpha at 0.
 * @example
 * ```ts
 * import { elu, tensor } from '@rootstock/core'
 * console.log(elu(tensor([-100, 2])).toArray()) // [ -1, 2 ]
 * ```
 */
export const elu = (x: Operand, { alpha = 1 }: { readonly alpha?: number } = {}): Tensor =>
  split(single('elu', x, 'float'), (y) => primitive.mul(primitive.expm1(y), fullOf(y, alpha)))

const seluScale = 1.0507009873554805
const seluAlpha = 1.6732632423543772

/**
 * Scaled elu whose activations normalise themselves (Klambauer et al., 2017); gradient scale alpha at 0.
 * @example
 * ```ts
 * import { selu, tensor } from '@rootstock/core'
 * console.log(selu(tensor([0])).toArray()) // [ 0 ]
 * ```
 */
export const selu = activation('selu', (x) =>
  primitive.mul(
    split(x, (y) => primitive.mul(primitive.expm1(y), fullOf(y, seluAlpha))),
    fullOf(x, seluScale),
  ),
)

/**
 * x sigmoid(x), also called swish.
 * @example
 * ```ts
 * import { silu, tensor } from '@rootstock/core'
 * console.log(silu(tensor([0, 100])).toArray()) // [ 0, 100 ]
 * ```
 */
export const silu = activation('silu', (x) => primitive.mul(x, primitive.sigmoid(x)))

/**
 * log(1 + e^x) = max(x, 0) + log1p(e^-|x|). The sign is chosen once for both terms, so each branch is the analytic
 * function and derivatives of every order are right at 0 too.
 */
const softplusOf = (x: Tensor): Tensor => {
  const negative = isNegative(x)
  const minusSize = select(negative, x, primitive.neg(x))
  return primitive.add(
    select(negative, zerosOf(x), x),
    primitive.log1p(primitive.expNonPositive(minusSize)),
  )
}

/**
 * log(1 + e^(beta x)) / beta for every x, without overflow and without a switch to the identity.
 * @example
 * ```ts
 * import { softplus, tensor } from '@rootstock/core'
 * console.log(softplus(tensor([-200, 100])).toArray()) // [ 0, 100 ]
 * ```
 */
export const softplus = (x: Operand, { beta = 1 }: { readonly beta?: number } = {}): Tensor => {
  const y = single('softplus', x, 'float')
  if (beta === 1) return softplusOf(y)
  const scale = fullOf(y, beta)
  return primitive.div(softplusOf(primitive.mul(y, scale)), scale)
}

/**
 * log(sigmoid(x)) = -softplus(-x).
 * @example
 * ```ts
 * import { logSigmoid, tensor } from '@rootstock/core'
 * console.log(logSigmoid(tensor([-100])).toArray()) // [ -100 ]
 * ```
 */
export const logSigmoid = activation('logSigmoid', (x) =>
  primitive.neg(softplusOf(primitive.neg(x))),
)

/**
 * x tanh(softplus(x)) (Misra, 2019).
 * @example
 * ```ts
 * import { mish, tensor } from '@rootstock/core'
 * console.log(mish(tensor([0])).toArray()) // [ 0 ]
 * ```
 */
export const mish = activation('mish', (x) => primitive.mul(x, primitive.tanh(softplusOf(x))))

/**
 * x / (1 + |x|).
 * @example
 * ```ts
 * import { softsign, tensor } from '@rootstock/core'
 * console.log(softsign(tensor([-1, 3])).toArray()) // [ -0.5, 0.75 ]
 * ```
 */
export const softsign = activation('softsign', (x) =>
  primitive.div(x, primitive.add(fullOf(x, 1), primitive.abs(x))),
)

const geluTanh = (x: Tensor): Tensor => {
  const cube = primitive.mul(primitive.mul(x, x), x)
  const inner = primitive.mul(
    primitive.add(x, primitive.mul(cube, fullOf(x, 0.044715))),
    fullOf(x, Math.sqrt(2 / Math.PI)),
  )
  const half = primitive.mul(x, fullOf(x, 0.5))
  return primitive.mul(half, primitive.add(fullOf(x, 1), primitive.tanh(inner)))
}

/**
 * x Phi(x), Phi the normal distribution function (Hendrycks and Gimpel, 2016), by default exact as x/2 erfc(-x / sqrt 2),
 * which keeps its accuracy in the left tail; `approximate: 'tanh'` is x/2 (1 + tanh(sqrt(2/pi)(x + 0.044715 x^3))).
 * @example
 * ```ts
 * import { gelu, tensor } from '@rootstock/core'
 * console.log(gelu(tensor([0, 100])).toArray()) // [ 0, 100 ]
 * ```
 */
export const gelu = (
  x: Operand,
  { approximate = 'none' }: { readonly approximate?: 'none' | 'tanh' } = {},
): Tensor => {
  const y = single('gelu', x, 'float')
  if (approximate === 'tanh') return geluTanh(y)
  const tail = primitive.erfc(primitive.mul(y, fullOf(y, -Math.SQRT1_2)))
  return primitive.mul(primitive.mul(y, fullOf(y, 0.5)), tail)
}

const shifted = (operation: string, x: Operand, axis: number) => {
  const y = single(operation, x, 'float')
  const axes = [axisOf(operation, y, axis)]
  const empty = y.shape[axes[0]!] === 0
  const shift = empty ? y : primitive.sub(y, unreduce(shiftOf(y, axes), y.shape, axes))
  // beside the largest, which is 1, nothing below the normal numbers counts
  const exps = primitive.expAbrupt(shift)
  const spread = (reduced: Tensor): Tensor => unreduce(reduced, y.shape, axes)
  return { shift, exps, total: reduceSum(exps, { axes }), spread }
}

/**
 * e^x / sum e^x along an axis (the last by default), for any magnitudes; -Infinity gives 0, and so does what is more than 87.68
 * (float64: 708.7) below the largest.
 * @example
 * ```ts
 * import { softmax, tensor } from '@rootstock/core'
 * console.log(softmax(tensor([1000, 1000])).toArray()) // [ 0.5, 0.5 ]
 * ```
 */
export const softmax = (x: Operand, { axis = -1 }: { readonly axis?: number } = {}): Tensor => {
  const { exps, total, spread } = shifted('softmax', x, axis)
  // one division for each row, where each element would need one and its gradient another
  return primitive.mul(exps, spread(primitive.div(fullOf(total, 1), total)))
}

/**
 * log(softmax(x)) = x - logSumExp(x) along an axis (the last by default); -Infinity stays -Infinity.
 * @example
 * ```ts
 * import { logSoftmax, tensor } from '@rootstock/core'
 * console.log(logSoftmax(tensor([0, -Infinity])).toArray()) // [ 0, -Infinity ]
 * ```
 */
export const logSoftmax = (x: Operand, { axis = -1 }: { readonly axis?: number } = {}): Tensor => {
  const { shift, total, spread } = shifted('logSoftmax', x, axis)
  return primitive.sub(shift, spread(primitive.log(total)))
}
