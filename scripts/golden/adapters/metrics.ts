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

const asTensor = (value: number, args: Arguments): Tensor =>
  tensor(Float64Array.of(value), { shape: [], dtype: args.precision })

const scalar =
  (second: string, metric: (t: Numbers, y: Numbers, args: Arguments) => number): Adapter =>
  (args) => ({
    value: asTensor(metric(column(args, 't'), column(args, second), args), args),
  })

const classes = (args: Arguments, name: string): number => args.tensor(name).shape[1]!

const regression = (
  metric: (t: Numbers, y: Numbers, options: evaluation.RegressionOptions) => number,
): Adapter =>
  scalar('y', (t, y, args) =>
    metric(t, y, { outputs: args.tensor('t').shape[1] ?? 1, ...weighted(args) }),
  )

export const metrics: Adapters = {
  accuracy: scalar('y', (t, y, args) => evaluation.accuracy(t, y, weighted(args))),
  balanced_accuracy: scalar('y', (t, y, args) => evaluation.balancedAccuracy(t, y, weighted(args))),
  confusion_matrix: (args) => {
    const size = args.number('classes')
    const options = { classes: size, ...weighted(args) }
    const rows = evaluation.confusionMatrix(column(args, 't'), column(args, 'y'), options)
    // counts are whole unless rows have weights
    const dtype = args.optional('w') === undefined ? 'int32' : args.precision
    return { matrix: tensor(Float64Array.from(rows.flat()), { shape: [size, size], dtype }) }
  },
  roc_auc: scalar('s', (t, s, args) => evaluation.rocAuc(t, s, weighted(args))),
  roc_auc_multiclass: scalar('s', (t, s, args) => {
    const kind = `${args.text('multi_class')} ${args.text('average')}`
    if (kind !== 'ovr macro') throw new Unsupported(`roc_auc_multiclass ${kind}`)
    return evaluation.rocAucMacro(t, s, { classes: classes(args, 's') })
  }),
  log_loss: scalar('p', (t, p, args) =>
    evaluation.logLoss(t, p, { classes: classes(args, 'p'), ...weighted(args) }),
  ),
  r2: regression(evaluation.r2),
  rmse: regression(evaluation.rmse),
  mae: regression(evaluation.mae),
}
