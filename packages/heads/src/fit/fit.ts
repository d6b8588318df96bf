/**
 * The training loop: a fold of compiled steps over batches. It knows an objective, an optimiser and a weighting; what it
 * does besides stepping is say what happens, stop when asked, and stop when a number is no longer one.
 */
import {
  ArgumentError,
  type Key,
  leaves,
  map,
  random,
  type Tensor,
  tensor,
  type Transform,
  zeros,
} from '@rootstock/core'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Objective } from '../objective.ts'
import { equal } from '../weighting/fixed.ts'
import type { Weighting } from '../weighting/weighting.ts'
import { diagnose } from './diverge.ts'
import type { FitError } from './error.ts'
import { compileEvaluation, countsOf, startAverages } from './evaluate.ts'
import type { ByTask, EpochSummary, FitEvent, MaybeByTask } from './event.ts'
import { join, partition } from './partition.ts'
import { startBreathing, startProgress } from './progress.ts'
import { checkRows, gather, type Rows, rowOrder, type TableRows } from './rows.ts'
import { compileStep, type TrainingState } from './step.ts'

/** Options of `fit`. */
export interface FitOptions<Params, Task extends string, Label extends string = Task> {
  readonly model: Objective<Params, Task, Label>
  /** Rows whose targets name every task; those of a table from a file are checked when training begins. */
  readonly data: Rows<Label> | TableRows
  // biome-ignore lint/suspicious/noExplicitAny: a transform's state is its own affair
  readonly optimizer: Transform<any>
  /** Passes over the data. */
  readonly epochs: number
  /** Rows of a batch; the last batch of an epoch may be smaller. */
  readonly batchSize: number
  /** Decides initial parameters, the order of rows and all noise. */
  readonly seed: number
  /** Parameters to start from; drawn from the seed when absent. They are copied, never changed. */
  readonly params?: Params
  /** Paths of parameters that stay as they are: `['trunk']`, `['trunk/layers/0']`. Default none. */
  readonly frozen?: readonly string[]
  /** Default `equal()`. */
  readonly weighting?: Weighting<NoInfer<Task>>
  /** Rows to measure losses on after each epoch. */
  readonly validation?: Rows<Label> | TableRows
  /** Which parameters to return: those after the last epoch, or after the epoch best on validation. Default last. */
  readonly keep?: 'last' | 'best'
  /** Stop after this many epochs without improvement on validation. Default never. */
  readonly patience?: number
  /** A state that `fit` returned: training goes on from there, to the same bits as without the pause. */
  readonly state?: TrainingState
  readonly signal?: AbortSignal
  readonly onEvent?: (event: FitEvent<Task>) => void
}

/** What training gives. */
export interface Fitted<Params, Task extends string> {
  readonly params: Params
  readonly history: readonly EpochSummary<Task>[]
  /** Steps made, those before a resumed state included. */
  readonly steps: number
  readonly seconds: number
  /** The state after the last step, to go on from. */
  readonly state: TrainingState
}

const positive = (operation: string, name: string, value: number): void => {
  if (Number.isInteger(value) && value >= 1) return
  throw new ArgumentError({
    operation,
    inputs: { [name]: value },
    rule: `${name} must be a whole number of at least 1`,
  })
}

const check = <P, T extends string, L extends string>(options: FitOptions<P, T, L>): void => {
  positive('fit', 'epochs', options.epochs)
  positive('fit', 'batchSize', options.batchSize)
  positive('fit', 'data.rows', options.data.rows)
  checkRows('fit', options.data, options.model.labels)
  if (options.validation !== undefined) {
    checkRows('fit', options.validation, options.model.labels)
  } else if (options.keep === 'best' || options.patience !== undefined) {
    throw new ArgumentError({
      operation: 'fit',
      inputs: { keep: options.keep ?? 'last', patience: options.patience ?? 'none' },
      rule: 'keep: best and patience need validation rows',
    })
  }
}

// A donated tensor's memory is reused, so what the user gave, and what is kept, must be copies.
const copy = <T>(tree: T): T => map((x: Tensor) => tensor(x.data(), { shape: x.shape }), tree)

const countNumbers = (tree: unknown): number =>
  leaves(tree).reduce<number>((total, leaf) => total + (leaf as Tensor).size, 0)

/** Streams of randomness of a seed. */
const stream = (seed: number, use: 'params' | 'steps'): Key =>
  random.fold(random.key(seed), use === 'params' ? 0 : 1)

/** The run of one call of `fit`: what is fixed during it. */
const prepare = <P, T extends string, L extends string>(options: FitOptions<P, T, L>) => {
  check(options)
  const { model, data, optimizer, epochs, batchSize, seed } = options
  const weighting: Weighting<T> = options.weighting ?? equal()
  const given = options.params ?? model.init(stream(seed, 'params'))
  const { trained, frozen } = partition('fit', given, options.frozen ?? [])
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
      weighting: copy(weights),
      optimizer: optimizer.init({ params: trained, weighting: weights }),
      key: stream(seed, 'steps'),
      step: zeros([], { dtype: 'int32' }),
    }
  }
  const perEpoch = Math.ceil(data.rows / batchSize)
  return {
    ...options,
    weighting,
    frozen,
    perEpoch,
    steps: perEpoch * epochs,
    start: options.state === undefined ? fresh() : copy(options.state),
    emit: options.onEvent ?? (() => {}),
    counts: (labelled: ByTask<L>, rows: number) => countsOf<T, L>(model.tasks, labelled, rows),
    evaluate: compileEvaluation(model),
    step: compileStep({ model, weighting, optimizer }),
  }
}

