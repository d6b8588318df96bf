/**
 * What an optimiser is: a pair of pure functions over trees, after optax. State is passed, never owned, and is a tree of
 * tensors, step counts included, so that a training step compiles once and a checkpoint stores all of it.
 */
import { add } from '../numeric/arithmetic.ts'
import type { Tensor } from '../tensor.ts'
import { map, type Tree } from '../tree.ts'

/** A tree of tensors: parameters, gradients, updates and states. */
export type Tensors = Tree<Tensor>

/** Turns gradients into updates, carrying a state from step to step. */
export interface Transform<State> {
  /** The state before the first step. */
  readonly init: (params: unknown) => State
  /** Updates with the structure of the gradients, and the next state. `params` are those the gradients were taken at. */
  readonly update: <Params>(
    gradients: Params,
    state: State,
    params: Params,
  ) => readonly [updates: Params, state: State]
}

/** A step size: fixed, or a function of the int32 number of steps taken so far, which starts at 0. */
export type Rate = number | ((step: Tensor) => Tensor)

/**
 * `params + updates`, leaf by leaf.
 * @example
 * ```ts
 * import { applyUpdates, tensor } from '@rootstock/core'
 * console.log(applyUpdates({ w: tensor([1, 2]) }, { w: tensor([0.5, -1]) }).w.toArray()) // [1.5, 1]
 * ```
 */
export const applyUpdates = <Params>(params: Params, updates: Params): Params =>
  map((param: Tensor, update: Tensor) => add(param, update), params, updates)
