/** Heads for tasks that are known only when a table has been read. */
import { type Classification, classification } from './classification.ts'
import { type Regression, regression } from './regression.ts'

/** What labels say about their task; the labels of a data set of `@rootstock/data` fit as they are. */
export type TargetDescription =
  | { readonly kind: 'classification'; readonly classes: readonly string[] }
  | { readonly kind: 'regression'; readonly mean: number; readonly deviation: number }

/** The head of a target: of the one kind where the type says which, else of either. */
export type HeadFor<Description> = Description extends {
  readonly kind: 'classification'
  readonly classes: readonly (infer Class extends string)[]
}
  ? Classification<Class>
  : Regression

/** Heads of tasks that have no names in the types. */
export type TableHeads = Readonly<Record<string, HeadFor<TargetDescription>>>

/**
 * A head for each target: classifiers with its classes, regressions in its original units.
 * @example
 * ```ts
 * import { headsOf, mlp, multitask } from '@rootstock/heads'
 * const targets = {
 *   species: { kind: 'classification', classes: ['setosa', 'virginica'] },
 *   width: { kind: 'regression', mean: 1.2, deviation: 0.8 },
 * } as const
 * const model = multitask(mlp({ in: 4, hidden: [16] }), headsOf(targets))
 * console.log(model.tasks) // ['species', 'width']
 * ```
 */
export const headsOf = <const Targets extends Readonly<Record<string, TargetDescription>>>(
  targets: Targets,
): { readonly [Task in keyof Targets]: HeadFor<Targets[Task]> } => {
  const heads = Object.entries<TargetDescription>(targets).map(([task, target]) => [
    task,
    target.kind === 'classification'
      ? classification({ classes: target.classes })
      : regression({ mean: target.mean, deviation: target.deviation }),
  ])
  return Object.fromEntries(heads) as { readonly [Task in keyof Targets]: HeadFor<Targets[Task]> }
}
