/** A trained model's scores on rows: for each task those of its kind, in the units a person thinks in. */
import { ArgumentError, jit, type Tensor } from '@rootstock/core'
import {
  type Classified,
  checkRows,
  evaluation,
  gather,
  type Heads,
  type Labels,
  type Multitask,
  type MultitaskParams,
  type Rows,
  remember,
  type TableRows,
  type TaskOf,
} from '@rootstock/heads'
import { checkWidth } from './features/encode.ts'
import { windows } from './features/windows.ts'
import { meanBoxIou } from './metrics/overlap.ts'
import {
  type BoxesScores,
  type ClassificationScores,
  type RegressionScores,
  scoreClassification,
  scoreRegression,
} from './metrics/score.ts'

/** The scores of a head of this kind. */
export type ScoresOfHead<Head> = Head extends { readonly kind: 'classification' }
  ? ClassificationScores
  : Head extends { readonly kind: 'regression' }
    ? RegressionScores
    : Head extends { readonly kind: 'boxes' }
      ? BoxesScores
      : never

/** Scores by task, of the kind of its head. */
export type Scores<H extends Heads> = { readonly [Task in TaskOf<H>]: ScoresOfHead<H[Task]> }

/** A head as this file knows it. */
type ScoredHead =
  | { readonly kind: 'classification'; readonly classes: readonly string[] }
  | { readonly kind: 'regression'; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'boxes' }

const headOf = (task: string, head: Heads[string]): ScoredHead => {
  if (head.kind === 'classification' || head.kind === 'regression' || head.kind === 'boxes')
    return head as unknown as ScoredHead
  throw new ArgumentError({
    operation: 'evaluate',
    inputs: { task, kind: head.kind },
    rule: 'scores are known for classification, regression and boxes heads',
  })
}

// biome-ignore lint/suspicious/noExplicitAny: one memory serves models of all types
type AnyModel = Multitask<any, any>

/** Compiles what is scored: probabilities `[rows, classes]`, numbers `[rows]` or boxes `[rows, 4]` for each task, in the order of the tasks. */
const predictorOf = remember((model: AnyModel) => {
  const known: Heads = model.heads
  const heads = model.tasks.map((task) => headOf(task, known[task]!))
  return jit((params: unknown, inputs: Tensor): Tensor[] => {
    const predicted: Readonly<Record<string, unknown>> = model.apply(
      params as never,
      inputs,
      evaluation,
    )
    return model.tasks.map((task, i) =>
      heads[i]!.kind === 'classification'
        ? (predicted[task] as Classified<string>).probabilities
        : (predicted[task] as Tensor),
    )
  })
})

/** Labels that say what they are, such as those of a data set, must say what the head says. */
const checkLabels = (
  task: string,
  head: ScoredHead,
  labels: Labels & Partial<ScoredHead>,
): void => {
  const refuse = (inputs: Readonly<Record<string, unknown>>, rule: string, hint: string): never => {
    throw new ArgumentError({ operation: 'evaluate', inputs: { task, ...inputs }, rule, hint })
  }
  if (labels.kind === undefined) return
  if (labels.kind !== head.kind) {
    refuse(
      { head: head.kind, labels: labels.kind },
      'a head must be of the kind of its labels',
      'headsOf(data.targets) makes heads that fit',
    )
  }
  if (head.kind === 'classification' && labels.kind === 'classification') {
    if (head.classes.join() === labels.classes!.join()) return
    refuse(
      { 'classes of the head': [...head.classes], 'classes of the labels': [...labels.classes!] },
      'the classes of a head must be those of its labels, in their order',
      'headsOf(data.targets) makes heads that fit',
    )
  }
  if (head.kind === 'regression' && labels.kind === 'regression') {
    if (head.mean === labels.mean && head.deviation === labels.deviation) return
    refuse(
      { mean: head.mean, deviation: head.deviation },
      'a regression head must undo the standardisation of its labels',
      `regression({ mean: ${labels.mean}, deviation: ${labels.deviation} })`,
    )
  }
}

const widthOf = (head: ScoredHead): number => {
  if (head.kind === 'classification') return head.classes.length
  return head.kind === 'boxes' ? 4 : 1
}

const scoreTask = (
  head: ScoredHead,
  { values, mask }: Labels,
  predictions: Float32Array,
): ClassificationScores | RegressionScores | BoxesScores => {
  if (head.kind === 'classification')
    return scoreClassification(values, predictions, { classes: head.classes.length, weights: mask })
  if (head.kind === 'boxes') return { iou: meanBoxIou(values, predictions, { weights: mask }) }
  const original = Float64Array.from(values, (value) => value * head.deviation + head.mean)
  return scoreRegression(original, predictions, { weights: mask })
}

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** Rows of a batch. Default 1024. */
  readonly batchSize?: number
}

/**
 * Scores of a model on rows, by task: accuracy, balanced accuracy, F1, ROC-AUC and log-loss of classifications; RMSE, MAE and R2 of
 * regressions in the original units of the target; mean IoU of boxes. Rows without a label of a task do not count for it; a task without any has
 * NaN. Throws when data and model do not fit.
 * @example
 * ```ts
 * import { random } from '@rootstock/core'
 * import { evaluate } from '@rootstock/eval'
 * import { classification, mlp, multitask } from '@rootstock/heads'
 * const model = multitask(mlp({ in: 1, hidden: [4] }), { side: classification({ classes: ['left', 'right'] }) })
 * const side = { values: Int32Array.of(0, 1, 0), mask: Uint8Array.of(1, 1, 0) }
 * const data = { rows: 3, width: 1, inputs: Float32Array.of(-1, 1, 0), targets: { side } }
 * const scores = evaluate(model, model.init(random.key(0)), data)
 * console.log(scores.side.accuracy) // 0.5
 * ```
 */
export const evaluate = <TrunkParams, H extends Heads>(
  model: Multitask<TrunkParams, H>,
  params: MultitaskParams<TrunkParams, H>,
  data: Rows<TaskOf<NoInfer<H>>> | TableRows,
  { batchSize = 1024 }: EvaluateOptions = {},
): Scores<H> => {
  checkWidth('evaluate', model.trunk, data)
  const targets: Readonly<Record<string, Labels>> = data.targets
  const heads = model.tasks.map((task) => headOf(task, model.heads[task]!))
  checkRows('evaluate', data, model.tasks)
  for (const [i, task] of model.tasks.entries()) checkLabels(task, heads[i]!, targets[task]!)
  const predict = predictorOf(model)
  const predictions = heads.map((head) => new Float32Array(data.rows * widthOf(head)))
  for (const { from, to } of windows('evaluate', data.rows, batchSize)) {
    const indices = Int32Array.from({ length: to - from }, (_, i) => from + i)
    const { batch } = gather(data as Rows, [], indices)
    predict(params, batch.inputs).forEach((found, i) => {
      predictions[i]!.set(found.data(), from * widthOf(heads[i]!))
    })
  }
  const scores = model.tasks.map((task, i) => [
    task,
    scoreTask(heads[i]!, targets[task]!, predictions[i]!),
  ])
  return Object.fromEntries(scores) as Scores<H>
}
