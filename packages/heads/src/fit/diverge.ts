/** Finds out, once a step has refused to be made, which task, parameter or input was not finite. Runs only then. */
import { grad, leaves, paths, random, type Tensor } from '@rootstock/core'
import type { Target } from '../heads/head.ts'
import type { Mode } from '../layer.ts'
import type { Objective } from '../objective.ts'
import type { Diverged, Source } from './error.ts'
import { outcomeOf } from './refinements.ts'
import type { Gathered } from './rows.ts'
import { assemble } from './statistics.ts'
import type { TrainingState } from './step.ts'

/** What is known when a step fails. */
export interface Failure<Params, Task extends string, Label extends string> {
  readonly model: Objective<Params, Task, Label>
  /** The state before the step, which the step gave back. */
  readonly state: TrainingState
  readonly frozen: Params
  readonly gathered: Gathered<Label>
  /** Rows of the data that the batch was gathered from. */
  readonly indices: ArrayLike<number>
  /** `[task losses..., combined loss, gradient norm]`. */
  readonly report: ArrayLike<number>
  readonly step: number
  readonly epoch: number
}

const firstBad = (values: ArrayLike<number>): number => {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i
  return -1
}

/**
 * The first number of a batch that is not finite: the row of the data and the column or the label, null when all are finite.
 * `indices` are the rows that the batch was gathered from.
 */
export const sourceOf = <Label extends string>(
  { batch }: Gathered<Label>,
  indices: ArrayLike<number>,
): Source<Label> | null => {
  const at = firstBad(batch.inputs.data())
  const width = batch.inputs.shape.at(-1)!
  if (at >= 0) return { row: indices[Math.floor(at / width)]!, column: at % width }
  for (const [label, target] of Object.entries<Target>(batch.targets)) {
    const bad = firstBad(target.values.data())
    if (bad < 0) continue
    const perRow = target.values.size / target.mask.size
    return { row: indices[Math.floor(bad / perRow)]!, label: label as Label }
  }
  return null
}

const badGradient = <Params, Task extends string, Label extends string>(
  failure: Failure<Params, Task, Label>,
): { task: Task | null; parameter: string | null } => {
  const { model, state, frozen, gathered } = failure
  const key = random.fold(state.key, state.step)
  for (const task of model.tasks) {
    const mode: Mode = { training: true, key, frozen: new Set(leaves(frozen) as Tensor[]) }
    const loss = (params: unknown) =>
      model.losses(assemble({ ...state, params }, frozen), gathered.batch, mode)[task]
    const gradients: unknown = grad(loss)(state.params)
    const found = paths(gradients).find(([, leaf]) => firstBad((leaf as Tensor).data()) >= 0)
    if (found !== undefined) return { task, parameter: found[0] }
  }
  return { task: null, parameter: null }
}

/** Describes a step that was not made. */
export const diagnose = <Params, Task extends string, Label extends string>(
  failure: Failure<Params, Task, Label>,
): Diverged<Params, Task> => {
  const { model, state, frozen, gathered, report, indices, step, epoch } = failure
  const bad = firstBad(report)
  const isLoss = bad <= model.tasks.length
  const found = isLoss ? { task: model.tasks[bad] ?? null, parameter: null } : badGradient(failure)
  return {
    _tag: 'Diverged',
    cause: isLoss ? 'loss' : 'gradient',
    ...found,
    source: sourceOf(gathered, indices),
    step,
    epoch,
    params: assemble(outcomeOf(state), frozen),
  }
}
