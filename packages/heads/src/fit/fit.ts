/**
 * The training loop: a fold of compiled steps over batches. It knows an objective, an optimiser and a weighting; what it
 * does besides stepping is say what happens, stop when asked, and stop when a number is no longer one.
 */
import { leaves, type Tensor } from '@rootstock/core'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { batchIndices } from './batches.ts'
import { diagnose } from './diverge.ts'
import type { FitError } from './error.ts'
import { type Averages, startAverages } from './evaluate.ts'
import type { ByTask, EpochSummary } from './event.ts'
import type { FitOptions, Fitted } from './options.ts'
import { type Progress, startProgress } from './progress.ts'
import { outcomeOf } from './refinements.ts'
import { type Gathered, gather } from './rows.ts'
import { prepare, type Run } from './run.ts'
import { scoreOf, startSelection } from './selection.ts'
import { assemble } from './statistics.ts'
import type { TrainingState } from './step.ts'

const countNumbers = (tree: unknown): number =>
  leaves(tree).reduce<number>((total, leaf) => total + (leaf as Tensor).size, 0)

const announce = <P, T extends string, L extends string>(run: Run<P, T, L>): void => {
  const labelled = run.model.labels.map((label) => {
    const mask = run.data.targets[label].mask
    return [label, mask.reduce((total, entry) => total + (entry === 0 ? 0 : 1), 0)] as const
  })
  run.emit({
    _tag: 'Started',
    rows: run.rows.length,
    labelled: run.counts(Object.fromEntries(labelled) as ByTask<L>, run.rows.length),
    epochs: run.epochs,
    steps: run.steps,
    trained: countNumbers(run.start.params),
    frozen: countNumbers(run.frozen),
  })
}

/** How far training has come. */
interface Position {
  readonly state: TrainingState
  readonly made: number
}

interface Made<L extends string> {
  readonly step: number
  readonly epoch: number
  readonly gathered: Gathered<L>
  readonly report: ArrayLike<number>
}

const record = <P, T extends string, L extends string>(
  run: Run<P, T, L>,
  averages: Averages<T>,
  progress: Progress,
  { step, epoch, gathered, report }: Made<L>,
): void => {
  const { tasks } = run.model
  progress.advance(gathered.rows)
  const losses = Object.fromEntries(tasks.map((task, i) => [task, report[i]!])) as ByTask<T>
  const labelled = run.counts(gathered.labelled, gathered.rows)
  averages.add(losses, labelled)
  run.emit({
    _tag: 'Stepped',
    step,
    steps: run.steps,
    epoch,
    epochs: run.epochs,
    losses,
    labelled,
    total: report[tasks.length]!,
    gradientNorm: report[tasks.length + 1]!,
    rowsPerSecond: progress.rowsPerSecond(),
    secondsLeft: progress.secondsLeft(run.steps - step),
  })
}

/** The rest of an epoch from a position on. */
const trainEpoch = async <P, T extends string, L extends string>(
  run: Run<P, T, L>,
  epoch: number,
  start: Position,
  averages: Averages<T>,
  progress: Progress,
): Promise<E.Either<FitError<P, T>, Position>> => {
  let { state, made } = start
  const places = batchIndices({
    rows: run.rows.length,
    size: run.batchSize,
    seed: run.seed,
    epoch,
    cursor: made - epoch * run.perEpoch,
  })
  for (const batch of places) {
    if (run.signal?.aborted === true) {
      run.emit({ _tag: 'Stopped', reason: 'aborted', step: made })
      const params = assemble(outcomeOf(state), run.frozen)
      return E.left({ _tag: 'Aborted', step: made, params, state })
    }
    const indices = batch.map((place) => run.rows[place]!)
    const gathered = gather(run.data, run.model.labels, indices)
    const [next, measured] = run.step(state, run.frozen, gathered.batch)
    state = next
    const report = measured.data()
    const now = { gathered, report, step: made + 1, epoch: epoch + 1 }
    if (!report.every((value) => Number.isFinite(value))) {
      run.emit({ _tag: 'Stopped', reason: 'diverged', step: made })
      return E.left(diagnose({ ...run, ...now, state, indices }))
    }
    made++
    record(run, averages, progress, now)
    await progress.breathe()
  }
  return E.right({ state, made })
}

/** The state after an epoch whose parameters had a score. */
const slowed = <P, T extends string, L extends string>(
  { refinements }: Run<P, T, L>,
  state: TrainingState,
  score: number,
): TrainingState =>
  refinements.plateau === undefined || state.plateau === undefined
    ? state
    : { ...state, plateau: refinements.plateau.update(state.plateau, score) }

const train = async <P, T extends string, L extends string>(
  run: Run<P, T, L>,
): Promise<E.Either<FitError<P, T>, Fitted<P, T>>> => {
  const progress = startProgress()
  const selection = startSelection(run)
  const history: EpochSummary<T>[] = []
  let position: Position = { state: run.start, made: run.start.step.item() }
  announce(run)
  for (let epoch = Math.floor(position.made / run.perEpoch); epoch < run.epochs; epoch++) {
    const averages = startAverages(run.model.tasks)
    const trained = await trainEpoch(run, epoch, position, averages, progress)
    if (E.isLeft(trained)) return trained
    position = trained.right
    const params = assemble(outcomeOf(position.state), run.frozen)
    const summary: EpochSummary<T> = {
      epoch: epoch + 1,
      losses: averages.means(),
      validation:
        run.validation === undefined ? null : run.evaluate(params, run.validation, run.batchSize),
      seconds: progress.seconds(),
    }
    history.push(summary)
    run.emit({ _tag: 'EpochEnded', epochs: run.epochs, ...summary })
    if (summary.validation !== null) {
      const score = scoreOf(run, position.state, summary.validation)
      selection.see(position.state, score)
      position = { ...position, state: slowed(run, position.state, score) }
    }
    if (selection.isOver()) break
  }
  const { state, made: steps } = position
  const seconds = progress.seconds()
  run.emit({ _tag: 'Finished', steps, seconds })
  return E.right({ params: selection.params(state), history, steps, seconds, state })
}

/**
 * Trains parameters on the rows that have a label: `epochs` passes, or more where `minSteps` asks for it, in batches whose order is
 * a pure function of (seed, epoch). Equal options give equal bits. A loss or gradient that is not finite ends training before the update, as `Diverged`; an aborted signal after the step
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
