/** From the words of a config to an optimiser. */
import {
  adam,
  adamW,
  addDecayedWeights,
  chain,
  clipByGlobalNorm,
  cosineDecay,
  type Rate,
  sgd,
  type Transform,
} from '@rootstock/core'
import type { ExperimentConfig } from '@rootstock/data'

type OptimizerConfig = ExperimentConfig['optimizer']

/** An optimiser of any kind. */
// biome-ignore lint/suspicious/noExplicitAny: a transform's state is its own affair
export type AnyTransform = Transform<any>

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
  const rate = schedule === 'cosine' ? cosineDecay({ rate: learningRate, steps }) : learningRate
  const isPenalty = kind !== 'adamW' && weightDecay > 0
  const parts: readonly AnyTransform[] = [
    ...(clip === undefined ? [] : [clipByGlobalNorm(clip)]),
    ...(isPenalty ? [addDecayedWeights({ rate: weightDecay, decays: isWeight })] : []),
    descentOf(config, rate),
  ]
  return chain(...parts)
}