type Run<P, T extends string, L extends string> = ReturnType<typeof prepare<P, T, L>>

const announce = <P, T extends string, L extends string>(run: Run<P, T, L>): void => {
  const labelled = run.model.labels.map((label) => {
    const mask = run.data.targets[label]!.mask
    return [label, mask.reduce((total, entry) => total + (entry === 0 ? 0 : 1), 0)] as const
  })
  run.emit({
    _tag: 'Started',
    rows: run.data.rows,
    labelled: run.counts(Object.fromEntries(labelled) as ByTask<L>, run.data.rows),
    epochs: run.epochs,
    steps: run.steps,
    trained: countNumbers(run.start.params),
    frozen: countNumbers(run.frozen),
  })
}

/** The combined loss on validation, tasks without labels left out. */
const score = <P, T extends string, L extends string>(
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
const startSelection = <P, T extends string, L extends string>(run: Run<P, T, L>) => {
  let best = Number.POSITIVE_INFINITY
  let since = 0
  let kept: unknown = null
  return {
    see: (state: TrainingState, validation: MaybeByTask<T> | null): void => {
      if (validation === null) return
      const value = score(run, state, validation)
      since = value < best ? 0 : since + 1
      if (value < best && run.keep === 'best') kept = copy(state.params)
      best = Math.min(best, value)
    },
    isOver: () => run.patience !== undefined && since >= run.patience,
    params: (state: TrainingState): P =>
      join({ trained: (kept ?? state.params) as P, frozen: run.frozen }),
  }
}

const train = async <P, T extends string, L extends string>(
  run: Run<P, T, L>,
): Promise<E.Either<FitError<P, T>, Fitted<P, T>>> => {
  const progress = startProgress()
  const breathe = startBreathing()
  const selection = startSelection(run)
  const history: EpochSummary<T>[] = []
  let state = run.start
  let made = state.step.item()
  announce(run)
  for (let epoch = Math.floor(made / run.perEpoch); epoch < run.epochs; epoch++) {
    const order = rowOrder(run.data.rows, run.seed, epoch)
    const averages = startAverages(run.model.tasks)
    for (let batch = made - epoch * run.perEpoch; batch < run.perEpoch; batch++) {
      if (run.signal?.aborted === true) {
        run.emit({ _tag: 'Stopped', reason: 'aborted', step: made })
        const params = join({ trained: state.params as P, frozen: run.frozen })
        return E.left({ _tag: 'Aborted', step: made, params, state })
      }
      const indices = order.subarray(batch * run.batchSize, (batch + 1) * run.batchSize)
      const gathered = gather(run.data, run.model.labels, indices)
      const [next, measured] = run.step(state, run.frozen, gathered.batch)
      state = next
      const report = measured.data()
      if (!report.every((value) => Number.isFinite(value))) {
        const failure = { ...run, state, gathered, indices, report, step: made + 1, epoch: epoch + 1 }
        run.emit({ _tag: 'Stopped', reason: 'diverged', step: made })
        return E.left(diagnose(failure))
      }
      made++
      progress.advance(gathered.rows)
      const losses = Object.fromEntries(
        run.model.tasks.map((task, i) => [task, report[i]!]),
      ) as ByTask<T>
      const labelled = run.counts(gathered.labelled, gathered.rows)
      averages.add(losses, labelled)
      run.emit({
        _tag: 'Stepped',
        step: made,
        steps: run.steps,
        epoch: epoch + 1,
        epochs: run.epochs,
        losses,
        labelled,
        total: report.at(-2)!,
        gradientNorm: report.at(-1)!,
        rowsPerSecond: progress.rowsPerSecond(),
        secondsLeft: progress.secondsLeft(run.steps - made),
      })
      await breathe()
    }
    const now = join({ trained: state.params as P, frozen: run.frozen })
    const validation =
      run.validation === undefined ? null : run.evaluate(now, run.validation, run.batchSize)
    const summary: EpochSummary<T> = {
      epoch: epoch + 1,
      losses: averages.means(),
      validation,
      seconds: progress.seconds(),
    }
    history.push(summary)
    run.emit({ _tag: 'EpochEnded', epochs: run.epochs, ...summary })
    selection.see(state, validation)
    if (selection.isOver()) break
  }
  const seconds = progress.seconds()
  run.emit({ _tag: 'Finished', steps: made, seconds })
  return E.right({ params: selection.params(state), history, steps: made, seconds, state })
}

/**
 * Trains parameters on rows: `epochs` passes in batches whose order is a pure function of (seed, epoch). Equal options give equal
 * bits. A loss or gradient that is not finite ends training before the update, as `Diverged`; an aborted signal after the step
 * under way, as `Aborted`; both carry the last good parameters.
 * @example
 * ```ts
 * import { adam } from '@rootstock/core'
 * import { fit, mlp, multitask, regression } from '@rootstock/heads'
 * const model = multitask(mlp({ in: 1, hidden: [8] }), { twice: regression() })
 * const data = {
 *   rows: 3,
 *   width: 1,
 *   inputs: Float32Array.of(0, 1, 2),
 *   targets: { twice: { values: Float32Array.of(0, 2, 4), mask: Uint8Array.of(1, 1, 1) } },
 * }
 * const optimizer = adam({ learningRate: 0.05 })
 * const result = await fit({ model, data, optimizer, epochs: 50, batchSize: 3, seed: 7 })()
 * console.log(result._tag) // Right
 * ```
 */
export const fit =
  <Params, Task extends string, Label extends string = Task>(
    options: FitOptions<Params, Task, Label>,
  ): TaskEither<FitError<Params, Task>, Fitted<Params, Task>> =>
  () =>
    train(prepare(options))
