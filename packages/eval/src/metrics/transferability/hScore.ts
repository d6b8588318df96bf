/** H-score: how far the means of classes lie apart, measured by the spread of the features. */
import type { Numbers } from '../rows.ts'
import { featureRows, indicators, type Masked } from './featureRows.ts'
import { type Spectrum, spectrumOf } from './spectrum.ts'

/** Options of `hScore`. */
export interface HScoreOptions extends Masked {
  /** How many classes there are. */
  readonly classes: number
  /**
   * How far the covariance of the features is drawn towards a multiple of the identity, from 0, the plain H-score, to 1.
   * Where absent it is estimated (Ledoit and Wolf, A well-conditioned estimator for large-dimensional covariance matrices, 2004).
   */
  readonly shrinkage?: number | undefined
}

const centred = (table: Float64Array, rows: number, width: number): Float64Array => {
  const means = new Float64Array(width)
  table.forEach((value, i) => {
    means[i % width]! += value / rows
  })
  return table.map((value, i) => value - means[i % width]!)
}

/** The shrinkage that is closest to the true covariance in expectation. */
const ledoitWolf = (
  table: Float64Array,
  rows: number,
  width: number,
  { values }: Spectrum,
): number => {
  let fourth = 0
  for (let row = 0; row < rows; row++) {
    const length = table
      .subarray(row * width, (row + 1) * width)
      .reduce((sum, value) => sum + value ** 2, 0)
    fourth += length ** 2
  }
  const trace = values.reduce((sum, value) => sum + value, 0) / rows
  const squares = values.reduce((sum, value) => sum + value ** 2, 0) / rows ** 2
  // squared distances, over width: of the covariance to the identity, of each row's to the covariance
  const spread = (squares - trace ** 2 / width) / width
  const noise = (fourth / rows - squares) / (width * rows)
  // a single feature, or features that are alike already, have nothing to be drawn to
  return spread > 0 ? Math.min(1, noise / spread) : 0
}

/**
 * The regularised H-score, (1 - a) tr(((1 - a) C + a m I)^-1 B): C is the covariance of the features, m its mean diagonal, B the
 * covariance of the class means and a the shrinkage. 0 when the classes have the same mean; the plain score (a = 0, with the
 * pseudo-inverse) is at most the number of classes less one. `features` is row-major [rows, width]. NaN when no row counts.
 * (Bao et al., An information-theoretic approach to transferability in task transfer learning, 2019; regularised: Ibrahim,
 * Ponomareva and Mazumder, Newer is not always better, 2021.)
 *
 * @example
 * ```ts
 * import { hScore } from '@rootstock/eval'
 * const features = [0, 0, 1, 0, 0, 1, 5, 5, 6, 5, 5, 6]
 * console.log(hScore([0, 0, 0, 1, 1, 1], features, { classes: 2, shrinkage: 0 })) // 0.991...
 * ```
 */
export const hScore = (targets: Numbers, features: Numbers, options: HScoreOptions): number => {
  const given = featureRows('hScore', targets, features, options)
  const { rows, width } = given
  if (rows === 0 || width === 0) return Number.NaN
  const table = centred(given.features, rows, width)
  const spectrum = spectrumOf(table, rows, width)
  const shrinkage = options.shrinkage ?? ledoitWolf(table, rows, width, spectrum)
  const { values, project } = spectrum
  const diagonal = values.reduce((sum, value) => sum + value, 0) / (rows * width)
  let score = 0
  for (const column of indicators(given.targets)) {
    const members = column.reduce((sum, value) => sum + value, 0)
    project(column).forEach((along, i) => {
      const between = (values[i]! * along ** 2) / (members * rows)
      score += between / (((1 - shrinkage) * values[i]!) / rows + shrinkage * diagonal)
    })
  }
  return (1 - shrinkage) * score
}
