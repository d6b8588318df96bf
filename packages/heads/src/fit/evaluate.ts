/** Losses on rows that are not trained on. */
import { jit } from '@rootstock/core'
import { evaluation } from '../layer.ts'
import type { Batch, Losses, Objective } from '../objective.ts'
import type { MaybeByTask } from './event.ts'
import { gather, type Rows, type TableRows } from './rows.ts'

/** A mean for each task that counts each batch by its labelled rows. */
export interface Averages<Task extends string> {
  readonly add: (
    losses: { readonly [T in Task]: number },
    counts: { readonly [T in Task]: number },
  ) => void
  readonly means: () => MaybeByTask<Task>
}

/** Starts averages at nothing. */
export const startAverages = <Task extends string>(tasks: readonly Task[]): Averages<Task> => {
  const sums = new Map<Task, { loss: number; count: number }>(
    tasks.map((task) => [task, { loss: 0, count: 0 }]),
  )
  return {
    add: (losses, counts) => {
      for (const [task, sum] of sums) {
        sum.loss += losses[task] * counts[task]
        sum.count += counts[task]
      }
    },
    means: () =>
      Object.fromEntries(
        [...sums].map(([task, { loss, count }]) => [task, count === 0 ? null : loss / count]),
      ) as MaybeByTask<Task>,
  }
}

/** Rows that count for each task: labelled ones, or all where the task needs no label. */
export const countsOf = <Task extends string, Label extends string>(
  tasks: readonly Task[],
  labelled: { readonly [T in Label]: number },
  rows: number,
): { readonly [T in Task]: number } => {
  const known: Readonly<Record<string, number>> = labelled
  return Object.fromEntries(tasks.map((task) => [task, known[task] ?? rows])) as {
    [T in Task]: number
  }
}

/** The mean loss of each task over rows, in evaluation, batch by batch. */
export type Evaluate<Params, Task extends string, Label extends string> = (
  params: Params,
  data: Rows<Label> | TableRows,
  batchSize: number,
) => MaybeByTask<Task>

/** Compiles the losses of a model in evaluation. */
export const compileEvaluation = <Params, Task extends string, Label extends string>(
  model: Objective<Params, Task, Label>,
): Evaluate<Params, Task, Label> => {
  const losses: (params: Params, batch: Batch<Label>) => Losses<Task> = jit(
    (params: Params, batch: Batch<Label>) => model.losses(params, batch, evaluation),
  )
  return (params, data, batchSize) => {
    const averages = startAverages(model.tasks)
    for (let from = 0; from < data.rows; from += batchSize) {
      const size = Math.min(batchSize, data.rows - from)
      const part = gather(
        data,
        model.labels,
        Int32Array.from({ length: size }, (_, i) => from + i),
      )
      const found = losses(params, part.batch)
      const numbers = Object.fromEntries(model.tasks.map((task) => [task, found[task].item()]))
      averages.add(
        numbers as { [T in Task]: number },
        countsOf(model.tasks, part.labelled, part.rows),
      )
    }
    return averages.means()
  }
}
