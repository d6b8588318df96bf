/** Running a comparison: every arm trained on the same label subsets, with the same seeds, scored on the same test rows. */
import { ArgumentError } from '@rootstock/core'
import type { Dataset } from '@rootstock/data'
import {
  type Diverged,
  explainFit,
  type FitEvent,
  type Heads,
  type Multitask,
  type MultitaskParams,
  type TaskOf,
} from '@rootstock/heads'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { evaluate, type ScoresOfHead } from '../evaluate.ts'
import type { MetricName } from '../metrics/metric.ts'
import type { LossCurve, PhaseTime } from '../report/run.ts'
import type { Arm, ArmError, Failure } from './arm.ts'
import type { ComparedTask, Comparison, Place, Score, Trial } from './comparison.ts'
import { startForecast } from './forecast.ts'
import { drawLabels, type LabelCount, resolveCounts } from './labels.ts'
import { startRecorder } from './recorder.ts'

/** What happens while a comparison runs. */
export type CompareEvent =
  | {
      readonly _tag: 'ComparisonStarted'
      readonly trials: number
      readonly labelCounts: readonly number[]
    }
  | ({ readonly _tag: 'TrialStarted' } & TrialProgress)
  | ({ readonly _tag: 'TrialStepped'; readonly event: FitEvent<string> } & TrialProgress)
  | ({
      readonly _tag: 'TrialEnded'
      readonly trial: Trial
      readonly scores: readonly Score[]
    } & TrialProgress)
  | { readonly _tag: 'ComparisonEnded'; readonly seconds: number }

/** How far a comparison is. */
export interface TrialProgress extends Place {
  /** Number of this training, counted from 1. */
  readonly number: number
  readonly trials: number
  /** Seconds that the rest will take at the pace so far; 0 before the first training has ended. */
  readonly secondsLeft: number
}

/** A comparison with what it cost: with a backend, a config and the times of pretraining it is a `Run`, to be reported. */
export interface Compared extends Comparison {
  readonly trials: readonly Trial[]
  readonly curves: readonly LossCurve[]
  /** The seconds of each arm over all its trainings. */
  readonly phases: readonly PhaseTime[]
}

/** The signal was aborted; `compared` is what was finished before. */
export interface ComparisonAborted {
  readonly _tag: 'ComparisonAborted'
  readonly compared: Compared
}

/**
 * The abort in words.
 * @example
 * ```ts
 * import { explainComparison } from '@rootstock/eval'
 * const compared = {
 *   name: 'digits', tasks: [], arms: ['scratch', 'probe'], reference: 'scratch', labelCounts: [10, 50], seeds: [1, 2],
 *   scores: [], trials: [], curves: [], phases: [],
 * }
 * console.log(explainComparison({ _tag: 'ComparisonAborted', compared }))
 * // the comparison "digits" was aborted after 0 of 8 trainings; what was finished is kept
 * ```
 */
export const explainComparison = ({ compared }: ComparisonAborted): string => {
  const { name, arms, labelCounts, seeds, trials } = compared
  const all = arms.length * labelCounts.length * seeds.length
  return `the comparison "${name}" was aborted after ${trials.length} of ${all} trainings; what was finished is kept`
}

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

// biome-ignore lint/suspicious/noExplicitAny: what follows looks at no parameter
type AnyOptions = CompareOptions<any, Heads, string, any>

const tasksOf = ({ model, metrics, units }: AnyOptions): readonly ComparedTask[] =>
  model.tasks.map((name) => {
    const kind = model.heads[name]!.kind as ComparedTask['kind']
    const usual = kind === 'classification' ? 'accuracy' : 'rmse'
    const chosen: Readonly<Record<string, MetricName | undefined>> = metrics ?? {}
    const unit = (units as Readonly<Record<string, string>> | undefined)?.[name]
    return { name, kind, metric: chosen[name] ?? usual, ...(unit === undefined ? {} : { unit }) }
  })

const explainArm = (error: Failure): string =>
  error._tag === 'Diverged' || error._tag === 'Aborted'
    ? explainFit(error as Diverged<unknown>)
    : error._tag

/** JSON has no numbers that are none. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

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
  return { ...options, shared, dataFor, places: placesOf(arms, labelCounts, options.seeds) }
}

type Prepared = ReturnType<typeof prepare>

const scoresOf = ({ model, test, shared }: Prepared, place: Place, params: unknown): Score[] => {
  const found: Readonly<Record<string, object>> | null =
    params === null ? null : evaluate(model, params as never, test)
  return shared.tasks.map(({ name, metric }) => ({
    ...place,
    task: name,
    metrics:
      found === null
        ? { [metric]: null }
        : Object.fromEntries(
            Object.entries(found[name]!).map(([key, value]) => [key, finite(value as number)]),
          ),
  }))
}

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

/** One training: its scores and cost, or null when the signal ended it. */
const runTrial = async (
  prepared: Prepared,
  place: Place,
  hear: (event: FitEvent<string>) => void,
): Promise<(Pick<Compared, 'scores' | 'curves'> & { readonly trial: Trial }) | null> => {
  const { arms, signal, explain = explainArm } = prepared
  const recorder = startRecorder(place)
  const began = performance.now()
  const result: E.Either<Failure, unknown> = await arms[place.arm]!({
    data: prepared.dataFor(place),
    labels: place.labels,
    seed: place.seed,
    signal,
    onEvent: (event) => {
      recorder.hear(event)
      hear(event)
    },
  })()
  if (E.isLeft(result) && signal?.aborted === true) return null
  const seconds = (performance.now() - began) / 1000
  const failure = E.isLeft(result) ? explain(result.left) : null
  return {
    trial: { ...place, steps: recorder.steps(), seconds, failure },
    scores: scoresOf(prepared, place, E.isRight(result) ? result.right : null),
    curves: recorder.curves(),
  }
}

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
