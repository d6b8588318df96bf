/** Prepares one call of `fit`: parameters apart, state fresh or resumed, step and evaluation compiled. */
import {
  ArgumentError,
  type Key,
  leaves,
  map,
  random,
  type Tensor,
  tensor,
  zeros,
} from '@rootstock/core'
import type { Objective } from '../objective.ts'
import { equal } from '../weighting/fixed.ts'
import type { Weighting } from '../weighting/weighting.ts'
import { compileEvaluation, countsOf, type Evaluate } from './evaluate.ts'
import type { ByTask } from './event.ts'
import { checkOptions, type FitOptions } from './options.ts'
import { partition } from './partition.ts'
import { type Refinements, refined, refinementsOf } from './refinements.ts'
import { remember } from './remember.ts'
import { trainingRows } from './rows.ts'
import { separate } from './statistics.ts'
import { compileStep, type Optimizer, type Step, type TrainingState } from './step.ts'

/** The same tree in memory of its own: a donated tensor's memory is reused, so what is given or kept must be a copy. */
export const copy = <T>(tree: T): T =>
  map((x: Tensor) => tensor(x.data(), { shape: x.shape }), tree)

/** Streams of randomness of a seed. */
const stream = (seed: number, use: 'params' | 'steps'): Key =>
  random.fold(random.key(seed), use === 'params' ? 0 : 1)

// One object for all calls, so that their compiled steps are shared.
const plainSum = equal()

// biome-ignore lint/suspicious/noExplicitAny: one memory serves models of all types
type Any = Objective<any, any, any>
// biome-ignore lint/suspicious/noExplicitAny: as above
type AnyWeighting = Weighting<any>

const stepOf = remember(
  (model: Any, weighting: AnyWeighting, optimizer: Optimizer, refinements: Refinements): unknown =>
    compileStep({ model, weighting, optimizer, refinements }),
)

const evaluationOf = remember((model: Any): unknown => compileEvaluation(model))

/** The run of one call of `fit`: what is fixed during it, its step compiled. */
export const prepare = <P, T extends string, L extends string>(options: FitOptions<P, T, L>) => {
  checkOptions(options)
  const { model, data, optimizer, batchSize, seed } = options
  const weighting: Weighting<T> = options.weighting ?? plainSum
  const given = options.params ?? model.init(stream(seed, 'params'))
  const { trained: moving, frozen } = partition('fit', given, options.frozen ?? [])
  const { params: trained, statistics } = separate(moving)
  if (leaves(trained).length === 0) {
    throw new ArgumentError({
      operation: 'fit',
      inputs: { frozen: options.frozen },
      rule: 'at least one parameter must be trained',
    })
  }
  const fresh = (): TrainingState => {
    const weights = weighting.init(model.tasks)
    return {
      params: copy(trained),
      statistics: copy(statistics),
      weighting: copy(weights),
      optimizer: optimizer.init({ params: trained, weighting: weights }),
      key: stream(seed, 'steps'),
      step: zeros([], { dtype: 'int32' }),
    }
  }
  const refinements = refinementsOf(options)
  const start = options.state === undefined ? fresh() : copy(options.state)
  const rows = trainingRows('fit', data, model.labels)
  const perEpoch = Math.ceil(rows.length / batchSize)
  const epochs = Math.max(options.epochs, Math.ceil((options.minSteps ?? 0) / perEpoch))
  return {
    ...options,
    epochs,
    rows,
    weighting,
    frozen,
    perEpoch,
    steps: perEpoch * epochs,
    refinements,
    start: refined(start, refinements),
    emit: options.onEvent ?? (() => {}),
    counts: (labelled: ByTask<L>, size: number) => countsOf<T, L>(model.tasks, labelled, size),
    evaluate: evaluationOf(model) as Evaluate<P, T, L>,
    step: stepOf(model, weighting, optimizer, refinements) as Step<L>,
  }
}

/** What `prepare` gives. */
export type Run<P, T extends string, L extends string> = ReturnType<typeof prepare<P, T, L>>
