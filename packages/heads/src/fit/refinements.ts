/**
 * What training may do besides plain steps: gradients at the worst neighbour, a running mean of the parameters, a rate that falls when
 * validation does. Their state lies beside that of the optimiser, and only where they are asked for.
 */
import {
  type AverageOptions,
  type Plateau,
  type PlateauOptions,
  plateau,
  type RunningAverage,
  runningAverage,
  type SharpnessOptions,
} from '@rootstock/core'
import type { Moving } from './statistics.ts'
import type { TrainingState } from './step.ts'

/** Options of `fit` that refine its steps. */
export interface RefinementOptions {
  /**
   * Take each gradient where the loss is worst nearby, which leads to flat minima at the cost of two gradients a step: `sharpnessAware`
   * of `@rootstock/core`. Default never.
   */
  readonly sharpness?: SharpnessOptions
  /**
   * Measure on validation, and return, a running mean of the parameters, and of what layers learn by looking, in place of those that are
   * trained: `runningAverage` of `@rootstock/core`. `{ decay: 0.999 }` is an exponential mean, `{ decay: 'equal', from: 500 }` stochastic
   * weight averaging from step 500 on. Default never.
   */
  readonly average?: AverageOptions
  /**
   * Multiply the updates of the optimiser by a factor that falls when the loss on validation no longer does: `plateau` of
   * `@rootstock/core`, once an epoch. Not for `lookahead`, whose updates are no steps. Default never.
   */
  readonly plateau?: Omit<PlateauOptions, 'rate'>
}

/** What the options ask for. */
export interface Refinements {
  readonly sharpness?: SharpnessOptions
  readonly average?: RunningAverage
  readonly plateau?: Plateau
}

// One object for equal options, so that the steps compiled for it are shared.
const made = new Map<string, Refinements>()

/** What the options ask for: the same object for equal options. */
export const refinementsOf = (options: RefinementOptions): Refinements => {
  const { sharpness, average, plateau: falling } = options
  const name = JSON.stringify([sharpness, average, falling])
  const found = made.get(name) ?? {
    ...(sharpness === undefined ? {} : { sharpness }),
    ...(average === undefined ? {} : { average: runningAverage(average) }),
    ...(falling === undefined ? {} : { plateau: plateau({ rate: 1, ...falling }) }),
  }
  made.set(name, found)
  return found
}

/** A state with what refinements remember: as it was where it has that already, from the start where not. */
export const refined = (
  { average, plateau: fallen, ...state }: TrainingState,
  refinements: Refinements,
): TrainingState => {
  const { params, statistics } = state
  return {
    ...state,
    ...(refinements.average === undefined
      ? {}
      : { average: average ?? refinements.average.init({ params, statistics }) }),
    ...(refinements.plateau === undefined ? {} : { plateau: fallen ?? refinements.plateau.init() }),
  }
}

/** The parameters to measure and to return: the running mean where there is one. */
export const outcomeOf = (state: TrainingState): Moving =>
  state.average === undefined ? state : (state.average.average as unknown as Moving)
