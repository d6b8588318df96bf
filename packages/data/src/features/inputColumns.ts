/** The layout of the input matrix that a preprocessing makes: which features belong together, and what they mean. */
import { sizeOf } from '../table/column.ts'
import type { InputFeature, Preprocessing } from './preprocessing.ts'

/** Features of the input matrix `[from, to)` that belong together. */
export interface InputColumn {
  /** Name of the column; for a mask `<name> is missing`. */
  readonly name: string
  /**
   * `numeric`: standardised numbers (an image or a text is one numeric column of many features). `binary`: 0 or 1. `mask`: 1 where
   * another column is missing. `categorical`: one of `to - from` features is 1.
   */
  readonly kind: 'numeric' | 'binary' | 'mask' | 'categorical'
  readonly from: number
  readonly to: number
  /** Numeric: value = feature * deviation + mean. */
  readonly mean?: number
  readonly deviation?: number
  /** Numeric: shape of one row when it is more than one number. */
  readonly shape?: readonly number[]
  /** Categorical: a name per feature; the last are `(unknown)` and, if training rows had it, `(missing)`. */
  readonly classes?: readonly string[]
}

/**
 * The name of the feature for texts that no training row has.
 *
 * @example
 * ```ts
 * import { unknownClass } from '@rootstock/data'
 *
 * console.log(unknownClass) // (unknown)
 * ```
 */
export const unknownClass = '(unknown)'

/**
 * The name of the feature for missing values.
 *
 * @example
 * ```ts
 * import { missingClass } from '@rootstock/data'
 *
 * console.log(missingClass) // (missing)
 * ```
 */
export const missingClass = '(missing)'

type Layout = Omit<InputColumn, 'from' | 'to'> & { readonly width: number }

const maskOf = (name: string): Layout => ({ name: `${name} is missing`, kind: 'mask', width: 1 })

const layoutOf = (feature: InputFeature): readonly Layout[] => {
  switch (feature.kind) {
    case 'numeric': {
      const { name, mean, deviation } = feature
      const value: Layout = { name, kind: 'numeric', width: 1, mean, deviation }
      return feature.mask ? [value, maskOf(name)] : [value]
    }
    case 'binary':
      return [{ name: feature.name, kind: 'binary', width: 1 }]
    case 'categorical': {
      const special = feature.missing ? [unknownClass, missingClass] : [unknownClass]
      const classes = [...feature.classes, ...special]
      return [{ name: feature.name, kind: 'categorical', width: classes.length, classes }]
    }
    case 'image': {
      const { name, mean, deviation, shape } = feature
      const width = sizeOf(shape)
      return [{ name, kind: 'numeric', width, mean, deviation, shape }]
    }
    case 'text': {
      const { name, grams, mask } = feature
      const width = grams.length
      const value: Layout = { name, kind: 'numeric', width, mean: 0, deviation: 1, shape: [width] }
      return mask ? [value, maskOf(name)] : [value]
    }
  }
}

/** Number of features that an input has in the matrix. */
export const featureWidth = (feature: InputFeature): number =>
  layoutOf(feature).reduce((sum, { width }) => sum + width, 0)

/**
 * The columns of the input matrix, in order, without gaps.
 *
 * @example
 * ```ts
 * import { decodePreprocessing, inputColumns } from '@rootstock/data'
 *
 * const price = { kind: 'numeric', name: 'price', mean: 10, deviation: 2, mask: true }
 * const saved = decodePreprocessing({ version: 1, inputs: [price], targets: [] })
 * if (saved._tag === 'Left') throw new Error(saved.left._tag)
 * console.log(inputColumns(saved.right).map(({ name, kind }) => `${name}: ${kind}`))
 * // [ 'price: numeric', 'price is missing: mask' ]
 * ```
 */
export const inputColumns = (preprocessing: Preprocessing): readonly InputColumn[] => {
  let from = 0
  return preprocessing.inputs.flatMap(layoutOf).map(({ width, ...rest }) => {
    const made = { ...rest, from, to: from + width }
    from += width
    return made
  })
}

/**
 * Width of the input matrix: the `in` of a trunk.
 *
 * @example
 * ```ts
 * import { decodePreprocessing, inputWidth } from '@rootstock/data'
 *
 * const dish = { kind: 'categorical', name: 'dish', classes: ['fish', 'soup'], missing: false }
 * const saved = decodePreprocessing({ version: 1, inputs: [dish], targets: [] })
 * if (saved._tag === 'Right') console.log(inputWidth(saved.right)) // 3
 * ```
 */
export const inputWidth = (preprocessing: Preprocessing): number =>
  inputColumns(preprocessing).at(-1)?.to ?? 0
