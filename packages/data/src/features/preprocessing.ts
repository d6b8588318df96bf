/**
 * Preprocessing: what was learned from the training rows about columns, as plain JSON data that is saved with the model.
 * A model without its preprocessing cannot be used on a new row; a preprocessing fitted on test rows would leak.
 */
import type * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import {
  anyText,
  count,
  exactly,
  list,
  nameText,
  object,
  positive,
  probability,
  real,
  text,
  truth,
  variant,
  word,
} from '../config/codec.ts'
import { decodeDocument, parseDocument } from '../config/json.ts'
import { type ConfigError, type ConfigProblem, shown } from '../config/problem.ts'
import { sizeOf } from '../table/column.ts'

const numericFeature = object(
  'a numeric feature',
  {
    kind: word('numeric'),
    name: text,
    mean: real,
    deviation: positive,
    /** A second feature is 1 where the value is missing. */
    mask: truth,
  },
  { clip: positive },
)

const binaryFeature = object(
  'a binary feature',
  {
    kind: word('binary'),
    name: text,
    /** The share of ones, which stands for a missing value. */
    mean: probability,
  },
  {},
)

const categoricalFeature = object(
  'a categorical feature',
  {
    kind: word('categorical'),
    name: text,
    classes: list('a list of texts', anyText),
    missing: truth,
  },
  {},
)

const imageFeature = object(
  'an image feature',
  {
    kind: word('image'),
    name: text,
    columns: list('a list of names', text, 1),
    shape: list('a list of sizes', count, 1),
    mean: real,
    deviation: positive,
  },
  {},
)

const classificationTarget = object(
  'a classification target',
  {
    kind: word('classification'),
    task: nameText,
    column: text,
    classes: list('a list of texts', anyText, 1),
  },
  { is: anyText },
)

const regressionTarget = object(
  'a regression target',
  { kind: word('regression'), task: nameText, column: text, mean: real, deviation: positive },
  {},
)

const inputFeature = variant('an input feature', 'kind', {
  numeric: numericFeature,
  binary: binaryFeature,
  categorical: categoricalFeature,
  image: imageFeature,
})

const targetFeature = variant('a target', 'kind', {
  classification: classificationTarget,
  regression: regressionTarget,
})

/** The codec of a saved preprocessing. */
export const preprocessingCodec = object(
  'a preprocessing',
  {
    version: exactly(1),
    inputs: list('a list of input features', inputFeature, 1),
    targets: list('a list of targets', targetFeature),
  },
  {},
)

/** What was learned about one input. */
export type InputFeature = t.TypeOf<typeof inputFeature>

/** What was learned about one target. */
export type TargetFeature = t.TypeOf<typeof targetFeature>

/** Everything learned from the training rows; plain JSON. */
export type Preprocessing = t.TypeOf<typeof preprocessingCodec>

/** Features of the input matrix `[from, to)` that belong together. */
export interface InputColumn {
  /** Name of the column; for a mask `<name> is missing`. */
  readonly name: string
  /**
   * `numeric`: standardised numbers (an image is one numeric column of many features). `binary`: 0 or 1. `mask`: 1 where
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

const layoutOf = (feature: InputFeature): readonly Layout[] => {
  switch (feature.kind) {
    case 'numeric': {
      const { name, mean, deviation } = feature
      const value: Layout = { name, kind: 'numeric', width: 1, mean, deviation }
      return feature.mask
        ? [value, { name: `${name} is missing`, kind: 'mask', width: 1 }]
        : [value]
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

const conflicts = ({ inputs, targets }: Preprocessing): readonly ConfigProblem[] => {
  const problems: ConfigProblem[] = []
  const wrong = (path: string, expected: string, found: unknown): void => {
    problems.push({ path, reason: 'wrong', expected, found: shown(found) })
  }
  const expectOnce = (path: string, texts: readonly string[]): void => {
    const twice = texts.find((entry, i) => texts.indexOf(entry) !== i)
    if (twice !== undefined) wrong(path, 'each text once', twice)
  }
  for (const [i, feature] of inputs.entries()) {
    if (feature.kind === 'categorical') expectOnce(`inputs[${i}].classes`, feature.classes)
    if (feature.kind !== 'image') continue
    const pixels = sizeOf(feature.shape)
    const { length } = feature.columns
    if (length !== 1 && length !== pixels) {
      wrong(`inputs[${i}].columns`, `one name, or ${pixels} for this shape`, feature.columns)
    }
  }
  expectOnce(
    'targets',
    targets.map(({ task }) => task),
  )
  for (const [i, target] of targets.entries()) {
    if (target.kind === 'classification') expectOnce(`targets[${i}].classes`, target.classes)
  }
  return problems
}

const kind = { codec: preprocessingCodec, conflicts }

/**
 * A preprocessing from JSON that was saved with a model: `JSON.stringify` writes it, this reads it, and the numbers keep every
 * bit. Left: `ConfigInvalid` with every problem.
 *
 * @example
 * ```ts
 * import { decodePreprocessing } from '@rootstock/data'
 *
 * const saved = { version: 1, inputs: [{ kind: 'binary', name: 'wine', mean: 0.3 }], targets: [] }
 * console.log(decodePreprocessing(saved)._tag) // Right
 * ```
 */
export const decodePreprocessing = (
  json: unknown,
  file = 'preprocessing',
): E.Either<ConfigError, Preprocessing> => decodeDocument(kind, json, file)

/**
 * A preprocessing from the text of a JSON file. Left: `ConfigSyntax`, `ConfigInvalid`.
 *
 * @example
 * ```ts
 * import { parsePreprocessing } from '@rootstock/data'
 *
 * const saved = '{"version":1,"inputs":[{"kind":"binary","name":"wine","mean":0.3}],"targets":[]}'
 * console.log(parsePreprocessing(saved)._tag) // Right
 * ```
 */
export const parsePreprocessing = (
  source: string,
  file = 'preprocessing',
): E.Either<ConfigError, Preprocessing> => parseDocument(kind, source, file)
