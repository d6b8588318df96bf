/**
 * What layers learn by looking at batches, apart from what is learned by gradients: leaves under a key `statistics`. They are a second
 * tree with the structure of the parameters, which the optimiser never sees and every step gives anew.
 */
import { flatten, paths } from '@rootstock/core'
import type { Mode } from '../layer.ts'
import type { Batch, Losses, Objective } from '../objective.ts'
import { join } from './partition.ts'

/** The leaves of a tree whose paths are wanted, with gaps where the others are. */
const pick = <T>(tree: T, isWanted: (path: string) => boolean): T =>
  flatten(tree)[1].build(
    paths(tree).map(([path, leaf]) => (isWanted(path) ? leaf : undefined)),
  ) as T

const isStatistic = (path: string): boolean => path.split('/').includes('statistics')

/** What a step moves: by gradients, and by looking. */
export interface Moving {
  readonly params: unknown
  readonly statistics: unknown
}

/** The parameters that move, apart by how they do. */
export const separate = (moving: unknown): Moving => ({
  params: pick(moving, (path) => !isStatistic(path)),
  statistics: pick(moving, isStatistic),
})

/** The parameters of a model from those that move and those that are frozen. */
export const assemble = <Params>({ params, statistics }: Moving, frozen: Params): Params =>
  join({ trained: join({ trained: params, frozen: statistics }) as Params, frozen })

/** Losses of a batch, and what `statistics` are after it. */
export const observeLosses = <Params, Task extends string, Label extends string>(
  model: Objective<Params, Task, Label>,
  { params, statistics }: { readonly params: Params; readonly statistics: unknown },
  batch: Batch<Label>,
  mode: Mode,
): { readonly losses: Losses<Task>; readonly statistics: unknown } => {
  const moving = new Set(paths(statistics).map(([path]) => path))
  if (model.observe === undefined || moving.size === 0) {
    return { losses: model.losses(params, batch, mode), statistics }
  }
  const [losses, after] = model.observe(params, batch, mode)
  return { losses, statistics: pick(after, (path) => moving.has(path)) }
}
