/** One trunk, many heads: the model whose predictions, targets, losses and parameters are keyed by the names of its tasks. */
import {
  ArgumentError,
  evalShape,
  type Key,
  placeholder,
  random,
  type Tensor,
  within,
} from '@rootstock/core'
import type { Heads, HeadsParams, Predictions, TaskOf } from './heads/head.ts'
import { evaluation, type Mode, modeOf, observe } from './layer.ts'
import type { Batch, Losses, Objective } from './objective.ts'
import type { TapName, Trunk } from './trunks/trunk.ts'

/** Parameters of a multitask model: paths read `trunk/layers/0/weight`, `heads/species/dense/weight`. */
export interface MultitaskParams<TrunkParams, H extends Heads> {
  readonly trunk: TrunkParams
  readonly heads: HeadsParams<H>
}

/** A trunk with a head for each task. */
export interface Multitask<TrunkParams, H extends Heads>
  extends Objective<MultitaskParams<TrunkParams, H>, TaskOf<H>> {
  readonly trunk: Trunk<TrunkParams>
  readonly heads: H
  /** Predictions by task for inputs `[rows, width]`. */
  readonly apply: (
    params: MultitaskParams<TrunkParams, H>,
    inputs: Tensor,
    mode: Mode,
  ) => Predictions<H>
  /** The trunk's output in evaluation, or what it gives at a tap. */
  readonly features: (
    params: MultitaskParams<TrunkParams, H>,
    inputs: Tensor,
    tap?: TapName,
  ) => Tensor
}

// The trunk draws from key 0 of a model, head i from key i + 1: adding a head changes no other part's parameters.
const trunkKey = 0

const build = <TrunkParams, H extends Heads>(
  trunk: Trunk<TrunkParams>,
  heads: H,
): Multitask<TrunkParams, H> => {
  type Params = MultitaskParams<TrunkParams, H>
  const tasks = Object.keys(heads) as TaskOf<H>[]
  const byTask = <T>(f: (task: TaskOf<H>, head: Heads[string], index: number) => T) =>
    Object.fromEntries(
      tasks.map((task, i) => [task, within(`heads/${task}`, () => f(task, heads[task]!, i + 1))]),
    )
  const encode = (params: Params, inputs: Tensor, mode: Mode): Tensor =>
    within('trunk', () => trunk.apply(params.trunk, inputs, modeOf(mode, trunkKey)))
  const lossesOf = (params: Params, features: Tensor, batch: Batch<TaskOf<H>>, mode: Mode) =>
    byTask((task, head, i) =>
      head.loss(head.outputs(params.heads[task], features, modeOf(mode, i)), batch.targets[task]),
    ) as Losses<TaskOf<H>>
  return {
    trunk,
    heads,
    tasks,
    labels: tasks,
    init: (key: Key) => ({
      trunk: within('trunk', () => trunk.init(random.fold(key, trunkKey))),
      heads: byTask((_, head, i) => head.init(random.fold(key, i), trunk.out)) as HeadsParams<H>,
    }),
    apply: (params, inputs, mode) => {
      const features = encode(params, inputs, mode)
      return byTask((task, head, i) =>
        head.predict(head.outputs(params.heads[task], features, modeOf(mode, i))),
      ) as Predictions<H>
    },
    losses: (params, batch, mode) =>
      lossesOf(params, encode(params, batch.inputs, mode), batch, mode),
    observe: (params, batch, mode) => {
      const [features, after] = within('trunk', () =>
        observe(trunk, params.trunk, batch.inputs, modeOf(mode, trunkKey)),
      )
      return [lossesOf(params, features, batch, mode), { ...params, trunk: after }]
    },
    features: (params, inputs, tap) =>
      tap === undefined
        ? encode(params, inputs, evaluation)
        : within('trunk', () => trunk.tap(params.trunk, inputs, evaluation, tap)),
  }
}

/**
 * Joins a trunk and a head for each task to one model. The shapes are checked at once, without arithmetic: a head or stage
 * that does not fit throws a ShapeError that names its path.
 * @example
 * ```ts
 * import { ones, random } from '@rootstock/core'
 * import { classification, evaluation, mlp, multitask, regression } from '@rootstock/heads'
 * const model = multitask(mlp({ in: 4, hidden: [16] }), {
 *   species: classification({ classes: ['setosa', 'versicolor', 'virginica'] }),
 *   width: regression(),
 * })
 * const params = model.init(random.key(0))
 * const predicted = model.apply(params, ones([2, 4]), evaluation)
 * console.log(predicted.species.classes[0], predicted.width.shape) // setosa [2]
 * ```
 */
export const multitask = <TrunkParams, const H extends Heads>(
  trunk: Trunk<TrunkParams>,
  heads: H,
): Multitask<TrunkParams, H> => {
  const tasks = Object.keys(heads)
  if (tasks.length === 0) {
    throw new ArgumentError({
      operation: 'multitask',
      inputs: { heads: tasks },
      rule: 'a model needs at least one head',
    })
  }
  const model = build(trunk, heads)
  const outputs = (key: Key, inputs: Tensor) => {
    const params = model.init(key)
    const features = within('trunk', () => trunk.apply(params.trunk, inputs, evaluation))
    return tasks.map((task) =>
      within(`heads/${task}`, () => heads[task]!.outputs(params.heads[task], features, evaluation)),
    )
  }
  evalShape(outputs)(placeholder([2], { dtype: 'int32' }), placeholder([nominalRows, trunk.in]))
  return model
}

// Any number of rows will do; one that is no width anybody declares keeps the messages readable.
const nominalRows = 32
