/** Random rows for every stream, so that the laws of streams run on all of them. */
import { type Stream, streaming } from '@rootstock/eval'
import fc from 'fast-check'

/** One row: what it has in the column of targets and in the other one. */
export interface Row {
  readonly targets: readonly number[]
  readonly values: readonly number[]
}

/** A stream, the name of its second column and rows for it. */
export interface Sample {
  // states are handed on unread
  // biome-ignore lint/suspicious/noExplicitAny: any batch, any state, any result
  readonly stream: Stream<any, any, any>
  readonly column: 'predictions' | 'scores' | 'probabilities'
  readonly row: fc.Arbitrary<Row>
}

const integers = (max: number, length = 1): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.integer({ min: 0, max }), { minLength: length, maxLength: length })

/** Numbers with ties; eighths are exact, so that rows that should cancel do. */
const eighths = (length = 1): fc.Arbitrary<readonly number[]> =>
  integers(64, length).map((numbers) => numbers.map((n) => n / 8 - 4))

const chances = integers(9, 3).map((parts) => {
  const sum = parts.reduce((a, b) => a + b, 0)
  return parts.map((part) => (sum === 0 ? 1 / 3 : part / sum))
})

const kind =
  (
    column: Sample['column'],
    targets: fc.Arbitrary<readonly number[]>,
    values: fc.Arbitrary<readonly number[]>,
  ) =>
  (stream: Sample['stream']): Sample => ({
    stream,
    column,
    row: fc.record({ targets, values }),
  })

const classes = kind('predictions', integers(3), integers(3))
const labels = kind('predictions', integers(1, 3), integers(1, 3))
const numbers = kind('predictions', eighths(), eighths())
const pairs = kind('predictions', eighths(2), eighths(2))
const scores = kind('scores', integers(1), eighths())
const forecasts = kind('probabilities', integers(2), chances)

/** Every stream; one that is missing does not compile. */
export const samples: Readonly<Record<keyof typeof streaming, Sample>> = {
  accuracy: classes(streaming.accuracy()),
  adjustedRand: classes(streaming.adjustedRand()),
  averagePrecision: scores(streaming.averagePrecision()),
  balancedAccuracy: classes(streaming.balancedAccuracy()),
  brier: kind('probabilities', integers(1), eighths())(streaming.brier()),
  brierMulticlass: forecasts(streaming.brierMulticlass({ classes: 3 })),
  classReport: classes(streaming.classReport()),
  cohenKappa: classes(streaming.cohenKappa({ penalty: 'linear' })),
  confusionMatrix: classes(streaming.confusionMatrix()),
  expectedCalibrationError: forecasts(streaming.expectedCalibrationError({ classes: 3, bins: 4 })),
  explainedVariance: pairs(streaming.explainedVariance({ outputs: 2 })),
  f1: classes(streaming.f1()),
  fBeta: classes(streaming.fBeta({ beta: 2, average: 'weighted' })),
  hammingLoss: labels(streaming.hammingLoss({ labels: 3 })),
  iouPerClass: classes(streaming.iouPerClass()),
  jaccard: classes(streaming.jaccard({ average: 'micro' })),
  kendall: numbers(streaming.kendall()),
  logLoss: forecasts(streaming.logLoss({ classes: 3 })),
  mae: pairs(streaming.mae({ outputs: 2 })),
  mape: pairs(streaming.mape({ outputs: 2 })),
  maxError: pairs(streaming.maxError({ outputs: 2 })),
  maximumCalibrationError: forecasts(streaming.maximumCalibrationError({ classes: 3 })),
  mcc: classes(streaming.mcc()),
  meanIou: classes(streaming.meanIou()),
  medianAbsoluteError: pairs(streaming.medianAbsoluteError({ outputs: 2 })),
  mse: pairs(streaming.mse({ outputs: 2 })),
  multilabelF1: labels(streaming.multilabelF1({ labels: 3, average: 'samples' })),
  mutualInformation: classes(streaming.mutualInformation()),
  ndcg: kind('scores', integers(3, 4), integers(5, 4))(streaming.ndcg({ items: 4, k: 3 })),
  negativeConditionalEntropy: classes(streaming.negativeConditionalEntropy()),
  normalizedMutualInformation: classes(streaming.normalizedMutualInformation()),
  pearson: numbers(streaming.pearson()),
  prAuc: scores(streaming.prAuc()),
  precision: classes(streaming.precision({ average: 'binary' })),
  r2: pairs(streaming.r2({ outputs: 2 })),
  recall: classes(streaming.recall()),
  rmse: pairs(streaming.rmse({ outputs: 2 })),
  rocAuc: scores(streaming.rocAuc()),
  rocAucMulticlass: forecasts(streaming.rocAucMulticlass({ classes: 3, against: 'each' })),
  spearman: numbers(streaming.spearman()),
  subsetAccuracy: labels(streaming.subsetAccuracy({ labels: 3 })),
  topKAccuracy: kind(
    'scores',
    integers(2),
    integers(4, 3),
  )(streaming.topKAccuracy({ classes: 3, k: 2 })),
}
