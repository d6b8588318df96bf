/** Forecasts of a series by a trunk: what comes next, told from the hours before. */
import { add, jit, mean, random, sub, type Tensor } from '@rootstock/core'
import {
  type DenseParams,
  dense,
  evaluation,
  type Mode,
  modeOf,
  type Objective,
  squaredError,
  type Trunk,
} from '@rootstock/heads'

/** Parameters of a forecaster. */
export interface ForecasterParams<TrunkParams> {
  readonly trunk: TrunkParams
  readonly dense: DenseParams
}

/** An objective that can be asked for its forecasts. */
export interface Forecaster<TrunkParams> extends Objective<ForecasterParams<TrunkParams>, 'ahead'> {
  /** Values ahead `[n, ahead]` for those before, `[n, back]`. */
  readonly forecast: (params: ForecasterParams<TrunkParams>, before: Tensor) => Tensor
}

/**
 * A trunk over windows `[n, back]` with a dense layer behind it that tells the next `ahead` values, the labels. The mean of a window is
 * taken off and added again, so that a level never seen in training is none of the trunk's business (Kim et al., Reversible Instance
 * Normalization, 2022, without the scale).
 */
export const forecaster = <TrunkParams>(
  trunk: Trunk<TrunkParams>,
  ahead: number,
): Forecaster<TrunkParams> => {
  type Params = ForecasterParams<TrunkParams>
  const layer = dense({ in: trunk.out, out: ahead })
  const tell = (params: Params, before: Tensor, mode: Mode): Tensor => {
    const level = mean(before, { axis: 1, keepDims: true })
    const features = trunk.apply(params.trunk, sub(before, level), modeOf(mode, 0))
    return add(layer.apply(params.dense, features, modeOf(mode, 1)), level)
  }
  return {
    tasks: ['ahead'],
    labels: ['ahead'],
    init: (key) => ({
      trunk: trunk.init(random.fold(key, 0)),
      dense: layer.init(random.fold(key, 1)),
    }),
    losses: (params, { inputs, targets: { ahead: wanted } }, mode) => ({
      ahead: squaredError(tell(params, inputs, mode), wanted.values, { mask: wanted.mask }),
    }),
    forecast: jit((params: Params, before: Tensor) => tell(params, before, evaluation)),
  }
}
