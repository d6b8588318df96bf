/**
 * Means, squared deviations and products of deviations of two columns, in one pass. States are merged without the cancellation
 * that sums of squares suffer (Chan, Golub and LeVeque, Algorithms for computing the sample variance, 1983); a constant
 * column has a squared deviation of exactly 0.
 */

/** Weighted moments of pairs (x, y), about their means. */
export interface JointMoments {
  readonly weight: number
  readonly meanX: number
  readonly meanY: number
  /** The sum of (x - mean)^2. */
  readonly squaresX: number
  readonly squaresY: number
  /** The sum of (x - mean of x) (y - mean of y). */
  readonly products: number
}

/** The moments of no pairs. */
export const noMoments: JointMoments = {
  weight: 0,
  meanX: 0,
  meanY: 0,
  squaresX: 0,
  squaresY: 0,
  products: 0,
}

/** The moments of the pairs that count. */
export const momentsOf = (
  rows: number,
  weightOf: (row: number) => number,
  x: (row: number) => number,
  y: (row: number) => number,
): JointMoments => {
  const sums: { -readonly [K in keyof JointMoments]: number } = { ...noMoments }
  for (let row = 0; row < rows; row++) {
    const weight = weightOf(row)
    if (weight === 0) continue
    sums.weight += weight
    const dx = x(row) - sums.meanX
    const dy = y(row) - sums.meanY
    sums.meanX += (weight / sums.weight) * dx
    sums.meanY += (weight / sums.weight) * dy
    // one deviation from the mean before this row, one from the mean after it
    sums.squaresX += weight * dx * (x(row) - sums.meanX)
    sums.squaresY += weight * dy * (y(row) - sums.meanY)
    sums.products += weight * dx * (y(row) - sums.meanY)
  }
  return sums
}

/** The moments of the pairs of both. */
export const mergeMoments = (left: JointMoments, right: JointMoments): JointMoments => {
  if (left.weight === 0) return right
  if (right.weight === 0) return left
  const weight = left.weight + right.weight
  const share = right.weight / weight
  const dx = right.meanX - left.meanX
  const dy = right.meanY - left.meanY
  return {
    weight,
    meanX: left.meanX + share * dx,
    meanY: left.meanY + share * dy,
    squaresX: left.squaresX + right.squaresX + left.weight * share * dx ** 2,
    squaresY: left.squaresY + right.squaresY + left.weight * share * dy ** 2,
    products: left.products + right.products + left.weight * share * dx * dy,
  }
}

/** Pearson's correlation; NaN when a column is constant. */
export const correlationOf = ({ products, squaresX, squaresY }: JointMoments): number => {
  // the root of the product, which might overflow; exact where the two are equal
  const scale = Math.sqrt(squaresX / squaresY) * squaresY
  // rounding must not take it out of its range
  return Math.max(-1, Math.min(1, products / scale))
}
