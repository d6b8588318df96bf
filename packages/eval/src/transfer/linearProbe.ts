/** Linear heads on the features of a trunk that stays as it is: how much of a task is already in the features. */
import { lbfgsPath, random } from '@rootstock/core'
import {
  type ByTask,
  checkRows,
  type FitEvent,
  gather,
  type Head,
  type Labels,
  type LinearHeadParams,
  type Multitask,
  type MultitaskParams,
  type Rows,
  sourceOf,
  type TableRows,
  type TaskOf,
  trainingRows,
} from '@rootstock/heads'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { checkWidth, encode } from '../features/encode.ts'
import { startJournal } from './probe/journal.ts'
import { type Problem, problemOf } from './probe/problem.ts'
import { standardisationOf, standardise, unstandardise } from './probe/standardise.ts'
import type { Trained, TransferError } from './trained.ts'

/** Heads made of one dense layer, the only ones a linear probe can train. */
// biome-ignore lint/suspicious/noExplicitAny: what a head predicts does not matter here
export type LinearHeads = Readonly<Record<string, Head<string, LinearHeadParams, any>>>

/** Options of `linearProbe`. */
export interface LinearProbeOptions<TrunkParams, H extends LinearHeads> {
  /** The model whose heads are trained; `tapped` gives it features of other stages. */
  readonly model: Multitask<TrunkParams, H>
  /** Parameters of the trunk; they stay as they are. */
  readonly trunk: TrunkParams
  /** Rows to train on; those without labels only help to standardise the features. */
  readonly data: Rows<TaskOf<NoInfer<H>>> | TableRows
  /**
   * Strength of the penalty: what is minimised is the sum of losses over labelled rows plus l2 / 2 times the sum of squared weights, on
   * standardised features. Default 1.
   */
  readonly l2?: number
  /** The most steps to make. Default 200; most probes need fewer. */
  readonly maxSteps?: number
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: FitEvent<TaskOf<NoInfer<H>>>) => void) | undefined
}

type Params<TrunkParams, H extends LinearHeads> = MultitaskParams<TrunkParams, H>

type Result<TrunkParams, H extends LinearHeads> = E.Either<
  TransferError<Params<TrunkParams, H>, TaskOf<H>>,
  Trained<Params<TrunkParams, H>, TaskOf<H>>
>

// Of the gradient of the mean loss: further steps would not change any figure that is reported.
const tolerance = 1e-4

/** What is fixed while a probe is trained. */
interface Run<TrunkParams, H extends LinearHeads> {
  readonly options: LinearProbeOptions<TrunkParams, H>
  readonly rows: number
  readonly problem: Problem
  readonly paramsAt: (x: Float64Array) => Params<TrunkParams, H>
}

const targetsOf = (
  data: Rows | TableRows,
  tasks: readonly string[],
  rows: Int32Array,
): Readonly<Record<string, Labels>> =>
  Object.fromEntries(
    tasks.map((task) => {
      const { values, mask } = data.targets[task]!
      const taken =
        values instanceof Int32Array
          ? Int32Array.from(rows, (row) => values[row]!)
          : Float32Array.from(rows, (row) => values[row]!)
      return [task, { values: taken, mask: Uint8Array.from(rows, (row) => mask[row]!) }]
    }),
  )

const prepare = <TrunkParams, H extends LinearHeads>(
  options: LinearProbeOptions<TrunkParams, H>,
): Run<TrunkParams, H> => {
  const { model, trunk, l2 = 1 } = options
  const data: Rows | TableRows = options.data
  checkWidth('linearProbe', model.trunk, data)
  checkRows('linearProbe', data, model.tasks)
  const rows = trainingRows('linearProbe', data, model.tasks)
  const standardisation = standardisationOf(model.trunk, trunk, data)
  const features = standardise(encode(model.trunk, trunk, data, { rows }), standardisation)
  const targets = targetsOf(data, model.tasks, rows)
  const problem = problemOf(model, model.init(random.key(0)).heads, { features, targets }, l2)
  const paramsAt = (x: Float64Array) => {
    const heads = Object.entries(problem.heads(x)).map(([task, head]) => [
      task,
      unstandardise(head as LinearHeadParams, standardisation),
    ])
    return { trunk, heads: Object.fromEntries(heads) } as Params<TrunkParams, H>
  }
  return { options, rows: rows.length, problem, paramsAt }
}

const diverged = <TrunkParams, H extends LinearHeads>({
  options,
  problem,
  paramsAt,
}: Run<TrunkParams, H>): Result<TrunkParams, H> => {
  const { model } = options
  const data: Rows | TableRows = options.data
  const { losses } = problem.at(problem.start)
  const all = Int32Array.from({ length: data.rows }, (_, row) => row)
  return E.left({
    _tag: 'Diverged',
    cause: 'loss',
    task: model.tasks.find((task) => !Number.isFinite(losses[task])) ?? null,
    parameter: null,
    source: sourceOf(gather(data as Rows, model.tasks as readonly string[], all), all),
    step: 1,
    epoch: 1,
    params: paramsAt(problem.start),
  })
}

const train = async <TrunkParams, H extends LinearHeads>(
  run: Run<TrunkParams, H>,
): Promise<Result<TrunkParams, H>> => {
  const { problem, paramsAt, options, rows } = run
  const { maxSteps = 200, signal, model, trunk, onEvent } = options
  const labelled = problem.labelled as ByTask<TaskOf<H>>
  const { tasks } = model
  const trained = problem.start.length
  const journal = startJournal({ tasks, rows, labelled, maxSteps, trained, trunk, onEvent })
  let steps = 0
  let x = problem.start
  for (const place of lbfgsPath(problem.at, problem.start, { tolerance })) {
    if (!Number.isFinite(place.value)) {
      journal.stop('diverged', 0)
      return diverged(run)
    }
    if (signal?.aborted === true) {
      journal.stop('aborted', steps)
      return E.left({ _tag: 'Aborted', step: steps, params: paramsAt(x) })
    }
    // the first place is the start
    if (place.x !== x) journal.step(++steps, place)
    x = place.x
    if (steps === maxSteps) break
    await journal.breathe()
  }
  return E.right({ params: paramsAt(x), ...journal.end(steps) })
}

/**
 * Trains the heads of a model on the features of a frozen trunk, computed once: to convergence (L-BFGS), from zero, so that nothing but
 * the data decides the result. Features are standardised for it, and the heads rewritten afterwards: the parameters are those of the
 * model, to be evaluated or trained on like any others (Alain and Bengio, Understanding intermediate layers using linear
 * classifier probes, 2016).
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * import { linearProbe } from '@rootstock/eval'
 * import { mlp, multitask, regression } from '@rootstock/heads'
 * const model = multitask(mlp({ in: 1, hidden: [8] }), { twice: regression() })
 * const twice = { values: Float32Array.of(-2, 0, 2), mask: Uint8Array.of(1, 1, 1) }
 * const data = { rows: 3, width: 1, inputs: Float32Array.of(-1, 0, 1), targets: { twice } }
 * const { trunk } = model.init(random.key(0))
 * const result = await linearProbe({ model, trunk, data })()
 * console.log(result._tag) // Right
 * ```
 */
export const linearProbe =
  <TrunkParams, H extends LinearHeads>(
    options: LinearProbeOptions<TrunkParams, H>,
  ): TaskEither<
    TransferError<MultitaskParams<TrunkParams, H>, TaskOf<H>>,
    Trained<MultitaskParams<TrunkParams, H>, TaskOf<H>>
  > =>
  () =>
    train(prepare(options))
