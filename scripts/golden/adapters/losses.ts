/** Losses, with the reductions of the file. */
import { div, sum, type Tensor } from '@rootstock/core'
import * as heads from '@rootstock/heads'
import { type Adapter, type Adapters, type Arguments, Unsupported } from '../arguments.ts'

const reductions: Readonly<Record<string, heads.LossReduction>> = {
  mean: 'mean',
  sum: 'sum',
  weighted_mean: 'weightedMean',
}

const optionsOf = (args: Arguments): heads.LossOptions => {
  const weights = args.optional('w')
  const name = args.text('reduction')
  if (!Object.hasOwn(reductions, name)) throw new Unsupported(`reduction ${name}`)
  return { reduction: reductions[name]!, ...(weights === undefined ? {} : { weights }) }
}

type Loss = (x: Tensor, t: Tensor, options: heads.LossOptions) => Tensor

/** A loss of x and t. */
const plain =
  (loss: Loss): Adapter =>
  (args) =>
    loss(args.tensor('x'), args.tensor('t'), optionsOf(args))

/** A loss of x and t with options of its own. */
const withOptions =
  <Options extends heads.LossOptions>(
    loss: (x: Tensor, t: Tensor, options: Options) => Tensor,
    own: (args: Arguments) => Omit<Options, keyof heads.LossOptions>,
  ): Adapter =>
  (args) =>
    loss(args.tensor('x'), args.tensor('t'), { ...optionsOf(args), ...own(args) } as Options)

/** A loss of a, b and t with a margin. */
const ofPair =
  (loss: (a: Tensor, b: Tensor, t: Tensor, options: heads.MarginOptions) => Tensor): Adapter =>
  (args) =>
    loss(args.tensor('a'), args.tensor('b'), args.tensor('t'), {
      ...optionsOf(args),
      margin: args.number('margin'),
    })

const labelOptions = (args: Arguments): heads.LabelOptions => {
  const classWeights = args.optional('class_weight')
  const ignore = args.numberOrNull('ignore_index')
  return {
    axis: 1,
    ...(classWeights === undefined ? {} : { classWeights }),
    ...(ignore === undefined ? {} : { ignore }),
  }
}

const klDiv: Adapter = (args) => {
  const [x, t, logTarget] = [args.tensor('x'), args.tensor('t'), args.flag('log_target')]
  if (args.text('reduction') !== 'batchmean') {
    return heads.kullbackLeibler(x, t, { ...optionsOf(args), logTarget })
  }
  return div(sum(heads.kullbackLeibler(x, t, { reduction: 'none', logTarget })), x.shape[0]!)
}

const numbers: Adapters = {
  mse: plain(heads.squaredError),
  mae: plain(heads.absoluteError),
  huber: withOptions(heads.huberLoss, (args) => ({ delta: args.number('delta') })),
  smooth_l1: withOptions(heads.smoothL1Loss, (args) => ({ beta: args.number('beta') })),
  log_cosh: plain(heads.logCoshLoss),
  quantile: withOptions(heads.quantileLoss, (args) => ({ quantile: args.number('q') })),
  msle: plain(heads.squaredLogError),
  poisson_nll: withOptions(heads.poissonLoss, (args) => ({
    logInput: args.flag('log_input'),
    full: args.flag('full'),
  })),
  gaussian_nll: (args) =>
    heads.gaussianLoss(args.tensor('x'), args.tensor('var'), args.tensor('t'), {
      ...optionsOf(args),
      epsilon: args.number('eps'),
      full: args.flag('full'),
    }),
  kl_div: klDiv,
  gaussian_kl: (args) =>
    heads.gaussianDivergence(args.tensor('mu'), args.tensor('log_var'), optionsOf(args)),
}

const binary: Adapters = {
  bce: plain(heads.binaryCrossEntropy),
  bce_with_logits: withOptions(heads.binaryCrossEntropyWithLogits, (args) => {
    const positiveWeight = args.optional('pos_weight')
    return positiveWeight === undefined ? {} : { positiveWeight }
  }),
  sigmoid_focal: withOptions(heads.sigmoidFocalLoss, (args) => ({
    alpha: args.numberOrNull('alpha') ?? null,
    gamma: args.number('gamma'),
  })),
  hinge: plain(heads.hingeLoss),
  squared_hinge: plain(heads.squaredHingeLoss),
  soft_margin: plain(heads.logisticLoss),
  hinge_embedding: withOptions(heads.hingeEmbeddingLoss, (args) => ({
    margin: args.number('margin'),
  })),
}

const classes: Adapters = {
  cross_entropy: withOptions(heads.crossEntropy, (args) => ({
    ...labelOptions(args),
    labelSmoothing: args.number('label_smoothing'),
  })),
  cross_entropy_soft: plain(heads.softCrossEntropy),
  nll: withOptions(heads.negativeLogLikelihood, labelOptions),
  multi_margin: withOptions(heads.multiMarginLoss, (args) => ({
    margin: args.number('margin'),
    squared: args.number('p') === 2,
  })),
  focal: withOptions(heads.focalLoss, (args) => ({ gamma: args.number('gamma') })),
  ordinal_coral: (args) =>
    heads.ordinalLoss(args.tensor('score'), args.tensor('bias'), args.tensor('t'), optionsOf(args)),
  distillation: (args) =>
    heads.distillationLoss(args.tensor('student'), args.tensor('teacher'), {
      temperature: args.number('temperature'),
    }),
  ctc: (args) =>
    heads.ctcLoss(
      args.tensor('x'),
      args.tensor('targets'),
      { inputs: args.tensor('input_lengths'), targets: args.tensor('target_lengths') },
      { ...optionsOf(args), blank: args.number('blank') },
    ),
}

const embeddings: Adapters = {
  cosine_embedding: ofPair(heads.cosineEmbeddingLoss),
  margin_ranking: ofPair(heads.marginRankingLoss),
  contrastive: ofPair(heads.contrastiveLoss),
  triplet: (args) =>
    heads.tripletLoss(args.tensor('anchor'), args.tensor('positive'), args.tensor('negative'), {
      ...optionsOf(args),
      margin: args.number('margin'),
      order: args.number('p'),
      swap: args.flag('swap'),
    }),
  info_nce: (args) =>
    heads.infoNce(args.tensor('a'), args.tensor('b'), {
      ...optionsOf(args),
      temperature: args.number('temperature'),
      symmetric: args.flag('symmetric'),
    }),
  nt_xent: (args) =>
    heads.ntXent(args.tensor('a'), args.tensor('b'), {
      ...optionsOf(args),
      temperature: args.number('temperature'),
    }),
}

const regions: Adapters = {
  iou_box: plain(heads.boxIouLoss),
  giou_box: plain(heads.boxGiouLoss),
  dice: withOptions(heads.diceLoss, (args) => ({ smooth: args.number('smooth') })),
  dice_multiclass: withOptions(heads.multiclassDiceLoss, (args) => ({
    smooth: args.number('smooth'),
    axis: 1,
  })),
}

export const losses: Adapters = { ...numbers, ...binary, ...classes, ...embeddings, ...regions }
