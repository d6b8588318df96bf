/**
 * What can be trained: parameters and a loss for each task. The multitask model is one; denoising is another. The training
 * loop knows nothing else.
 */
import type { Key, Tensor } from '@rootstock/core'
import type { Target } from './heads/head.ts'
import type { Mode } from './layer.ts'

/** Some rows: inputs `[rows, width]` and, for each task, its labels. */
export interface Batch<Task extends string = string> {
  readonly inputs: Tensor
  readonly targets: { readonly [T in Task]: Target }
}

/** Losses by task, each a scalar. */
export type Losses<Task extends string> = { readonly [T in Task]: Tensor }

/** Parameters and the losses they are trained by; `Label` names the targets that the losses look at. */
export interface Objective<Params, Task extends string, Label extends string = Task> {
  readonly tasks: readonly Task[]
  /** Tasks that need labels: a row counts for these only where it has one. */
  readonly labels: readonly Label[]
  readonly init: (key: Key) => Params
  readonly losses: (params: Params, batch: Batch<Label>, mode: Mode) => Losses<Task>
  /** The losses, and the parameters with what the batch has taught their statistics; absent where there are none. */
  readonly observe?: (
    params: Params,
    batch: Batch<Label>,
    mode: Mode,
  ) => readonly [losses: Losses<Task>, params: Params]
}
