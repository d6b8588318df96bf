/** How the losses of tasks become one number to descend. */
import type { Tensor } from '@rootstock/core'
import type { Losses } from '../objective.ts'

/**
 * A loss-level weighting: `combine` gives the scalar to descend. What it learns, if anything, is a tree of tensors that
 * the optimiser trains beside the model.
 */
// biome-ignore lint/suspicious/noExplicitAny: what a weighting learns is its own affair
export interface Weighting<Task extends string, Params = any> {
  readonly init: (tasks: readonly Task[]) => Params
  readonly combine: (params: Params, losses: Losses<Task>) => Tensor
  /** The tasks it knows; null when any will do. Keeps a record that lacks a task from being accepted. */
  readonly weights: { readonly [T in Task]: number } | null
}
