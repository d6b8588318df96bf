/** Which epoch's parameters to return, and when going on is no use. */
import { type Tensor, tensor } from '@rootstock/core'
import type { MaybeByTask } from './event.ts'
import { outcomeOf } from './refinements.ts'
import { copy, type Run } from './run.ts'
import { assemble, type Moving } from './statistics.ts'
import type { TrainingState } from './step.ts'

/** The combined loss on validation, tasks without labels left out. */
export const scoreOf = <P, T extends string, L extends string>(
  run: Run<P, T, L>,
  state: TrainingState,
  losses: MaybeByTask<T>,
): number => {
  const known = run.model.tasks.map((task) => [task, tensor(losses[task] ?? 0)] as const)
  const combined = run.weighting.combine(
    state.weighting,
    Object.fromEntries(known) as { [K in T]: Tensor },
  )
  return combined.item()
}

/** Keeps the parameters of the best epoch on validation, and says when it is time to stop. */
export const startSelection = <P, T extends string, L extends string>(run: Run<P, T, L>) => {
  let best = Number.POSITIVE_INFINITY
  let since = 0
  let kept: Moving | null = null
  return {
    /** Takes notice of the parameters after an epoch and of their score. */
    see: (state: TrainingState, value: number): void => {
      since = value < best ? 0 : since + 1
      if (value < best && run.keep === 'best') {
        const { params, statistics } = outcomeOf(state)
        kept = copy({ params, statistics })
      }
      best = Math.min(best, value)
    },
    isOver: () => run.patience !== undefined && since >= run.patience,
    params: (state: TrainingState): P => assemble(kept ?? outcomeOf(state), run.frozen),
  }
}
