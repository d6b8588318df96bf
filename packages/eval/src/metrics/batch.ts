/** What streams are told at a time: columns of equally many rows, by name. */
import type { Numbers, Weighted } from './rows.ts'

/** Rows of true values and predicted ones: class numbers, labels of 0 and 1, or real numbers. */
export interface PredictionBatch extends Weighted {
  readonly targets: Numbers
  readonly predictions: Numbers
}

/** Rows of true values and scores, of which only the order counts. */
export interface ScoreBatch extends Weighted {
  readonly targets: Numbers
  readonly scores: Numbers
}

/** Rows of true classes and chances: row-major [rows, classes], or one chance of class 1 for each row. */
export interface ProbabilityBatch extends Weighted {
  readonly targets: Numbers
  readonly probabilities: Numbers
}
