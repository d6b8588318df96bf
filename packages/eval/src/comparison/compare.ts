/** Running a comparison: every arm trained on the same label subsets, with the same seeds, scored on the same test rows. */
import { ArgumentError } from '@rootstock/core'
import type { Dataset } from '@rootstock/data'
import type { Heads } from '@rootstock/heads'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { MetricName } from '../metrics/metric.ts'
import type { LossCurve } from '../report/run.ts'
import type { ArmError, Failure } from './arm.ts'
import type { Compared, ComparisonAborted } from './compared.ts'
import type { AnyOptions, CompareOptions } from './compareOptions.ts'
import type { ComparedTask, Place, Score, Trial } from './comparison.ts'
import type { TrialProgress } from './event.ts'
import { startForecast } from './forecast.ts'
import { drawLabels, resolveCounts } from './labels.ts'
import { runTrial } from './trial.ts'

const tasksOf = ({ model, metrics, units }: AnyOptions): readonly ComparedTask[] =>
  model.tasks.map((name) => {
    const kind = model.heads[name]!.kind as ComparedTask['kind']
    const usual = kind === 'classification' ? 'accuracy' : 'rmse'
    const chosen: Readonly<Record<string, MetricName | undefined>> = metrics ?? {}
    const unit = (units as Readonly<Record<string, string>> | undefined)?.[name]
    return { name, kind, metric: chosen[name] ?? usual, ...(unit === undefined ? {} : { unit }) }
  })

const placesOf = (
  arms: readonly string[],
  labelCounts: readonly number[],
  seeds: readonly number[],
): readonly Place[] =>
  // Seeds change slowest: an early end leaves whole seeds, in which every arm has its partner.
  seeds.flatMap((seed) =>
    labelCounts.flatMap((labels) => arms.map((arm) => ({ arm, labels, seed }))),
  )

const checkOptions = ({ arms, seeds, labels }: AnyOptions): void => {
  const empty = Object.entries({ arms: Object.keys(arms), seeds, labels }).find(
    ([, list]) => list.length === 0,
  )
  if (empty === undefined) return
  throw new ArgumentError({
    operation: 'compare',
    inputs: { [empty[0]]: [] },
    rule: `there must be at least one of ${empty[0]}`,
  })
}

/** What is fixed while a comparison runs. */
const prepare = (options: AnyOptions) => {
  checkOptions(options)
  const { model, train } = options
  const tasks = tasksOf(options)
  const labelCounts = resolveCounts(train, model.tasks, options.labels)
  const arms = Object.keys(options.arms)
  const by = options.stratify ?? tasks.find((task) => task.kind === 'classification')?.name
  const shared = {
    name: options.name,
    tasks,
    arms,
    reference: options.reference ?? arms[0]!,
    labelCounts,
    seeds: options.seeds,
  }
  const all = resolveCounts(train, model.tasks, ['all'])[0]!
  const dataFor = ({ labels: count, seed }: Place): Dataset =>
    count === all ? train : drawLabels(train, model.tasks, { by, count, seed })
  return { ...options, tasks, shared, dataFor, places: placesOf(arms, labelCounts, options.seeds) }
}

type Prepared = ReturnType<typeof prepare>

const comparedOf = (
  { shared }: Prepared,
  scores: readonly Score[],
  trials: readonly Trial[],
  curves: readonly LossCurve[],
): Compared => ({
  ...shared,
  scores,
  trials,
  curves,
  phases: shared.arms.map((arm) => ({
    name: arm,
    seconds: trials.reduce((sum, trial) => sum + (trial.arm === arm ? trial.seconds : 0), 0),
  })),
})

const run = async (prepared: Prepared): Promise<E.Either<ComparisonAborted, Compared>> => {
  const { shared, places, signal, onEvent = () => {} } = prepared
  const began = performance.now()
  const forecast = startForecast()
  const scores: Score[] = []
  const trials: Trial[] = []
  const curves: LossCurve[] = []
  onEvent({ _tag: 'ComparisonStarted', trials: places.length, labelCounts: shared.labelCounts })
  for (const [i, place] of places.entries()) {
    const rest = places.slice(i + 1)
    const progress = (own: number): TrialProgress => ({
      ...place,
      number: i + 1,
      trials: places.length,
      secondsLeft: own + forecast.secondsOf(rest),
    })
    onEvent({ _tag: 'TrialStarted', ...progress(forecast.secondsOf([place])) })
    const ended =
      signal?.aborted === true
        ? null
        : await runTrial(prepared, place, (event) => {
            const own = event._tag === 'Stepped' ? event.secondsLeft : 0
            onEvent({ _tag: 'TrialStepped', event, ...progress(own) })
          })
    if (ended === null) {
      const compared = comparedOf(prepared, scores, trials, curves)
      return E.left({ _tag: 'ComparisonAborted', compared })
    }
    forecast.end(place, ended.trial.seconds)
    trials.push(ended.trial)
    scores.push(...ended.scores)
    curves.push(...ended.curves)
    onEvent({ _tag: 'TrialEnded', trial: ended.trial, scores: ended.scores, ...progress(0) })
  }
  onEvent({ _tag: 'ComparisonEnded', seconds: (performance.now() - began) / 1000 })
  return E.right(comparedOf(prepared, scores, trials, curves))
}

/**
 * Trains every arm with every number of labels and every seed, and scores each model on the test rows. For a seed and a number of
 * labels all arms see the same labelled rows, the same for all tasks; all other labels are hidden. A training that fails is recorded
 * with its reason and without scores; only the signal ends a comparison early. `summarise` says what the result shows.
 * @example
 * ```ts
 * import { adam, random } from '@rootstock/core'
 * import { numberColumn, prepare, select, stringColumn, table } from '@rootstock/data'
 * import { compare, probe, scratch, summarise } from '@rootstock/eval'
 * import { headsOf, mlp, multitask } from '@rootstock/heads'
 * const x = Array.from({ length: 40 }, (_, i) => Math.sin(i))
 * const menu = table([numberColumn('x', x), stringColumn('sign', x.map((v) => (v > 0 ? '+' : '-')))])
 * if (menu._tag === 'Left') throw new Error(menu.left._tag)
 * const selected = select({ inputs: ['x'], targets: { sign: 'sign' } })(menu.right)
 * if (selected._tag === 'Left') throw new Error(selected.left._tag)
 * const data = prepare(selected.right, { by: 'modulo', divisor: 5, test: 4 })
 * if (data._tag === 'Left') throw new Error(data.left._tag)
 * const { train, test } = data.right
 * const model = multitask(mlp({ in: train.width, hidden: [8] }), headsOf(train.targets))
 * const arms = {
 *   scratch: scratch({ model, optimizer: adam({ learningRate: 0.05 }), epochs: 5, batchSize: 8, minSteps: 20 }),
 *   probe: probe({ model, trunk: model.init(random.key(0)).trunk }),
 * }
 * const result = await compare({ name: 'signs', model, train, test, arms, labels: [4, 'all'], seeds: [1, 2] })()
 * if (result._tag === 'Right') console.log(summarise(result.right).tasks[0]?.arms.length) // 2
 * ```
 */
export const compare =
  <TrunkParams, H extends Heads, const Name extends string, Error extends Failure = ArmError>(
    options: CompareOptions<TrunkParams, H, Name, Error>,
  ): TaskEither<ComparisonAborted, Compared> =>
  () =>
    run(prepare(options as unknown as AnyOptions))
