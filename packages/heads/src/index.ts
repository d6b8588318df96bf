/** Layers, trunks, task heads, loss weightings, the multitask model and the training loop. */

// activations
export { type AxisOptions, entropy, maskedSoftmax } from './activations/distribution.ts'
export { glu, type MaxoutOptions, maxout, parametricRelu } from './activations/gate.ts'
export type { Activation, SequenceParams } from './compose.ts'
export { residual, sequence } from './compose.ts'
// training
export { type BatchOptions, batchIndices } from './fit/batches.ts'
export { sourceOf } from './fit/diverge.ts'
export type { Aborted, Diverged, FitError, Source } from './fit/error.ts'
export { explainFit } from './fit/error.ts'
export type { ByTask, EpochSummary, FitEvent, MaybeByTask } from './fit/event.ts'
export { type FindRateOptions, findRate, type RateCurve, type RateTrial } from './fit/findRate.ts'
export { fit } from './fit/fit.ts'
export type { FitOptions, Fitted } from './fit/options.ts'
export type { Partition } from './fit/partition.ts'
export { join, partition } from './fit/partition.ts'
export { type Progress, startProgress } from './fit/progress.ts'
export type { RefinementOptions, Refinements } from './fit/refinements.ts'
export { remember } from './fit/remember.ts'
export type { Gathered, Labels, Rows, TableRows } from './fit/rows.ts'
export { checkRows, gather, trainingRows } from './fit/rows.ts'
export type { Optimizer, Report, Step, StepOptions, TrainingState } from './fit/step.ts'
export { compileStep } from './fit/step.ts'
export { type Boxes, type BoxesOptions, boxes } from './heads/boxes.ts'
export type {
  Classification,
  ClassificationOptions,
  Classified,
} from './heads/classification.ts'
export { classification } from './heads/classification.ts'
// heads
export type { Head, Heads, HeadsParams, Predictions, Target, TaskOf } from './heads/head.ts'
export type { HeadFor, TableHeads, TargetDescription } from './heads/headsOf.ts'
export { headsOf } from './heads/headsOf.ts'
export type { LinearHeadOptions, LinearHeadParams } from './heads/linearHead.ts'
export { maskedMean } from './heads/maskedMean.ts'
export type { Regression, RegressionOptions } from './heads/regression.ts'
export { regression } from './heads/regression.ts'
// layers
export type { Layer, Mode, ParamsOf } from './layer.ts'
export { evaluation, modeOf, observe, observing } from './layer.ts'
export type { AdditiveAttentionParams, AdditiveLooking } from './layers/additiveAttention.ts'
export { additiveAttention } from './layers/additiveAttention.ts'
export { alphaDropout } from './layers/alphaDropout.ts'
export { type Attending, attend, attentionWeights } from './layers/attend.ts'
export type { AttentionPoolOptions, AttentionPoolParams } from './layers/attentionPool.ts'
export { attentionPool } from './layers/attentionPool.ts'
export type { BatchNormOptions, BatchNormParams } from './layers/batchNorm.ts'
export { batchNorm } from './layers/batchNorm.ts'
export type { BothWays } from './layers/bidirectional.ts'
export { bidirectional } from './layers/bidirectional.ts'
export type { BilinearParams, Both } from './layers/bilinear.ts'
export { bilinear } from './layers/bilinear.ts'
export type { Cell, CellOptions, CellParams } from './layers/cell.ts'
export { channelDropout } from './layers/channelDropout.ts'
export type { ColumnEmbeddingParams, FeatureRange } from './layers/columnEmbedding.ts'
export { columnEmbedding } from './layers/columnEmbedding.ts'
export type { ConvOptions, ConvParams } from './layers/conv.ts'
export { conv } from './layers/conv.ts'
export type { DenseOptions, DenseParams } from './layers/dense.ts'
export { dense } from './layers/dense.ts'
export type { NoParams } from './layers/dropout.ts'
export { dropout } from './layers/dropout.ts'
export type { EmbeddingOptions, EmbeddingParams } from './layers/embedding.ts'
export { embedding } from './layers/embedding.ts'
export type { Bags, EmbeddingBagOptions } from './layers/embeddingBag.ts'
export { embeddingBag } from './layers/embeddingBag.ts'
export type { EncoderBlockOptions, EncoderBlockParams, Steps } from './layers/encoderBlock.ts'
export { encoderBlock } from './layers/encoderBlock.ts'
export { globalAveragePool } from './layers/globalAveragePool.ts'
export { globalMaxPool } from './layers/globalMaxPool.ts'
export type { ChannelParams, GroupNormOptions } from './layers/groupNorm.ts'
export { groupNorm } from './layers/groupNorm.ts'
export type { GruParams } from './layers/gruCell.ts'
export { gruCell } from './layers/gruCell.ts'
export type { InstanceNormOptions } from './layers/instanceNorm.ts'
export { instanceNorm } from './layers/instanceNorm.ts'
export { l2Normalize } from './layers/l2Normalize.ts'
export type { LayerNormOptions, LayerNormParams } from './layers/layerNorm.ts'
export { layerNorm } from './layers/layerNorm.ts'
export type { LearnedPositionsOptions } from './layers/learnedPositions.ts'
export { learnedPositions } from './layers/learnedPositions.ts'
export type { LstmState } from './layers/lstmCell.ts'
export { lstmCell } from './layers/lstmCell.ts'
export type { Masked } from './layers/masked.ts'
export type {
  Looking,
  MultiHead,
  MultiHeadOptions,
  MultiHeadParams,
} from './layers/multiHead.ts'
export { multiHead } from './layers/multiHead.ts'
export type { NormKind, NormParams } from './layers/normalization.ts'
export type { Recurrence, Recurrent, Sequences } from './layers/recurrent.ts'
export { maskOf, recurrent } from './layers/recurrent.ts'
export type { RmsNormOptions } from './layers/rmsNorm.ts'
export { rmsNorm } from './layers/rmsNorm.ts'
export { rotary } from './layers/rotary.ts'
export type { SeedPoolOptions, SeedPoolParams } from './layers/seedPool.ts'
export { seedPool } from './layers/seedPool.ts'
export type { SimpleCellOptions } from './layers/simpleCell.ts'
export { simpleCell } from './layers/simpleCell.ts'
export type { SinusoidalOptions } from './layers/sinusoidalPositions.ts'
export { sinusoidalPositions } from './layers/sinusoidalPositions.ts'
export type { SpectralNormParams } from './layers/spectralNorm.ts'
export { spectralNorm } from './layers/spectralNorm.ts'
export type { SqueezeExciteParams } from './layers/squeezeExcite.ts'
export { squeezeExcite } from './layers/squeezeExcite.ts'
export type { ByLayer } from './layers/stacked.ts'
export { stacked } from './layers/stacked.ts'
export { type Standardizing, standardize } from './layers/standardize.ts'
export { stochasticDepth } from './layers/stochasticDepth.ts'
export type { TransposedConvOptions } from './layers/transposedConv.ts'
export { transposedConv } from './layers/transposedConv.ts'
export type { WeightNormParams } from './layers/weightNorm.ts'
export { normedWeight, weightNorm } from './layers/weightNorm.ts'
// losses
export {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  type SigmoidFocalOptions,
  sigmoidFocalLoss,
} from './losses/binary.ts'
export { boxGiouLoss, boxIouLoss } from './losses/boxes.ts'
export {
  type CrossEntropyOptions,
  crossEntropy,
  type FocalOptions,
  focalLoss,
  type LabelOptions,
  negativeLogLikelihood,
  ordinalLoss,
  softCrossEntropy,
} from './losses/classes.ts'
export { type CtcLengths, type CtcOptions, ctcLoss } from './losses/ctc.ts'
export {
  contrastiveLoss,
  marginRankingLoss,
  type TripletOptions,
  tripletLoss,
} from './losses/distance.ts'
export { type DistillationOptions, distillationLoss } from './losses/distillation.ts'
export {
  type GaussianOptions,
  gaussianDivergence,
  gaussianLoss,
  type KullbackLeiblerOptions,
  kullbackLeibler,
  type PoissonOptions,
  poissonLoss,
} from './losses/likelihood.ts'
export {
  hingeEmbeddingLoss,
  hingeLoss,
  logisticLoss,
  type MarginOptions,
  type MultiMarginOptions,
  multiMarginLoss,
  squaredHingeLoss,
} from './losses/margin.ts'
export {
  type DiceOptions,
  diceLoss,
  type MulticlassDiceOptions,
  multiclassDiceLoss,
} from './losses/overlap.ts'
export type { LossOptions, LossReduction } from './losses/reduction.ts'
export {
  absoluteError,
  type HuberOptions,
  huberLoss,
  logCoshLoss,
  type QuantileOptions,
  quantileLoss,
  type SmoothL1Options,
  smoothL1Loss,
  squaredError,
  squaredLogError,
} from './losses/regression.ts'
export {
  cosineEmbeddingLoss,
  type InfoNceOptions,
  infoNce,
  ntXent,
  type TemperatureOptions,
} from './losses/similarity.ts'
export type { Multitask, MultitaskParams } from './multitask.ts'
export { multitask } from './multitask.ts'
// models
export type { Batch, Losses, Objective } from './objective.ts'
export type { ConvnetOptions, ConvnetParams, ConvnetStageParams } from './trunks/convnet.ts'
export { convnet } from './trunks/convnet.ts'
export type {
  ConvnextBlockParams,
  ConvnextOptions,
  ConvnextParams,
  ConvnextStageParams,
} from './trunks/convnext.ts'
export { convnext } from './trunks/convnext.ts'
export type { MlpOptions, MlpParams, MlpStageParams } from './trunks/mlp.ts'
export { mlp } from './trunks/mlp.ts'
export type {
  NormedConvParams,
  ResidualBlockParams,
  ResnetOptions,
  ResnetParams,
  ResnetStageParams,
} from './trunks/resnet.ts'
export { resnet } from './trunks/resnet.ts'
export type { RnnOptions, RnnParams, RnnStageParams } from './trunks/rnn.ts'
export { rnn } from './trunks/rnn.ts'
export type { EntryParams, Flow, SequenceInput } from './trunks/sequenceInput.ts'
export { columns, patches, series, tokens } from './trunks/sequenceInput.ts'
export type {
  TableBlockParams,
  TableEntryParams,
  TabularOptions,
  TabularParams,
} from './trunks/tabular.ts'
export { tabular } from './trunks/tabular.ts'
// trunks
export { tapped } from './trunks/tapped.ts'
export type {
  TransformerBlockParams,
  TransformerEntryParams,
  TransformerOptions,
  TransformerParams,
} from './trunks/transformer.ts'
export { transformer } from './trunks/transformer.ts'
export type { Stage, Tap, TapName, Trunk, TrunkOptions, TrunkParams } from './trunks/trunk.ts'
export { stagedTrunk, trunkOf } from './trunks/trunk.ts'
export { equal, fixed } from './weighting/fixed.ts'
// weighting
export type { Weighting } from './weighting/weighting.ts'
