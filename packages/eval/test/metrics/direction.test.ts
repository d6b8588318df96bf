/** Every metric says which way is better, and means it. */
import {
  accuracy,
  adjustedRand,
  averagePrecision,
  balancedAccuracy,
  brier,
  brierMulticlass,
  cohenKappa,
  expectedCalibrationError,
  explainedVariance,
  f1,
  fBeta,
  hammingLoss,
  hScore,
  jaccard,
  kendall,
  leep,
  logLoss,
  logMe,
  type MetricName,
  mae,
  mape,
  maxError,
  maximumCalibrationError,
  mcc,
  meanIou,
  medianAbsoluteError,
  metrics,
  mse,
  multilabelF1,
  mutualInformation,
  ndcg,
  negativeConditionalEntropy,
  normalizedMutualInformation,
  pearson,
  prAuc,
  precision,
  r2,
  recall,
  rmse,
  rocAuc,
  spearman,
  subsetAccuracy,
  topKAccuracy,
} from '@rootstock/eval'
import { expect, test } from 'vitest'

const both = (of: (predictions: readonly number[]) => number): readonly [number, number] => [
  of([0, 1, 2]),
  of([0, 2, 1]),
]
const tables = (of: (labels: readonly number[]) => number): readonly [number, number] => [
  of([0, 1, 1, 1]),
  of([1, 0, 1, 1]),
]
const orders = (of: (scores: readonly number[]) => number): readonly [number, number] => [
  of([1, 2, 3, 4]),
  of([4, 3, 2, 1]),
]
const chances = (of: (probabilities: readonly number[]) => number): readonly [number, number] => [
  of([0.9, 0.1, 0.1, 0.9]),
  of([0.1, 0.9, 0.9, 0.1]),
]
const of3 = [0, 1, 2]
const of2 = [0, 1]
const two = { classes: 2 }
const four = [0, 0, 1, 1]

/** A good score and a bad one of every metric. */
const goodAndBad: Readonly<Record<MetricName, readonly [number, number]>> = {
  accuracy: both((y) => accuracy(of3, y)),
  balancedAccuracy: both((y) => balancedAccuracy(of3, y)),
  precision: both((y) => precision(of3, y)),
  recall: both((y) => recall(of3, y)),
  f1: both((y) => f1(of3, y)),
  f1Binary: both((y) => f1(of3, y, { average: 'binary' })),
  fBeta: both((y) => fBeta(of3, y, { beta: 2 })),
  mcc: both((y) => mcc(of3, y)),
  cohenKappa: both((y) => cohenKappa(of3, y)),
  jaccard: both((y) => jaccard(of3, y)),
  meanIou: both((y) => meanIou(of3, y)),
  mutualInformation: [mutualInformation(of2, of2), mutualInformation(of2, [0, 0])],
  normalizedMutualInformation: [
    normalizedMutualInformation(of2, of2),
    normalizedMutualInformation(of2, [0, 0]),
  ],
  adjustedRand: [adjustedRand(four, four), adjustedRand(four, [0, 1, 0, 1])],
  negativeConditionalEntropy: [
    negativeConditionalEntropy(four, four),
    negativeConditionalEntropy(four, [0, 1, 0, 1]),
  ],
  multilabelF1: tables((y) => multilabelF1([0, 1, 1, 1], y, { labels: 2 })),
  subsetAccuracy: tables((y) => subsetAccuracy([0, 1, 1, 1], y, { labels: 2 })),
  hammingLoss: tables((y) => hammingLoss([0, 1, 1, 1], y, { labels: 2 })),
  rocAuc: orders((s) => rocAuc(four, s)),
  averagePrecision: orders((s) => averagePrecision(four, s)),
  prAuc: orders((s) => prAuc(four, s)),
  ndcg: orders((s) => ndcg(four, s, { items: 4 })),
  pearson: orders((s) => pearson(four, s)),
  spearman: orders((s) => spearman(four, s)),
  kendall: orders((s) => kendall(four, s)),
  logMe: [logMe(four, four, two), logMe(four, [0, 1, 0, 1], two)],
  hScore: [hScore(four, four, two), hScore(four, [0, 1, 0, 1], two)],
  topKAccuracy: chances((p) => topKAccuracy(of2, p, { ...two, k: 1 })),
  logLoss: chances((p) => logLoss(of2, p, two)),
  brier: chances((p) => brier([1, 0, 0, 1], p)),
  brierMulticlass: chances((p) => brierMulticlass(of2, p, two)),
  expectedCalibrationError: chances((p) => expectedCalibrationError(of2, p, two)),
  maximumCalibrationError: chances((p) => maximumCalibrationError(of2, p, two)),
  leep: [
    leep(of2, [0.9, 0.1, 0.1, 0.9], { ...two, sourceClasses: 2 }),
    leep(of2, [0.5, 0.5, 0.5, 0.5], { ...two, sourceClasses: 2 }),
  ],
  rmse: both((y) => rmse(of3, y)),
  mae: both((y) => mae(of3, y)),
  mse: both((y) => mse(of3, y)),
  mape: both((y) => mape(of3, y)),
  medianAbsoluteError: both((y) => medianAbsoluteError(of3, y)),
  maxError: both((y) => maxError(of3, y)),
  r2: both((y) => r2(of3, y)),
  explainedVariance: both((y) => explainedVariance(of3, y)),
}

test.for(Object.values(metrics))('$name is better in its direction', ({ name, direction }) => {
  const [good, bad] = goodAndBad[name]
  expect(direction === 'higher' ? good - bad : bad - good).toBeGreaterThan(0)
})
