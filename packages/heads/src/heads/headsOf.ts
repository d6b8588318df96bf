/** Heads for tasks that are known only when a table has been read. */
import { type Classification, classification } from './classification.ts'
import { type Regression, regression } from './regression.ts'

/** What labels say about their task; the labels of a data set of `@rootstock/data` fit as they are. */
export type TargetDescription =
  | { readonly kind: 'classification'; readonly classes: readonly string[] }
  | { readonly kind: 'regression'; readonly mean: number; readonly deviation: number }

/** Heads whose tasks have no names in the types. */
export type TableHeads = Readonly<Record<string, Classification<string> | Regression>>

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
export const headsOf = (targets: Readonly<Record<string, TargetDescription>>): TableHeads =>
  Object.fromEntries(
    Object.entries(targets).map(([task, target]) => [
      task,
      target.kind === 'classification'
        ? classification({ classes: target.classes })
        : regression({ mean: target.mean, deviation: target.deviation }),
    ]),
  )
