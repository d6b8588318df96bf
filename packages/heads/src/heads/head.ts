/** What a task head is: a layer on the trunk's features, what its output means, and the loss that trains it. */
import type { Key, Tensor } from '@rootstock/core'
import type { Mode } from '../layer.ts'

/** Labels of one task for the rows of a batch: a value for each row, or several, and whether the row is labelled. */
export interface Target {
  /** `[rows]`: class codes as int32, or numbers; `[rows, width]` where a label is several. Values of unlabelled rows are never looked at. */
  readonly values: Tensor
  /** bool `[rows]`: true where the row is labelled. */
  readonly mask: Tensor
}

/** A task's output layer. `Kind` tells metrics apart; `Prediction` is what a user reads. */
export interface Head<Kind extends string, Params, Prediction> {
  readonly kind: Kind
  /** Parameters for a trunk that gives this many features. */
  readonly init: (key: Key, features: number) => Params
  /** Raw outputs, the input of `predict` and `loss`. */
  readonly outputs: (params: Params, features: Tensor, mode: Mode) => Tensor
  readonly predict: (outputs: Tensor) => Prediction
  /** Scalar: the mean loss of the labelled rows; exactly 0, with gradient 0, when there are none. */
  readonly loss: (outputs: Tensor, target: Target) => Tensor
}

/** A record of heads keyed by the names of their tasks. */
// biome-ignore lint/suspicious/noExplicitAny: each head's own types are inferred from the record
export type Heads = Readonly<Record<string, Head<string, any, any>>>

/** Names of the tasks of a record of heads. */
export type TaskOf<H> = keyof H & string

/** Parameters of each head, by task. */
export type HeadsParams<H extends Heads> = {
  readonly [Task in keyof H]: ReturnType<H[Task]['init']>
}

/** Predictions of each head, by task. */
export type Predictions<H extends Heads> = {
  readonly [Task in keyof H]: ReturnType<H[Task]['predict']>
}
