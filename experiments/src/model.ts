/** From a config and its data to a model: one trunk, a head for each target. Task names are known only now, so they are texts. */
import { gelu, relu, silu, tanh } from '@rootstock/core'
import type { Dataset, ExperimentConfig } from '@rootstock/data'
import {
  type Activation,
  fixed,
  headsOf,
  type MlpParams,
  type Multitask,
  mlp,
  multitask,
  type TableHeads,
  type Trunk,
  type Weighting,
} from '@rootstock/heads'

/** A model whose tasks come from a config. */
export type TableModel = Multitask<MlpParams, TableHeads>

/** Parameters of such a model. */
export type TableParams = ReturnType<TableModel['init']>

const activations: Readonly<Record<ExperimentConfig['trunk']['activation'], Activation>> = {
  relu,
  gelu,
  silu,
  tanh,
}

/** The trunk of a config for inputs of a width. */
export const trunkOf = (
  { hidden, out, activation, dropout, inputDropout = 0, normalise }: ExperimentConfig['trunk'],
  width: number,
): Trunk<MlpParams> =>
  mlp({
    in: width,
    hidden,
    ...(out === undefined ? {} : { out }),
    activation: activations[activation],
    dropout: { input: inputDropout, hidden: dropout },
    normalise: normalise ?? 'none',
  })

/** The model of a config for a data set. */
export const modelOf = (trunk: Trunk<MlpParams>, data: Dataset): TableModel =>
  multitask(trunk, headsOf(data.targets))

/** The weights of the tasks of a config. */
export const weightingOf = ({ targets }: ExperimentConfig): Weighting<string> =>
  fixed(
    Object.fromEntries(
      Object.entries(targets).map(([task, target]) => [
        task,
        typeof target === 'string' ? 1 : (target.weight ?? 1),
      ]),
    ),
  )
