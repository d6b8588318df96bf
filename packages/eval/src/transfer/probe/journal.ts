/** What a probe says while it is trained: the events of `fit`, so that whoever listens needs to know one kind. */
import { type Evaluated, leaves, type Place, type Tensor } from '@rootstock/core'
import {
  type ByTask,
  type EpochSummary,
  type FitEvent,
  type MaybeByTask,
  startProgress,
} from '@rootstock/heads'

/** What is told about a probe before its first step. */
export interface Beginning<Task extends string> {
  readonly tasks: readonly Task[]
  readonly rows: number
  /** Rows with a label of each task. */
  readonly labelled: ByTask<Task>
  readonly maxSteps: number
  readonly trained: number
  readonly trunk: unknown
  readonly onEvent: ((event: FitEvent<Task>) => void) | undefined
}

/** A place with the losses of the tasks there. */
export type Measured = Place<Evaluated & { readonly losses: Readonly<Record<string, number>> }>

const norm = (gradient: Float64Array): number =>
  Math.sqrt(gradient.reduce((sum, entry) => sum + entry * entry, 0))

/** Starts telling. Every step passes over all rows, so it is an epoch as well. */
export const startJournal = <Task extends string>({
  tasks,
  rows,
  labelled,
  maxSteps,
  trained,
  trunk,
  onEvent = () => {},
}: Beginning<Task>) => {
  const progress = startProgress()
  const history: EpochSummary<Task>[] = []
  const frozen = leaves(trunk).reduce<number>((sum, leaf) => sum + (leaf as Tensor).size, 0)
  const shared = { steps: maxSteps, epochs: maxSteps }
  onEvent({ _tag: 'Started', rows, labelled, ...shared, trained, frozen })
  const step = (made: number, { value, gradient, losses }: Measured): void => {
    progress.advance(rows)
    const numbers = Object.fromEntries(tasks.map((task) => [task, losses[task]!])) as ByTask<Task>
    const known = Object.fromEntries(
      tasks.map((task) => [task, labelled[task] === 0 ? null : losses[task]!]),
    ) as MaybeByTask<Task>
    onEvent({
      _tag: 'Stepped',
      step: made,
      epoch: made,
      ...shared,
      losses: numbers,
      labelled,
      total: value,
      gradientNorm: norm(gradient),
      rowsPerSecond: progress.rowsPerSecond(),
      secondsLeft: progress.secondsLeft(maxSteps - made),
    })
    const seconds = progress.seconds()
    const summary: EpochSummary<Task> = { epoch: made, losses: known, validation: null, seconds }
    history.push(summary)
    onEvent({ _tag: 'EpochEnded', epochs: maxSteps, ...summary })
  }
  return {
    step,
    breathe: progress.breathe,
    stop: (reason: string, made: number): void => onEvent({ _tag: 'Stopped', reason, step: made }),
    end: (steps: number) => {
      const seconds = progress.seconds()
      onEvent({ _tag: 'Finished', steps, seconds })
      return { history, steps, seconds }
    },
  }
}
