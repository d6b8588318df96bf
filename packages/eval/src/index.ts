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
export {
  accuracy,
  balancedAccuracy,
  type ClassOptions,
  confusionMatrix,
  type F1Options,
  f1,
} from './metrics/classification.ts'
export { type Metric, type MetricName, metrics } from './metrics/metric.ts'
export {
  type LogLossOptions,
  logLoss,
  type ProbabilityOptions,
  rocAuc,
  rocAucMacro,
} from './metrics/probability.ts'
export { mae, type RegressionOptions, r2, rmse } from './metrics/regression.ts'
export type { Numbers, Weighted } from './metrics/rows.ts'
export {
  type ClassificationScores,
  type RegressionScores,
  scoreClassification,
  scoreRegression,
} from './metrics/score.ts'
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
