/** Looking for a learning rate: training while the rate grows, to see where the loss falls and where it runs away. */
import { ArgumentError, exponentialDecay, type Rate } from '@rootstock/core'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { FitError } from './error.ts'
import { fit } from './fit.ts'
import type { FitOptions } from './options.ts'
import type { Optimizer } from './step.ts'

/** Options of `findRate`: those of `fit`, with an optimiser for each rate. */
export interface FindRateOptions<Params, Task extends string, Label extends string = Task>
  extends Omit<
    FitOptions<Params, Task, Label>,
    | 'optimizer'
    | 'epochs'
    | 'minSteps'
    | 'validation'
    | 'keep'
    | 'patience'
    | 'plateau'
    | 'average'
    | 'state'
    | 'onEvent'
  > {
  /** The optimiser that is to be used, with a given rate. */
  readonly optimizer: (learningRate: Rate) => Optimizer
  /** The first rate. Default 1e-6. */
  readonly from?: number
  /** The last rate, unless the loss runs away before. Default 1. */
  readonly to?: number
  /** Steps from the one to the other. Default 100. */
  readonly steps?: number
}

/** A rate tried and the loss of the batch before its step; `smooth` is its running mean. */
export interface RateTrial {
  readonly rate: number
  readonly loss: number
  readonly smooth: number
}

/** What was seen, in the order of the rates, and the rate to begin with. */
export interface RateCurve {
  readonly trials: readonly RateTrial[]
  /** Where the smoothed loss falls fastest by ratios of rates; null when it never falls. */
  readonly suggested: number | null
}

/** Share of the past in the running mean of losses. */
const keep = 0.9
/** A loss that has grown by this factor has run away. */
const runaway = 4

/** Adds a loss to a curve; the running mean is freed from its start at 0. */
const extend = (trials: readonly RateTrial[], rate: number, loss: number): RateTrial => {
  const weight = 1 - keep ** trials.length
  const before = (trials.at(-1)?.smooth ?? 0) * weight
  const smooth = (keep * before + (1 - keep) * loss) / (1 - keep ** (trials.length + 1))
  return { rate, loss, smooth }
}

const steepest = (trials: readonly RateTrial[]): number | null => {
  const lowest = trials.reduce(
    (best, { smooth }, i) => (smooth < trials[best]!.smooth ? i : best),
    0,
  )
  let found: number | null = null
  let slope = 0
  // differences over several trials: single ones are noise; beyond the lowest nothing falls
  const reach = Math.max(1, Math.floor(trials.length / 10))
  for (let i = reach; i + reach <= lowest; i++) {
    const fall = trials[i + reach]!.smooth - trials[i - reach]!.smooth
    if (fall < slope) {
      slope = fall
      found = trials[i]!.rate
    }
  }
  return found
}

const check = ({
  from,
  to,
  steps,
}: Required<Pick<FindRateOptions<unknown, string>, 'from' | 'to' | 'steps'>>): void => {
  if (from > 0 && to > from && Number.isInteger(steps) && steps >= 10) return
  throw new ArgumentError({
    operation: 'findRate',
    inputs: { from, to, steps },
    rule: 'from must be above 0, to above from, and steps a whole number of at least 10',
  })
}

/**
 * The learning-rate range test: trains `steps` steps from the given parameters while the rate grows by a constant factor from `from` to
 * `to`; ends early when the loss runs away, which is no failure here (Smith, Cyclical learning rates for training neural networks, 2017).
 * The parameters are thrown away. A rate between the suggested one and a third of it is a good first choice.
 * @example
 * ```ts
 * import { type Rate, sgd } from '@rootstock/core'
 * import { findRate, mlp, multitask, regression } from '@rootstock/heads'
 * const model = multitask(mlp({ in: 1, hidden: [8] }), { twice: regression() })
 * const twice = { values: Float32Array.of(-2, 0, 2), mask: Uint8Array.of(1, 1, 1) }
 * const data = { rows: 3, width: 1, inputs: Float32Array.of(-1, 0, 1), targets: { twice } }
 * const optimizer = (learningRate: Rate) => sgd({ learningRate })
 * const result = await findRate({ model, data, optimizer, batchSize: 3, seed: 7, to: 10 })()
 * if (result._tag === 'Right') console.log(result.right.suggested !== null) // true
 * ```
 */
export const findRate =
  <Params, Task extends string, Label extends string = Task>(
    options: FindRateOptions<Params, Task, Label>,
  ): TaskEither<FitError<Params, Task>, RateCurve> =>
  async () => {
    const { optimizer, from = 1e-6, to = 1, steps = 100, signal, ...rest } = options
    check({ from, to, steps })
    const factor = (to / from) ** (1 / (steps - 1))
    const trials: RateTrial[] = []
    const enough = new AbortController()
    let lowest = Number.POSITIVE_INFINITY
    const result = await fit<Params, Task, Label>({
      ...rest,
      epochs: 1,
      minSteps: steps,
      optimizer: optimizer(exponentialDecay({ rate: from, factor })),
      signal: signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]),
      onEvent: (event) => {
        if (event._tag !== 'Stepped' || enough.signal.aborted) return
        const trial = extend(trials, from * factor ** trials.length, event.total)
        trials.push(trial)
        lowest = Math.min(lowest, trial.smooth)
        const isAway = trials.length >= 10 && trial.smooth > runaway * Math.abs(lowest)
        if (isAway || trials.length === steps) enough.abort()
      },
    })()
    if (E.isLeft(result)) {
      const { left } = result
      // numbers that were not finite from the start, or in the data, are not the rate's fault
      const isOurs =
        left._tag === 'Diverged'
          ? left.source === null && trials.length > 0
          : signal?.aborted !== true
      if (!isOurs) return result
    }
    return E.right({ trials, suggested: steepest(trials) })
  }
