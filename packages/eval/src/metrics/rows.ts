/**
 * What every metric asks of its rows, in one place: columns of equal length and weights that are weights. A weight of 0
 * leaves a row out, so the mask of a partly labelled task is already a weight column.
 */
import { ArgumentError, ShapeError } from '@rootstock/core'

/** A column of numbers: a typed array or a plain one. */
export type Numbers = ArrayLike<number>

/** What every metric takes beside its columns. A row that does not count may hold anything. */
export interface Weighted {
  /** One weight for each row, 1 where absent; 0 leaves the row out. */
  readonly weights?: Numbers | undefined
  /** Which rows count, all where absent: `false` or 0 leaves the row out, whatever its weight. */
  readonly mask?: ArrayLike<number | boolean> | undefined
}

/** Rows of two columns: `targets` has one number for each row, the second column, called `name`, `width` of them. */
export interface Columns {
  readonly targets: { readonly length: number }
  readonly name: string
  readonly second: Numbers
  readonly width?: number
}

const describeColumn = ({ length }: { readonly length: number }, width: number): string =>
  `${length} ${length === 1 ? 'number' : 'numbers'}${width === 1 ? '' : ` in rows of ${width}`}`

const checkWeights = (
  operation: string,
  inputs: Readonly<Record<string, string>>,
  weights: Numbers,
): void => {
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

const masked = (mask: ArrayLike<number | boolean>, weights: Numbers | undefined): Float64Array => {
  const counted = new Float64Array(mask.length)
  for (let i = 0; i < counted.length; i++)
    if (Number(mask[i]) !== 0) counted[i] = weights === undefined ? 1 : weights[i]!
  return counted
}

/**
 * Checks that the second column holds `width` numbers for each row, that there is a weight and a mask entry for each, and that
 * weights are finite and not negative. Gives the weights with which rows count, or undefined where all count once.
 */
export const checkRows = (
  operation: string,
  { targets, name, second, width = 1 }: Columns,
  { weights, mask }: Weighted,
): Numbers | undefined => {
  const inputs: Record<string, string> = {
    targets: describeColumn(targets, 1),
    [name]: describeColumn(second, width),
  }
  if (weights !== undefined) inputs.weights = describeColumn(weights, 1)
  if (mask !== undefined) inputs.mask = describeColumn(mask, 1)
  const wrong = (rule: string) => new ShapeError({ operation, inputs, rule })
  if (second.length !== targets.length * width)
    throw wrong(
      `${name} must hold ${width === 1 ? 'one number' : `${width} numbers`} for each target (${targets.length * width}, not ${second.length})`,
    )
  if (weights !== undefined && weights.length !== targets.length)
    throw wrong(
      `there must be one weight for each target (${targets.length}, not ${weights.length})`,
    )
  if (mask !== undefined && mask.length !== targets.length)
    throw wrong(
      `there must be one mask entry for each target (${targets.length}, not ${mask.length})`,
    )
  if (weights !== undefined) checkWeights(operation, inputs, weights)
  return mask === undefined ? weights : masked(mask, weights)
}

/** How many rows of `width` numbers the targets make. */
export const countRows = (
  operation: string,
  targets: Numbers,
  width: number,
  each: string,
): number => {
  if (targets.length % width === 0) return targets.length / width
  throw new ShapeError({
    operation,
    inputs: { targets: describeColumn(targets, 1), [`${each}s`]: width },
    rule: `targets must hold one number for each ${each} of each row`,
  })
}

/** Checks that the labels that count are whole numbers of 0 to `classes` - 1. */
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
