/** The arms of a config. All train with the same optimiser, for the same number of steps. */
import type { ExperimentConfig } from '@rootstock/data'
import { type Arm, fineTuned, probe, scratch } from '@rootstock/eval'
import type { MlpParams, Weighting } from '@rootstock/heads'
import type { TableModel, TableParams } from './model.ts'
import { type AnyTransform, optimizerOf } from './optimizer.ts'

/** What arms are made from. */
export interface ArmsOptions {
  readonly config: ExperimentConfig
  readonly model: TableModel
  readonly weighting: Weighting<string>
  /** Parameters of the pretrained trunk for a seed. */
  readonly trunk: (seed: number) => MlpParams
}

/** Arms by the name they have in a report. */
export type Arms = Readonly<Record<string, Arm<TableParams>>>

const names: Readonly<Record<ExperimentConfig['arms'][number], string>> = {
  scratch: 'scratch',
  probe: 'probe',
  fineTune: 'fine-tuned',
  frozenThenFull: 'probe, then tuned',
}

/** As `fit` counts: whole epochs, as many as it takes to make the least number of steps. */
const stepsOf = ({ epochs, batchSize, minSteps = 1 }: ExperimentConfig, rows: number): number => {
  const perEpoch = Math.ceil(rows / batchSize)
  return perEpoch * Math.max(epochs, Math.ceil(minSteps / perEpoch))
}

/** The arms of a config, in its order. */
export const armsOf = ({ config, model, weighting, trunk }: ArmsOptions): Arms => {
  const { epochs, batchSize, minSteps = 1, probe: { l2 = 1 } = {} } = config
  const optimizers = new Map<number, AnyTransform>()
  // One optimiser for equal numbers of steps, so that compiled steps are shared between seeds and arms.
  const optimizerFor = (rows: number): AnyTransform => {
    const steps = config.optimizer.schedule === 'cosine' ? stepsOf(config, rows) : 0
    const found = optimizers.get(steps) ?? optimizerOf(config.optimizer, steps)
    optimizers.set(steps, found)
    return found
  }
  const training = (rows: number) => ({
    model,
    weighting,
    epochs,
    batchSize,
    minSteps,
    optimizer: optimizerFor(rows),
  })
  const ways: Readonly<Record<ExperimentConfig['arms'][number], Arm<TableParams>>> = {
    scratch: (context) => scratch(training(context.labels))(context),
    probe: probe({ model, trunk, l2 }),
    fineTune: (context) =>
      fineTuned({ ...training(context.labels), trunk, strategy: 'full' })(context),
    frozenThenFull: (context) =>
      fineTuned({ ...training(context.labels), trunk, strategy: 'frozenThenFull', l2 })(context),
  }
  return Object.fromEntries(config.arms.map((arm) => [names[arm], ways[arm]]))
}
