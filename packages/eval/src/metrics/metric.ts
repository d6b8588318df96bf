/**
 * What a score means: which way is better and in which unit. Comparisons and reports ask here instead of knowing names, so a
 * gain is a gain for RMSE and for accuracy alike.
 */

/** A metric: its title in reports, the direction that is better and the unit of its values. */
export interface Metric {
  readonly name: string
  readonly title: string
  /** Which values are better. */
  readonly direction: 'higher' | 'lower'
  /**
   * `share` lies in [0, 1], `nats` are natural logarithms, `target` is the unit of the target, `squared target` its square,
   * `ratio` has none.
   */
  readonly unit: 'share' | 'nats' | 'target' | 'squared target' | 'ratio'
}

type Described<Name extends string> = Metric & { readonly name: Name }

const higher = <const Name extends string>(
  name: Name,
  title: string,
  unit: Metric['unit'] = 'share',
): Described<Name> => ({ name, title, direction: 'higher', unit })

const lower = <const Name extends string>(
  name: Name,
  title: string,
  unit: Metric['unit'],
): Described<Name> => ({ name, title, direction: 'lower', unit })

/**
 * All metrics by name.
 *
 * @example
 * ```ts
 * import { metrics } from '@rootstock/eval'
 * console.log(metrics.rmse.direction, metrics.accuracy.direction) // lower higher
 * ```
 */
export const metrics = {
  accuracy: higher('accuracy', 'accuracy'),
  balancedAccuracy: higher('balancedAccuracy', 'balanced accuracy'),
  topKAccuracy: higher('topKAccuracy', 'top-k accuracy'),
  precision: higher('precision', 'precision'),
  recall: higher('recall', 'recall'),
  f1: higher('f1', 'F1 (mean over classes)'),
  f1Binary: higher('f1Binary', 'F1 (class 1)'),
  fBeta: higher('fBeta', 'F-beta'),
  mcc: higher('mcc', "Matthews' correlation", 'ratio'),
  cohenKappa: higher('cohenKappa', "Cohen's kappa", 'ratio'),
  jaccard: higher('jaccard', 'Jaccard index'),
  meanIou: higher('meanIou', 'mean IoU'),
  mutualInformation: higher('mutualInformation', 'mutual information', 'nats'),
  normalizedMutualInformation: higher(
    'normalizedMutualInformation',
    'normalised mutual information',
  ),
  adjustedRand: higher('adjustedRand', 'adjusted Rand index', 'ratio'),
  multilabelF1: higher('multilabelF1', 'F1 (labels)'),
  subsetAccuracy: higher('subsetAccuracy', 'rows with all labels right'),
  hammingLoss: lower('hammingLoss', 'Hamming loss', 'share'),
  rocAuc: higher('rocAuc', 'ROC-AUC'),
  averagePrecision: higher('averagePrecision', 'average precision'),
  prAuc: higher('prAuc', 'PR-AUC'),
  ndcg: higher('ndcg', 'NDCG'),
  logLoss: lower('logLoss', 'log-loss', 'nats'),
  brier: lower('brier', 'Brier score', 'share'),
  brierMulticlass: lower('brierMulticlass', 'Brier score (all classes)', 'ratio'),
  expectedCalibrationError: lower(
    'expectedCalibrationError',
    'expected calibration error',
    'share',
  ),
  maximumCalibrationError: lower('maximumCalibrationError', 'maximum calibration error', 'share'),
  rmse: lower('rmse', 'RMSE', 'target'),
  mae: lower('mae', 'MAE', 'target'),
  mse: lower('mse', 'MSE', 'squared target'),
  mape: lower('mape', 'MAPE', 'ratio'),
  medianAbsoluteError: lower('medianAbsoluteError', 'median absolute error', 'target'),
  maxError: lower('maxError', 'largest error', 'target'),
  r2: higher('r2', 'R²', 'ratio'),
  explainedVariance: higher('explainedVariance', 'explained variance', 'ratio'),
  pearson: higher('pearson', "Pearson's correlation", 'ratio'),
  spearman: higher('spearman', "Spearman's correlation", 'ratio'),
  kendall: higher('kendall', "Kendall's tau-b", 'ratio'),
  negativeConditionalEntropy: higher('negativeConditionalEntropy', 'NCE', 'nats'),
  leep: higher('leep', 'LEEP', 'nats'),
  logMe: higher('logMe', 'LogME', 'nats'),
  hScore: higher('hScore', 'H-score', 'ratio'),
}

/** The name of a metric. */
export type MetricName = keyof typeof metrics
