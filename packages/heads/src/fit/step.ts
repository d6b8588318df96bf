/**
 * One training step as one compiled function of one tree. The step looks at its own losses and gradients: when any is not
 * finite it returns the state it was given, so the caller can stop with the last good parameters.
 */
import {
  add,
  all,
  applyUpdates,
  cast,
  globalNorm,
  isFinite as isFiniteTensor,
  jit,
  type Key,
  leaves,
  map,
  mul,
  type PlateauState,
  type RunningAverageState,
  random,
  sharpnessAware,
  stack,
  type Tensor,
  type Transform,
  valueAndGrad,
  where,
} from '@rootstock/core'
import type { Mode } from '../layer.ts'
import type { Batch, Objective } from '../objective.ts'
import type { Weighting } from '../weighting/weighting.ts'
import type { Refinements } from './refinements.ts'
import { assemble, type Moving, observeLosses } from './statistics.ts'

/** Everything that changes from step to step, in one tree: what a step takes and gives, and what a checkpoint stores. */
export interface TrainingState {
  /** Parameters of the model that are trained, with gaps where they are frozen. */
  readonly params: unknown
  /** What layers learn by looking at batches: the second tree, with gaps where `params` has leaves. */
  readonly statistics: unknown
  /** What the weighting learns. */
  readonly weighting: unknown
  /** State of the optimiser. */
  readonly optimizer: unknown
  /** The key that every step's randomness is folded from. */
  readonly key: Key
  /** int32: steps made. */
  readonly step: Tensor
  /** The running mean of `params` and `statistics`, where one is asked for. */
  readonly average?: RunningAverageState
  /** By what updates are multiplied, and what that depends on, where it is to fall with validation. */
  readonly plateau?: PlateauState
}

/** `[task losses..., combined loss, gradient norm]`. */
export type Report = Tensor

/** A transform whatever its state. */
// biome-ignore lint/suspicious/noExplicitAny: what an optimiser remembers is its own affair, and is both taken and given
export type Optimizer = Transform<any>

/** The parts a step is made of. */
export interface StepOptions<Params, Task extends string, Label extends string> {
  readonly model: Objective<Params, Task, Label>
  readonly weighting: Weighting<Task>
  readonly optimizer: Optimizer
  /** Default none; a state must hold what they remember. */
  readonly refinements?: Refinements
}

/** A compiled step: `(state, frozen parameters, batch)`; the state is donated. */
export type Step<Label extends string> = (
  state: TrainingState,
  frozen: unknown,
  batch: Batch<Label>,
) => readonly [state: TrainingState, report: Report]

interface Trained {
  readonly params: unknown
  readonly weighting: unknown
}

/** Updates as far as a plateau lets them go. */
const fallen = <T>(updates: T, plateau: PlateauState | undefined): T =>
  plateau === undefined ? updates : map((u: Tensor) => mul(u, cast(plateau.rate, u.dtype)), updates)

/** The running mean after a step, if there is one. */
const averaged = (
  { average }: TrainingState,
  moved: Moving,
  refinements: Refinements,
  keep: <T>(fresh: T, old: T) => T,
): Pick<TrainingState, 'average'> =>
  average === undefined || refinements.average === undefined
    ? {}
    : { average: keep(refinements.average.update(average, moved), average) }

/**
 * Compiles the step of a model, weighting and optimiser.
 * @example
 * ```ts
 * import { adam } from '@rootstock/core'
 * import { compileStep, equal, mlp, multitask, regression } from '@rootstock/heads'
 * const model = multitask(mlp({ in: 2, hidden: [4] }), { y: regression() })
 * const step = compileStep({ model, weighting: equal(), optimizer: adam() })
 * console.log(typeof step) // function
 * ```
 */
export const compileStep = <Params, Task extends string, Label extends string>({
  model,
  weighting,
  optimizer,
  refinements = {},
}: StepOptions<Params, Task, Label>): Step<Label> => {
  const step: Step<Label> = (state, frozen, batch) => {
    const key = random.fold(state.key, state.step)
    const mode: Mode = { training: true, key, frozen: new Set(leaves(frozen) as Tensor[]) }
    const objective = (trained: Trained) => {
      const { statistics } = state
      const params = assemble({ params: trained.params, statistics }, frozen as Params)
      const seen = observeLosses(model, { params, statistics }, batch, mode)
      return [weighting.combine(trained.weighting, seen.losses), seen] as const
    }
    const trained: Trained = { params: state.params, weighting: state.weighting }
    const plain = valueAndGrad(objective, { aux: true })
    const { sharpness } = refinements
    const descend = sharpness === undefined ? plain : sharpnessAware(plain, sharpness)
    const [[total, { losses, statistics }], gradients] = descend(trained)
    const inOrder = model.tasks.map((task) => cast(losses[task], 'float32'))
    const report = stack([
      ...inOrder,
      cast(total, 'float32'),
      cast(globalNorm(gradients), 'float32'),
    ])
    const isGood = all(isFiniteTensor(report))
    const [updates, next] = optimizer.update(gradients, state.optimizer, trained)
    const keep = <T>(fresh: T, old: T): T =>
      map((a: Tensor, b: Tensor) => where(isGood, a, b), fresh, old)
    const after = keep(applyUpdates(trained, fallen(updates, state.plateau)), trained)
    const seen = keep(statistics, state.statistics)
    return [
      {
        ...state,
        params: after.params,
        statistics: seen,
        weighting: after.weighting,
        optimizer: keep(next, state.optimizer),
        step: add(state.step, cast(isGood, 'int32')),
        ...averaged(state, { params: after.params, statistics: seen }, refinements, keep),
      },
      report,
    ]
  }
  return jit(step, { donate: [0] })
}
