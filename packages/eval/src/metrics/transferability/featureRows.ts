/** Rows of features with their targets, without those that are masked. */
import { ArgumentError, ShapeError } from '@rootstock/core'
import { checkClasses, checkRows, type Numbers, type Weighted } from '../rows.ts'

/** Which rows count; these scores know no weights. */
export type Masked = Pick<Weighted, 'mask'>

/** Rows that count. */
export interface FeatureRows {
  readonly rows: number
  /** How many features each row has. */
  readonly width: number
  /** Row-major [rows, width]. */
  readonly features: Float64Array
  readonly targets: Float64Array
}

/** Checks a column of targets and a row-major table of finite features, and picks the rows that count. */
export const featureRows = (
  operation: string,
  targets: Numbers,
  features: Numbers,
  { mask, classes }: Masked & { readonly classes?: number | undefined },
): FeatureRows => {
  const width = targets.length === 0 ? 0 : features.length / targets.length
  const inputs = { targets: `${targets.length} numbers`, features: `${features.length} numbers` }
  if (!Number.isInteger(width) || (width === 0 && features.length > 0))
    throw new ShapeError({
      operation,
      inputs,
      rule: 'features must hold equally many numbers for each target',
    })
  const weights = checkRows(
    operation,
    { targets, name: 'features', second: features, width },
    { mask },
  )
  if (classes !== undefined) checkClasses(operation, 'targets', targets, classes, weights)
  const counted = Array.from(targets, (_, row) => row).filter((row) => weights?.[row] !== 0)
  const picked = new Float64Array(counted.length * width)
  counted.forEach((row, i) => {
    for (let k = 0; k < width; k++) {
      const value = features[row * width + k]!
      if (!Number.isFinite(value))
        throw new ArgumentError({
          operation,
          inputs,
          rule: `features must be finite, but feature ${k} of row ${row} is ${value}`,
        })
      picked[i * width + k] = value
    }
  })
  return {
    rows: counted.length,
    width,
    features: picked,
    targets: Float64Array.from(counted, (row) => targets[row]!),
  }
}

/** Of each class that occurs, a column that is 1 in its rows and 0 elsewhere. */
export const indicators = (targets: Float64Array): readonly Float64Array[] =>
  [...new Set(targets)]
    .sort((a, b) => a - b)
    .map((k) => targets.map((target) => (target === k ? 1 : 0)))
