/** The multilayer perceptron as a trunk. */
import {
  ArgumentError,
  add,
  glorotUniform,
  heNormal,
  type Initializer,
  type Key,
  relu,
  type Tensor,
} from '@rootstock/core'
import type { Activation } from '../compose.ts'
import { modeOf, observe, observing } from '../layer.ts'
import { type DenseParams, dense } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { type NormKind, type NormParams, normalization } from '../layers/normalization.ts'
import { type Stage, type Trunk, type TrunkParams, trunkOf } from './trunk.ts'

/** Parameters of one stage: `layers/0/weight`, `layers/0/bias`, and `layers/0/normalise/scale` when normalised. */
export interface MlpStageParams extends DenseParams {
  readonly normalise?: NormParams
}

/** Parameters of an `mlp`. */
export type MlpParams = TrunkParams<MlpStageParams>

/** Options of `mlp`. */
export interface MlpOptions {
  /** Columns of the input. */
  readonly in: number
  /** Widths of the hidden stages, each a dense layer and an activation. */
  readonly hidden: readonly number[]
  /** Width of a last stage without activation; absent, the last hidden stage is the output. */
  readonly out?: number
  /** Applied after each hidden layer. Default `relu`. */
  readonly activation?: Activation
  /** Probability of dropping a hidden unit, or one for the input and one for hidden units. Default 0. */
  readonly dropout?: number | { readonly input?: number; readonly hidden?: number }
  /** Normalise each hidden layer before its activation. Default `none`. */
  readonly normalise?: NormKind
  /** Add to each hidden stage that keeps the width of its input that input (He et al., 2016). Default false. */
  readonly residual?: boolean
  /** Draws the weights. Default `heNormal` for relu, else `glorotUniform`. */
  readonly init?: Initializer
}

/** Options of a stage of an `mlp`. */
export interface MlpStageOptions {
  readonly in: number
  readonly out: number
  readonly activation: Activation | null
  readonly normalise: NormKind
  readonly dropBefore: number
  readonly dropAfter: number
  readonly residual: boolean
  readonly init: Initializer
}

/** A dense layer, (normalisation,) activation and dropout, added to what it reads if asked. */
export const mlpStage = (options: MlpStageOptions): Stage<MlpStageParams> => {
  const linear = dense({ in: options.in, out: options.out, init: options.init })
  const norm = normalization(options.normalise, options.out)
  const before = dropout({ probability: options.dropBefore })
  const after = dropout({ probability: options.dropAfter })
  const activation = options.activation ?? ((x: Tensor) => x)
  const layer = observing<MlpStageParams>(
    (key: Key) => ({
      ...linear.init(key),
      ...(norm === null ? {} : { normalise: norm.init(key) }),
    }),
    (params, x, mode) => {
      const y = linear.apply(params, before.apply({}, x, modeOf(mode, 0)), mode)
      const rest = (normal: Tensor): Tensor => {
        const branch = after.apply({}, activation(normal), modeOf(mode, 1))
        return options.residual ? add(x, branch) : branch
      }
      if (norm === null || params.normalise === undefined) return [rest(y), params]
      const [normal, normalise] = observe(norm, params.normalise, y, mode)
      return [rest(normal), normalise === params.normalise ? params : { ...params, normalise }]
    },
  )
  return { ...layer, out: options.out }
}

/**
 * A multilayer perceptron: dense layers, each followed by (normalisation,) activation and dropout.
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { evaluation, mlp } from '@rootstock/heads'
 * const trunk = mlp({ in: 4, hidden: [64, 32] })
 * const params = trunk.init(random.key(0))
 * console.log(trunk.apply(params, ones([2, 4]), evaluation).shape) // [2, 32]
 * console.log(trunk.tap(params, ones([2, 4]), evaluation, 'layers/0').shape) // [2, 64]
 * ```
 */
export const mlp = (options: MlpOptions): Trunk<MlpParams> => {
  const { hidden, out, activation = relu, normalise = 'none', dropout: drop = 0 } = options
  const widths = [options.in, ...hidden, ...(out === undefined ? [] : [out])]
  const wrong = widths.find((width) => !Number.isInteger(width) || width < 1)
  if (wrong !== undefined || widths.length < 2) {
    throw new ArgumentError({
      operation: 'mlp',
      inputs: { in: options.in, hidden, ...(out === undefined ? {} : { out }) },
      rule:
        wrong === undefined
          ? 'an mlp needs at least one hidden stage or out'
          : `every width must be a whole number of at least 1, not ${wrong}`,
    })
  }
  const probability = typeof drop === 'number' ? { hidden: drop } : drop
  const init = options.init ?? (activation === relu ? heNormal : glorotUniform)
  const layers = widths.slice(1).map((width, i) => {
    const isHidden = i < hidden.length
    return mlpStage({
      in: widths[i]!,
      out: width,
      activation: isHidden ? activation : null,
      normalise: isHidden ? normalise : 'none',
      dropBefore: i === 0 ? (probability.input ?? 0) : 0,
      dropAfter: isHidden ? (probability.hidden ?? 0) : 0,
      residual: options.residual === true && isHidden && widths[i] === width,
      init,
    })
  })
  return trunkOf({ in: options.in, layers })
}
