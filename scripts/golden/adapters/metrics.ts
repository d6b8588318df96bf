/** Metrics. They work on columns of numbers, so tensors are read first. */
import { type Tensor, tensor } from '@rootstock/core'
import * as evaluation from '@rootstock/eval'
import { type Adapter, type Adapters, type Arguments, Unsupported } from '../arguments.ts'

type Numbers = evaluation.Numbers

const column = (args: Arguments, name: string): Numbers => args.tensor(name).data()

const weighted = (args: Arguments): evaluation.Weighted => {
  const weights = args.optional('w')
  return weights === undefined ? {} : { weights: weights.data() }
}

/** One of the words a metric knows. */
const word = <const T extends string>(args: Arguments, name: string, known: readonly T[]): T => {
  const text = args.text(name)
  const found = known.find((one) => one === text)
  if (found === undefined) throw new Unsupported(`${name} ${text}`)
  return found
}

const asTensor = (value: number | readonly number[], args: Arguments): Tensor =>
  typeof value === 'number'
    ? tensor(Float64Array.of(value), { shape: [], dtype: args.precision })
    : tensor(Float64Array.from(value), { shape: [value.length], dtype: args.precision })

/** A metric of targets and a second column. */
const scalar =
  (second: string, metric: (t: Numbers, y: Numbers, args: Arguments) => number): Adapter =>
  (args) => ({
    value: asTensor(metric(column(args, 't'), column(args, second), args), args),
  })

const width = (args: Arguments, name: string): number => args.tensor(name).shape[1] ?? 1

const regression = (
  metric: (t: Numbers, y: Numbers, options: evaluation.RegressionOptions) => number,
): Adapter =>
  scalar('y', (t, y, args) => metric(t, y, { outputs: width(args, 't'), ...weighted(args) }))

/** A metric of two columns without options of its own. */
const ofColumns = (
  metric: (t: Numbers, y: Numbers, options: evaluation.Weighted) => number,
  second = 'y',
): Adapter => scalar(second, (t, y, args) => metric(t, y, weighted(args)))

/** A metric of a row of probabilities. */
const ofChances = (
  metric: (t: Numbers, p: Numbers, options: evaluation.ProbabilityOptions) => number,
): Adapter =>
  scalar('p', (t, p, args) => metric(t, p, { classes: width(args, 'p'), ...weighted(args) }))

const calibration = (
  metric: (t: Numbers, p: Numbers, options: evaluation.CalibrationOptions) => number,
): Adapter =>
  scalar('p', (t, p, args) =>
    metric(t, p, { classes: width(args, 'p'), bins: args.number('bins') }),
  )

const averages = ['macro', 'micro', 'weighted', 'binary'] as const

const averaging = (args: Arguments): evaluation.AverageOptions => ({
  average: word(args, 'average', averages),
  classes: args.number('classes'),
  ...weighted(args),
})

const precisionRecallF1: Adapter = (args) => {
  const [t, y] = [column(args, 't'), column(args, 'y')]
  if (args.text('average') !== 'none') {
    const options = averaging(args)
    return {
      precision: asTensor(evaluation.precision(t, y, options), args),
      recall: asTensor(evaluation.recall(t, y, options), args),
      f1: asTensor(evaluation.f1(t, y, options), args),
    }
  }
  const classes = evaluation.classReport(t, y, {
    classes: args.number('classes'),
    ...weighted(args),
  })
  const each = (of: (report: evaluation.ClassReport) => number) => asTensor(classes.map(of), args)
  return {
    precision: each(({ precision }) => precision),
    recall: each(({ recall }) => recall),
    f1: each(({ f1 }) => f1),
  }
}

const confusionMatrix: Adapter = (args) => {
  const size = args.number('classes')
  const options = { classes: size, ...weighted(args) }
  const rows = evaluation.confusionMatrix(column(args, 't'), column(args, 'y'), options)
  // counts are whole unless rows have weights
  const dtype = args.optional('w') === undefined ? 'int32' : args.precision
  return { matrix: tensor(Float64Array.from(rows.flat()), { shape: [size, size], dtype }) }
}

