/** From the words of a config to an optimiser. */
import {
  adam,
  adamW,
  add,
  addDecayedWeights,
  cast,
  chain,
  clipByGlobalNorm,
  cos,
  minimum,
  mul,
  type Rate,
  sgd,
  type Transform,
} from '@rootstock/core'
import type { ExperimentConfig } from '@rootstock/data'

type OptimizerConfig = ExperimentConfig['optimizer']

/** An optimiser of any kind. */
// biome-ignore lint/suspicious/noExplicitAny: a transform's state is its own affair
export type AnyTransform = Transform<any>

/**
 * A rate that falls from `peak` to 0 by half a cosine over a number of steps, and stays there
 * (Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017).
 */
export const cosineRate =
  (peak: number, steps: number): Rate =>
  (step) => {
    const progress = minimum(mul(cast(step, 'float32'), 1 / steps), 1)
    return mul(add(cos(mul(progress, Math.PI)), 1), peak / 2)
  }

// A bias moves a prediction without making it wilder, so only weights decay.
const isWeight = (path: string): boolean => path.endsWith('weight')

const descentOf = (
  { kind, momentum, weightDecay }: OptimizerConfig,
  learningRate: Rate,
): AnyTransform => {
  switch (kind) {
    case 'adam':
      return adam({ learningRate })
    case 'adamW':
      return adamW({ learningRate, weightDecay, decays: isWeight })
    case 'sgd':
      return sgd({ learningRate, ...(momentum === undefined ? {} : { momentum }) })
  }
}

/** The optimiser of a config for a run of so many steps. */
export const optimizerOf = (config: OptimizerConfig, steps: number): AnyTransform => {
  const { kind, learningRate, weightDecay, clip, schedule } = config
  const rate = schedule === 'cosine' ? cosineRate(learningRate, steps) : learningRate
  const isPenalty = kind !== 'adamW' && weightDecay > 0
  const parts: readonly AnyTransform[] = [
    ...(clip === undefined ? [] : [clipByGlobalNorm(clip)]),
    ...(isPenalty ? [addDecayedWeights({ rate: weightDecay, decays: isWeight })] : []),
    descentOf(config, rate),
  ]
  return chain(...parts)
}
