/** Precision, recall and what is made of them. */
import { type AverageOptions, type Averaging, averageOf, ratio } from './average.ts'
import type { PredictionBatch } from './batch.ts'
import {
  type ClassCount,
  type Classes,
  type ClassOptions,
  type Counts,
  counting,
  perClass,
} from './counts.ts'
import type { Numbers } from './rows.ts'
import { once, type Stream } from './stream.ts'

type Counted<Result = number> = Stream<PredictionBatch, Counts, Result>

const precisionOf = ({ right, predictions }: ClassCount): number => ratio(right, predictions)
const recallOf = ({ right, targets }: ClassCount): number => ratio(right, targets)

/** (1 + b^2) P R / (b^2 P + R), in the form that needs no P and R. */
export const fBetaOf = ({ right, targets, predictions }: ClassCount, beta: number): number =>
  ratio((1 + beta ** 2) * right, beta ** 2 * targets + predictions)

/** `precision` of batches. */
export const precisionStream = (options: Averaging = {}): Counted =>
  counting('precision', options, (counts) => averageOf(counts, options, precisionOf))

/**
 * The share of the rows called a class that are of it, right / predictions, where 0/0 is 0; classes are averaged as
 * `average` says. NaN when no row counts.
 *
 * @example
 * ```ts
 * import { precision } from '@rootstock/eval'
 * console.log(precision([0, 1, 0, 1], [0, 1, 1, 1], { average: 'binary' })) // 0.666...
 * ```
 */
export const precision = (
  targets: Numbers,
  predictions: Numbers,
  options: AverageOptions = {},
): number => once(precisionStream(options), { ...options, targets, predictions })

/** `recall` of batches. */
export const recallStream = (options: Averaging = {}): Counted =>
  counting('recall', options, (counts) => averageOf(counts, options, recallOf))

/**
 * The share of the rows of a class that were called so, right / targets, where 0/0 is 0; classes are averaged as
 * `average` says. NaN when no row counts.
 *
 * @example
 * ```ts
 * import { recall } from '@rootstock/eval'
 * console.log(recall([0, 1, 1, 1], [0, 1, 0, 0], { average: 'binary' })) // 0.333...
 * ```
 */
export const recall = (
  targets: Numbers,
  predictions: Numbers,
  options: AverageOptions = {},
): number => once(recallStream(options), { ...options, targets, predictions })

/** Options of `f1`. */
export type F1Options = AverageOptions

/** `f1` of batches. */
export const f1Stream = (options: Averaging = {}): Counted =>
  counting('f1', options, (counts) => averageOf(counts, options, (count) => fBetaOf(count, 1)))

/**
 * F1, the harmonic mean of precision and recall: 2 right / (targets + predictions), where 0/0 is 0. `macro`, the default,
 * averages over `classes`, or where that is not given over the classes that occur in the targets or the predictions; NaN
 * when no row counts. (Van Rijsbergen, Information Retrieval, 1979.)
 *
 * @example
 * ```ts
 * import { f1 } from '@rootstock/eval'
 * console.log(f1([0, 1, 1, 1], [0, 1, 0, 1], { average: 'binary' })) // 0.8
 * ```
 */
export const f1 = (targets: Numbers, predictions: Numbers, options: AverageOptions = {}): number =>
  once(f1Stream(options), { ...options, targets, predictions })

/** How much recall counts against precision. */
export interface Beta {
  /** Recall counts `beta` times as much as precision: 0.5 favours precision, 2 recall. */
  readonly beta: number
}

/** Options of `fBeta`. */
export interface FBetaOptions extends AverageOptions, Beta {}

/** `fBeta` of batches. */
export const fBetaStream = (options: Averaging & Beta): Counted =>
  counting('fBeta', options, (counts) =>
    averageOf(counts, options, (count) => fBetaOf(count, options.beta)),
  )

/**
 * F-beta, (1 + beta^2) P R / (beta^2 P + R) of precision P and recall R, where 0/0 is 0; classes are averaged as `average`
 * says, after each has its own. NaN when no row counts. (Van Rijsbergen, Information Retrieval, 1979.)
 *
 * @example
 * ```ts
 * import { fBeta } from '@rootstock/eval'
 * console.log(fBeta([0, 1, 1, 1], [0, 1, 0, 1], { beta: 2, average: 'binary' })) // 0.714...
 * ```
 */
export const fBeta = (targets: Numbers, predictions: Numbers, options: FBetaOptions): number =>
  once(fBetaStream(options), { ...options, targets, predictions })

/** Precision, recall and F1 of one class, and the weight of the rows of it. */
export interface ClassReport {
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** The weight of the rows of this class. */
  readonly support: number
}

/** `classReport` of batches. */
export const classReportStream = (options: Classes = {}): Counted<readonly ClassReport[]> =>
  counting('classReport', options, (counts) =>
    perClass(counts).map((count) => ({
      precision: precisionOf(count),
      recall: recallOf(count),
      f1: fBetaOf(count, 1),
      support: count.targets,
    })),
  )

/**
 * Precision, recall and F1 of every class by its number, where 0/0 is 0.
 *
 * @example
 * ```ts
 * import { classReport } from '@rootstock/eval'
 * console.log(classReport([0, 1, 1], [0, 0, 1])[1]) // { precision: 1, recall: 0.5, f1: 0.666..., support: 2 }
 * ```
 */
export const classReport = (
  targets: Numbers,
  predictions: Numbers,
  options: ClassOptions = {},
): readonly ClassReport[] => once(classReportStream(options), { ...options, targets, predictions })
