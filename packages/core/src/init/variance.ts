/**
 * Random initial weights whose variance keeps the size of signals from layer to layer. A weight has shape
 * `[...window, in, out]`: a dense layer's is `[in, out]`.
 */
import type { DType } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import type { Key } from '../numeric/random.ts'
import { random } from '../numeric/random.ts'
import type { Shape } from '../shape.ts'
import { sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'

/** Draws the first value of a parameter of the given shape. */
export type Initializer = (key: Key, shape: Shape, options?: { readonly dtype?: DType }) => Tensor

interface Fans {
  readonly fanIn: number
  readonly fanOut: number
}

/** How many entries of a weight one output sums, and how many one input reaches. */
export const fansOf = (operation: string, shape: Shape): Fans => {
  if (shape.length < 2) {
    throw new ArgumentError({
      operation,
      inputs: { shape },
      rule: 'a weight needs at least two axes, [...window, in, out]',
    })
  }
  const window = sizeOf(shape.slice(0, -2))
  return { fanIn: window * shape.at(-2)!, fanOut: window * shape.at(-1)! }
}

type Variance = (fans: Fans) => number

const normalOf =
  (operation: string, variance: Variance): Initializer =>
  (key, shape, { dtype = 'float32' } = {}) =>
    random.normal(key, shape, { deviation: Math.sqrt(variance(fansOf(operation, shape))), dtype })

// A uniform on [-a, a] has variance a^2 / 3.
const uniformOf =
  (operation: string, variance: Variance): Initializer =>
  (key, shape, { dtype = 'float32' } = {}) => {
    const limit = Math.sqrt(3 * variance(fansOf(operation, shape)))
    return random.uniform(key, shape, { low: -limit, high: limit, dtype })
  }

// An axis of size 0 makes an empty weight; any variance will do.
const he: Variance = ({ fanIn }) => 2 / Math.max(1, fanIn)
const fanIn3: Variance = ({ fanIn }) => 1 / (3 * Math.max(1, fanIn))
const glorot: Variance = ({ fanIn, fanOut }) => 2 / Math.max(1, fanIn + fanOut)

/**
 * Normal with variance `2 / fanIn`, for layers followed by relu (He et al., Delving Deep into Rectifiers, 2015).
 * @example
 * ```ts
 * import { heNormal, random } from '@rootstock/core'
 * console.log(heNormal(random.key(0), [784, 256]).shape) // [784, 256]
 * ```
 */
export const heNormal: Initializer = normalOf('heNormal', he)

/**
 * Uniform with variance `2 / fanIn` (He et al., 2015).
 * @example
 * ```ts
 * import { heUniform, random } from '@rootstock/core'
 * console.log(heUniform(random.key(0), [3, 2]).shape) // [3, 2]
 * ```
 */
export const heUniform: Initializer = uniformOf('heUniform', he)

/**
 * Normal with variance `2 / (fanIn + fanOut)`, for tanh and linear layers (Glorot and Bengio, 2010).
 * @example
 * ```ts
 * import { glorotNormal, random } from '@rootstock/core'
 * console.log(glorotNormal(random.key(0), [3, 2]).shape) // [3, 2]
 * ```
 */
export const glorotNormal: Initializer = normalOf('glorotNormal', glorot)

/**
 * Uniform with variance `2 / (fanIn + fanOut)` (Glorot and Bengio, 2010).
 * @example
 * ```ts
 * import { glorotUniform, random } from '@rootstock/core'
 * console.log(glorotUniform(random.key(0), [3, 2]).shape) // [3, 2]
 * ```
 */
export const glorotUniform: Initializer = uniformOf('glorotUniform', glorot)

/**
 * Uniform on `[-1, 1] / sqrt(fanIn)`, variance `1 / (3 fanIn)`: where PyTorch's dense and convolution layers start
 * (LeCun et al., Efficient BackProp, 1998).
 * @example
 * ```ts
 * import { fanInUniform, random } from '@rootstock/core'
 * console.log(fanInUniform(random.key(0), [3, 3, 16, 32]).shape) // [3, 3, 16, 32]
 * ```
 */
export const fanInUniform: Initializer = uniformOf('fanInUniform', fanIn3)

/** Options of `varianceScaling`. */
export interface VarianceScalingOptions {
  /** The variance times the fan: the square of PyTorch's gain. Default 1, for linear layers and selu. */
  readonly scale?: number
  /** Entries that one output sums, that one input reaches, or the mean of both. Default `in`. */
  readonly fan?: 'in' | 'out' | 'average'
  /** Default `normal`. */
  readonly distribution?: 'normal' | 'uniform'
}

/**
 * Variance `scale / fan`, of which all others here are special cases: `{ scale: 25 / 9 }` is for tanh, `{}` for selu (LeCun et al., 1998).
 * @example
 * ```ts
 * import { random, varianceScaling } from '@rootstock/core'
 * const init = varianceScaling({ scale: 2, fan: 'out', distribution: 'uniform' })
 * console.log(init(random.key(0), [3, 2]).shape) // [3, 2]
 * ```
 */
export const varianceScaling = ({
  scale = 1,
  fan = 'in',
  distribution = 'normal',
}: VarianceScalingOptions = {}): Initializer => {
  const variance: Variance = ({ fanIn, fanOut }) => {
    const count = { in: fanIn, out: fanOut, average: (fanIn + fanOut) / 2 }[fan]
    return scale / Math.max(1, count)
  }
  return (distribution === 'normal' ? normalOf : uniformOf)('varianceScaling', variance)
}
