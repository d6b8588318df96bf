/** What `compare` is asked to do. */
import type { Dataset } from '@rootstock/data'
import type { Heads, Multitask, MultitaskParams, TaskOf } from '@rootstock/heads'
import type { ScoresOfHead } from '../evaluate.ts'
import type { MetricName } from '../metrics/metric.ts'
import type { Arm, ArmError, Failure } from './arm.ts'
import type { CompareEvent } from './event.ts'
import type { LabelCount } from './labels.ts'

// Distributes: where a head may be of either kind, as those of a table are, the metric may be of either.
type MetricOf<Scores> = Scores extends unknown ? MetricName & keyof Scores : never

/** Options of `compare`. */
export interface CompareOptions<
  TrunkParams,
  H extends Heads,
  Name extends string,
  Error extends Failure = ArmError,
> {
  readonly name: string
  /** The model that every arm gives parameters of. */
  readonly model: Multitask<TrunkParams, H>
  /** Training rows with all their labels; each training sees some of them. */
  readonly train: Dataset
  readonly test: Dataset
  /** Ways to train, by name. */
  readonly arms: { readonly [N in Name]: Arm<MultitaskParams<TrunkParams, NoInfer<H>>, Error> }
  /** The arm that the others are measured against. Default the first. */
  readonly reference?: NoInfer<Name>
  /** Numbers of labelled rows, shares of them (below 1), or 'all'. */
  readonly labels: readonly LabelCount[]
  /** A seed draws the labelled rows, and is given to each arm for all else. */
  readonly seeds: readonly number[]
  /** The metric that each task is judged by. Default accuracy and RMSE; all others are recorded too. */
  readonly metrics?: {
    readonly [T in TaskOf<NoInfer<H>>]?: MetricOf<ScoresOfHead<NoInfer<H>[T]>>
  }
  /** Units of regression targets, for the report: `{ price: 'US dollars' }`. */
  readonly units?: { readonly [T in TaskOf<NoInfer<H>>]?: string }
  /** The classification task in whose proportions labelled rows are drawn. Default the first. */
  readonly stratify?: TaskOf<NoInfer<H>>
  /** The failure of an arm in words. Default those of `explainFit`; the tag of any other. */
  readonly explain?: (error: Error) => string
  readonly signal?: AbortSignal
  readonly onEvent?: (event: CompareEvent) => void
}

/** Options of any comparison: what runs it looks at no parameter. */
// biome-ignore lint/suspicious/noExplicitAny: parameters and errors differ from comparison to comparison
export type AnyOptions = CompareOptions<any, Heads, string, any>
