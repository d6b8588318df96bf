/**
 * What every metric asks of its rows, in one place: columns of equal length and weights that are weights. A weight of 0
 * leaves a row out, so the mask of a partly labelled task is already a weight column.
 */
import { ArgumentError, ShapeError } from '@rootstock/core'

/** A column of numbers: a typed array or a plain one. */
export type Numbers = ArrayLike<number>

/** The option every metric takes: one weight for each row, 1 where absent; 0 leaves the row out. */
export interface Weighted {
  readonly weights?: Numbers | undefined
}

const describeColumn = (column: Numbers, width: number): string =>
  `${column.length} ${column.length === 1 ? 'number' : 'numbers'}${width === 1 ? '' : ` in rows of ${width}`}`

/** Checks that `second` holds `width` numbers for each row of `targets`, and weights that are finite and not negative. */
export const checkRows = (
  operation: string,
  targets: Numbers,
  [name, second, width]: readonly [string, Numbers, number],
  weights: Numbers | undefined,
): void => {
  const inputs: Record<string, string> = {
    targets: describeColumn(targets, 1),
    [name]: describeColumn(second, width),
  }
  if (weights !== undefined) inputs.weights = describeColumn(weights, 1)
  if (second.length !== targets.length * width)
    throw new ShapeError({
      operation,
      inputs,
      rule: `${name} must hold ${width === 1 ? 'one number' : `${width} numbers`} for each target (${targets.length * width}, not ${second.length})`,
    })
  if (weights === undefined) return
  if (weights.length !== targets.length)
    throw new ShapeError({
      operation,
      inputs,
      rule: `there must be one weight for each target (${targets.length}, not ${weights.length})`,
    })
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!
    if (!(weight >= 0 && weight < Infinity))
      throw new ArgumentError({
        operation,
        inputs,
        rule: `weights must be finite and not negative, but weight ${i} is ${weight}`,
      })
  }
}

/** Checks that the targets that count are whole numbers of 0 to `classes` - 1. */
export const checkClasses = (
  operation: string,
  name: string,
  column: Numbers,
  classes: number,
  weights: Numbers | undefined,
): void => {
  for (let i = 0; i < column.length; i++) {
    if (weights !== undefined && weights[i] === 0) continue
    const label = column[i]!
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw new ArgumentError({
        operation,
        inputs: { [name]: `${column.length} numbers`, classes },
        rule: `${name} must be class numbers from 0 to ${classes - 1}, but row ${i} is ${label}`,
      })
  }
}

/** The weight of a row: 1 where no weights were given. */
export const weightOf = (weights: Numbers | undefined, row: number): number =>
  weights === undefined ? 1 : weights[row]!
