/**
 * Public names of the package, by topic.
 */

export type { Arm, ArmContext, ArmError, Failure, Pretrained } from './comparison/arm.ts'
export {
  type FineTunedOptions,
  fineTuned,
  type ProbeOptions,
  probe,
  scratch,
  type TrainingOptions,
} from './comparison/arms.ts'
export { compare } from './comparison/compare.ts'
export { type Compared, type ComparisonAborted, explainComparison } from './comparison/compared.ts'
export type { CompareOptions } from './comparison/compareOptions.ts'
export type { ComparedTask, Comparison, Place, Score, Trial } from './comparison/comparison.ts'
export type { CompareEvent, TrialProgress } from './comparison/event.ts'
export type { LabelCount } from './comparison/labels.ts'
export { summarise } from './comparison/summarise.ts'
export type {
  ArmSummary,
  Gain,
  PointSummary,
  Summary,
  TaskSummary,
} from './comparison/summary.ts'
export { type EvaluateOptions, evaluate, type Scores, type ScoresOfHead } from './evaluate.ts'
export { type Encoded, type EncodeOptions, encode } from './features/encode.ts'
export { type FeaturesOptions, features } from './features/features.ts'
export { cohenKappa, type KappaOptions, mcc } from './metrics/agreement.ts'
export type { Average, AverageOptions } from './metrics/average.ts'
export type { PredictionBatch, ProbabilityBatch, ScoreBatch } from './metrics/batch.ts'
export {
  type CalibrationOptions,
  expectedCalibrationError,
  maximumCalibrationError,
} from './metrics/calibration.ts'
export { accuracy, balancedAccuracy, confusionMatrix } from './metrics/classification.ts'
export { kendall, pearson, spearman } from './metrics/correlation.ts'
export type { ClassOptions } from './metrics/counts.ts'
export { explainedVariance, r2 } from './metrics/explained.ts'
export { maxError, medianAbsoluteError } from './metrics/extremeErrors.ts'
export { type Metric, type MetricName, metrics } from './metrics/metric.ts'
export {
  hammingLoss,
  type LabelOptions,
  type MultilabelF1Options,
  multilabelF1,
  subsetAccuracy,
} from './metrics/multilabel.ts'
export { type NdcgOptions, ndcg } from './metrics/ndcg.ts'
export { boxIou, iouPerClass, jaccard, meanBoxIou, meanIou } from './metrics/overlap.ts'
export {
  adjustedRand,
  mutualInformation,
  normalizedMutualInformation,
} from './metrics/partitions.ts'
export { averagePrecision, prAuc } from './metrics/precisionCurve.ts'
export {
  type ClassReport,
  classReport,
  type F1Options,
  type FBetaOptions,
  f1,
  fBeta,
  precision,
  recall,
} from './metrics/precisionRecall.ts'
export {
  brier,
  brierMulticlass,
  type LogLossOptions,
  logLoss,
  type ProbabilityOptions,
} from './metrics/probability.ts'
export { mae, mape, mse, type RegressionOptions, rmse } from './metrics/regression.ts'
export { relativeGain, type TaskScores } from './metrics/relativeGain.ts'
export { type RocAucOptions, rocAuc, rocAucMacro, rocAucMulticlass } from './metrics/rocAuc.ts'
export type { Numbers, Weighted } from './metrics/rows.ts'
export {
  type BoxesScores,
  type ClassificationScores,
  type RegressionScores,
  scoreClassification,
  scoreRegression,
} from './metrics/score.ts'
export { type Stream, together } from './metrics/stream.ts'
export { streaming } from './metrics/streaming.ts'
export { type TopKOptions, topKAccuracy } from './metrics/topK.ts'
export { type HScoreOptions, hScore } from './metrics/transferability/hScore.ts'
export { type LogMeOptions, logMe } from './metrics/transferability/logMe.ts'
export {
  type LeepOptions,
  leep,
  negativeConditionalEntropy,
} from './metrics/transferability/sourceLabels.ts'
export { type Axis, type FigureOptions, figure, type Panel } from './plot/figure.ts'
export type { Contours, Line, Points, Series } from './plot/series.ts'
export { renderText } from './report/renderText.ts'
export { reportHtml } from './report/reportHtml.ts'
export { reportJson } from './report/reportJson.ts'
export type { LossCurve, PhaseTime, Run } from './report/run.ts'
export {
  explainReport,
  type ReportFiles,
  type ReportUnwritable,
  writeReport,
} from './report/writeReport.ts'
export {
  type Interval,
  type IntervalOptions,
  meanInterval,
  pairedInterval,
} from './statistics/interval.ts'
export { mean, standardError } from './statistics/moments.ts'
export { type CurvePoint, labelMultiplier, type Multiplier } from './statistics/multiplier.ts'
export { studentT } from './statistics/studentT.ts'
export { type Verdict, verdictOf } from './statistics/verdict.ts'
export { type FineTuneOptions, fineTune, type Strategy } from './transfer/fineTune.ts'
export { type LinearHeads, type LinearProbeOptions, linearProbe } from './transfer/linearProbe.ts'
export type { Trained, TransferError } from './transfer/trained.ts'
