/** Weights chosen by hand, and the special case that all are 1. */
import { ArgumentError, add, mul, type Tensor } from '@rootstock/core'
import type { NoParams } from '../layers/dropout.ts'
import type { Weighting } from './weighting.ts'

/** `sum of weight * loss` with the given weights. */
const weightedSum = (
  losses: Readonly<Record<string, Tensor>>,
  weightOf: (task: string) => number,
): Tensor => {
  const terms = Object.entries(losses).map(([task, loss]) => {
    const weight = weightOf(task)
    return weight === 1 ? loss : mul(loss, weight)
  })
  return terms.reduce((total, term) => add(total, term))
}

/**
 * The plain sum of all losses: every weight is 1.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { equal } from '@rootstock/heads'
 * console.log(equal().combine({}, { a: tensor(2), b: tensor(3) }).item()) // 5
 * ```
 */
export const equal = (): Weighting<string, NoParams> & { readonly weights: null } => ({
  init: () => ({}),
  combine: (_, losses) => weightedSum(losses, () => 1),
  weights: null,
})

/**
 * `sum of weights[task] * losses[task]`; weights of 0 switch a task off.
 * @example
 * ```ts
 * import { tensor } from '@rootstock/core'
 * import { fixed } from '@rootstock/heads'
 * const weighting = fixed({ species: 1, width: 0.5 })
 * console.log(weighting.combine({}, { species: tensor(2), width: tensor(3) }).item()) // 3.5
 * ```
 */
export const fixed = <const Task extends string>(
  weights: {
    readonly [T in Task]: number
  },
): Weighting<Task, NoParams> => {
  const table: Readonly<Record<string, number>> = weights
  for (const [task, weight] of Object.entries(table)) {
    if (Number.isFinite(weight) && weight >= 0) continue
    throw new ArgumentError({
      operation: 'fixed',
      inputs: { task, weight },
      rule: 'every weight must be finite and at least 0',
    })
  }
  return {
    init: () => ({}),
    combine: (_, losses) => weightedSum(losses, (task) => table[task] ?? 0),
    weights,
  }
}
