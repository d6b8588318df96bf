/** Training a model that starts from a trunk trained elsewhere. */
import { chain, random, scale, type Transform } from '@rootstock/core'
import {
  type EpochSummary,
  type FitOptions,
  fit,
  type Multitask,
  type MultitaskParams,
  remember,
  type TaskOf,
} from '@rootstock/heads'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type LinearHeads, linearProbe } from './linearProbe.ts'
import type { Trained, TransferError } from './trained.ts'

/**
 * How a trunk that was given is treated: `frozen` keeps every bit of it and trains the heads; `full` trains everything at once;
 * `frozenThenFull` trains the heads to convergence first, then everything at a lower rate, so that heads that know nothing yet do not
 * spoil the trunk (Kumar et al., Fine-Tuning can Distort Pretrained Features and Underperform Out-of-Distribution, 2022).
 */
export type Strategy = 'frozen' | 'full' | 'frozenThenFull'

/** Options of `fineTune`: those of `fit`, and the trunk to start from. */
export interface FineTuneOptions<TrunkParams, H extends LinearHeads>
  extends Omit<
    FitOptions<MultitaskParams<TrunkParams, H>, TaskOf<H>>,
    'model' | 'params' | 'frozen' | 'state'
  > {
  readonly model: Multitask<TrunkParams, H>
  /** Parameters of the trunk to start from; they are copied, never changed. */
  readonly trunk: TrunkParams
  /** Default `frozenThenFull`. */
  readonly strategy?: Strategy
  /** Of `frozenThenFull`: the step size of the second phase, as a share of the optimiser's own. Default 0.3. */
  readonly rate?: number
  /** Of `frozenThenFull`: the penalty of the first phase, as in `linearProbe`. Default 1. */
  readonly l2?: number
}

type Params<TrunkParams, H extends LinearHeads> = MultitaskParams<TrunkParams, H>

type Tuning<TrunkParams, H extends LinearHeads> = TE.TaskEither<
  TransferError<Params<TrunkParams, H>, TaskOf<H>>,
  Trained<Params<TrunkParams, H>, TaskOf<H>>
>

// The same slowed optimiser for the same rate, so that its compiled steps are shared.
const slowedBy = remember((_: Transform<unknown>) => new Map<number, Transform<unknown>>())

const slowed = (optimizer: Transform<unknown>, rate: number): Transform<unknown> => {
  const known = slowedBy(optimizer)
  const found = known.get(rate) ?? (chain(optimizer, scale(rate)) as Transform<unknown>)
  known.set(rate, found)
  return found
}

/** Heads drawn from the seed as `fit` would draw them, on the trunk that was given. */
const started = <TrunkParams, H extends LinearHeads>(
  options: FineTuneOptions<TrunkParams, H>,
): Params<TrunkParams, H> => ({
  ...options.model.init(random.fold(random.key(options.seed), 0)),
  trunk: options.trunk,
})

const one = <TrunkParams, H extends LinearHeads>(
  options: FineTuneOptions<TrunkParams, H>,
  changes: Partial<FitOptions<Params<TrunkParams, H>, TaskOf<H>>>,
): Tuning<TrunkParams, H> => {
  const { trunk: _trunk, strategy: _strategy, rate: _rate, l2: _l2, ...rest } = options
  return pipe(
    fit<Params<TrunkParams, H>, TaskOf<H>>({ ...rest, ...changes }),
    TE.map(({ params, history, steps, seconds }) => ({ params, history, steps, seconds })),
  )
}

/** Events and epochs of the second phase count on from the first. */
const following = <P, T extends string>(
  first: Trained<P, T>,
  second: Trained<P, T>,
): Trained<P, T> => {
  const later: readonly EpochSummary<T>[] = second.history.map((epoch) => ({
    ...epoch,
    epoch: epoch.epoch + first.history.length,
    seconds: epoch.seconds + first.seconds,
  }))
  return {
    params: second.params,
    history: [...first.history, ...later],
    steps: first.steps + second.steps,
    seconds: first.seconds + second.seconds,
  }
}

const probeThenAll = <TrunkParams, H extends LinearHeads>(
  options: FineTuneOptions<TrunkParams, H>,
): Tuning<TrunkParams, H> => {
  const { model, trunk, data, signal, onEvent, optimizer, rate = 0.3, l2 = 1 } = options
  return pipe(
    linearProbe({
      model,
      trunk,
      data,
      l2,
      signal,
      onEvent,
    }),
    TE.flatMap((probed) =>
      pipe(
        one(options, { params: probed.params, optimizer: slowed(optimizer, rate) }),
        TE.map((tuned) => following(probed, tuned)),
      ),
    ),
  )
}

/**
 * Trains a model from a trunk that was trained elsewhere, by one of three strategies. All of them are `fit`: equal options give equal
 * bits, and failures are its failures. `frozenThenFull` tells the events of both phases, each from `Started` to `Finished`.
 * @example
 * ```ts
 * import { adam, random } from '@rootstock/core'
 * import { fineTune } from '@rootstock/eval'
 * import { mlp, multitask, regression } from '@rootstock/heads'
 * const model = multitask(mlp({ in: 1, hidden: [8] }), { twice: regression() })
 * const twice = { values: Float32Array.of(-2, 0, 2), mask: Uint8Array.of(1, 1, 1) }
 * const data = { rows: 3, width: 1, inputs: Float32Array.of(-1, 0, 1), targets: { twice } }
 * const { trunk } = model.init(random.key(0))
 * const training = { optimizer: adam(), epochs: 20, batchSize: 3, seed: 7 }
 * const result = await fineTune({ model, trunk, data, strategy: 'full', ...training })()
 * console.log(result._tag) // Right
 * ```
 */
export const fineTune = <TrunkParams, H extends LinearHeads>(
  options: FineTuneOptions<TrunkParams, H>,
): Tuning<TrunkParams, H> => {
  switch (options.strategy ?? 'frozenThenFull') {
    case 'frozen':
      return one(options, { params: started(options), frozen: ['trunk'] })
    case 'full':
      return one(options, { params: started(options) })
    case 'frozenThenFull':
      return probeThenAll(options)
  }
}
