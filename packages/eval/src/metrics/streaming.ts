/** All metrics of rows as streams, by the names of their functions. */
import { cohenKappaStream, mccStream } from './agreement.ts'
import { expectedCalibrationErrorStream, maximumCalibrationErrorStream } from './calibration.ts'
import { accuracyStream, balancedAccuracyStream, confusionMatrixStream } from './classification.ts'
import { kendallStream, pearsonStream, spearmanStream } from './correlation.ts'
import { explainedVarianceStream, r2Stream } from './explained.ts'
import { maxErrorStream, medianAbsoluteErrorStream } from './extremeErrors.ts'
import { hammingLossStream, multilabelF1Stream, subsetAccuracyStream } from './multilabel.ts'
import { ndcgStream } from './ndcg.ts'
import { iouPerClassStream, jaccardStream, meanIouStream } from './overlap.ts'
import {
  adjustedRandStream,
  mutualInformationStream,
  normalizedMutualInformationStream,
} from './partitions.ts'
import { averagePrecisionStream, prAucStream } from './precisionCurve.ts'
import {
  classReportStream,
  f1Stream,
  fBetaStream,
  precisionStream,
  recallStream,
} from './precisionRecall.ts'
import { brierMulticlassStream, brierStream, logLossStream } from './probability.ts'
import { maeStream, mapeStream, mseStream, rmseStream } from './regression.ts'
import { rocAucMulticlassStream, rocAucStream } from './rocAuc.ts'
import { topKAccuracyStream } from './topK.ts'
import { negativeConditionalEntropyStream } from './transferability/sourceLabels.ts'

/**
 * Metrics in one pass over batches. `streaming.f1(options)` is the metric `f1(targets, predictions, options)` as a `Stream`;
 * weights and masks come with each batch. States can be merged, so batches may be counted apart. All are of fixed size but
 * those of ranks and medians (`rocAuc`, `rocAucMulticlass`, `averagePrecision`, `prAuc`, `spearman`, `kendall`,
 * `medianAbsoluteError`), which are exact and keep the rows.
 *
 * @example
 * ```ts
 * import { streaming } from '@rootstock/eval'
 * const { init, add, merge, result } = streaming.rmse()
 * const here = add(init(), { targets: [1, 2], predictions: [1, 2] })
 * const there = add(init(), { targets: [3, 9], predictions: [7, 0], mask: [true, false] })
 * console.log(result(merge(here, there))) // 2.309...
 * ```
 */
export const streaming = {
  accuracy: accuracyStream,
  adjustedRand: adjustedRandStream,
  averagePrecision: averagePrecisionStream,
  balancedAccuracy: balancedAccuracyStream,
  brier: brierStream,
  brierMulticlass: brierMulticlassStream,
  classReport: classReportStream,
  cohenKappa: cohenKappaStream,
  confusionMatrix: confusionMatrixStream,
  expectedCalibrationError: expectedCalibrationErrorStream,
  explainedVariance: explainedVarianceStream,
  f1: f1Stream,
  fBeta: fBetaStream,
  hammingLoss: hammingLossStream,
  iouPerClass: iouPerClassStream,
  jaccard: jaccardStream,
  kendall: kendallStream,
  logLoss: logLossStream,
  mae: maeStream,
  mape: mapeStream,
  maxError: maxErrorStream,
  maximumCalibrationError: maximumCalibrationErrorStream,
  mcc: mccStream,
  meanIou: meanIouStream,
  medianAbsoluteError: medianAbsoluteErrorStream,
  mse: mseStream,
  multilabelF1: multilabelF1Stream,
  mutualInformation: mutualInformationStream,
  ndcg: ndcgStream,
  negativeConditionalEntropy: negativeConditionalEntropyStream,
  normalizedMutualInformation: normalizedMutualInformationStream,
  pearson: pearsonStream,
  prAuc: prAucStream,
  precision: precisionStream,
  r2: r2Stream,
  recall: recallStream,
  rmse: rmseStream,
  rocAuc: rocAucStream,
  rocAucMulticlass: rocAucMulticlassStream,
  spearman: spearmanStream,
  subsetAccuracy: subsetAccuracyStream,
  topKAccuracy: topKAccuracyStream,
}