const meanIou: Adapter = (args) => {
  const [t, y] = [column(args, 't'), column(args, 'y')]
  const options = { classes: args.number('classes') }
  return {
    value: asTensor(evaluation.meanIou(t, y, options), args),
    per_class: asTensor(evaluation.iouPerClass(t, y, options), args),
  }
}

const boxIou: Adapter = (args) => {
  const rows = evaluation.boxIou(column(args, 'a'), column(args, 'b'))
  const shape = [rows.length, args.tensor('b').shape[0]!]
  return { value: tensor(Float64Array.from(rows.flat()), { shape, dtype: args.precision }) }
}

const against = { ovr: 'rest', ovo: 'each' } as const

export const metrics: Adapters = {
  accuracy: ofColumns(evaluation.accuracy),
  balanced_accuracy: ofColumns(evaluation.balancedAccuracy),
  confusion_matrix: confusionMatrix,
  precision_recall_f1: precisionRecallF1,
  fbeta: scalar('y', (t, y, args) =>
    evaluation.fBeta(t, y, { beta: args.number('beta'), ...averaging(args) }),
  ),
  jaccard: scalar('y', (t, y, args) => evaluation.jaccard(t, y, averaging(args))),
  mean_iou: meanIou,
  box_iou: boxIou,
  mcc: ofColumns(evaluation.mcc),
  cohen_kappa: scalar('y', (t, y, args) => {
    const penalty =
      args.raw('weights') === null ? 'equal' : word(args, 'weights', ['linear', 'quadratic'])
    return evaluation.cohenKappa(t, y, { penalty })
  }),
  mutual_information: ofColumns(evaluation.mutualInformation),
  normalized_mutual_information: ofColumns(evaluation.normalizedMutualInformation),
  adjusted_rand: ofColumns(evaluation.adjustedRand),
  multilabel_f1: scalar('y', (t, y, args) =>
    evaluation.multilabelF1(t, y, {
      labels: width(args, 't'),
      average: word(args, 'average', ['macro', 'micro', 'weighted', 'samples']),
    }),
  ),
  subset_accuracy: scalar('y', (t, y, args) =>
    evaluation.subsetAccuracy(t, y, { labels: width(args, 't') }),
  ),
  hamming_loss: scalar('y', (t, y, args) =>
    evaluation.hammingLoss(t, y, { labels: width(args, 't') }),
  ),
  roc_auc: ofColumns(evaluation.rocAuc, 's'),
  roc_auc_multiclass: scalar('s', (t, s, args) =>
    evaluation.rocAucMulticlass(t, s, {
      classes: width(args, 's'),
      against: against[word(args, 'multi_class', ['ovr', 'ovo'])],
      average: word(args, 'average', ['macro', 'weighted']),
    }),
  ),
  average_precision: ofColumns(evaluation.averagePrecision, 's'),
  pr_auc_trapezoid: ofColumns(evaluation.prAuc, 's'),
  top_k_accuracy: scalar('s', (t, s, args) =>
    evaluation.topKAccuracy(t, s, { classes: width(args, 's'), k: args.number('k') }),
  ),
  ndcg: scalar('s', (t, s, args) =>
    evaluation.ndcg(t, s, { items: width(args, 's'), k: args.numberOrNull('k') }),
  ),
  log_loss: ofChances(evaluation.logLoss),
  brier: ofColumns(evaluation.brier, 'p'),
  brier_multiclass: ofChances(evaluation.brierMulticlass),
  ece: calibration(evaluation.expectedCalibrationError),
  mce: calibration(evaluation.maximumCalibrationError),
  r2: regression(evaluation.r2),
  explained_variance: regression(evaluation.explainedVariance),
  mse: regression(evaluation.mse),
  rmse: regression(evaluation.rmse),
  mae: regression(evaluation.mae),
  mape: regression(evaluation.mape),
  median_absolute_error: regression(evaluation.medianAbsoluteError),
  max_error: regression(evaluation.maxError),
  pearson: ofColumns(evaluation.pearson),
  spearman: ofColumns(evaluation.spearman),
  kendall: ofColumns(evaluation.kendall),
}
