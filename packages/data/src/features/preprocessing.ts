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

const textFeature = object(
  'a text feature',
  {
    kind: word('text'),
    name: text,
    grams: list('a list of texts', anyText, 1),
    /** What one of each gram counts. */
    weights: list('a list of numbers', positive),
    /** Length of the vector of a text. */
    length: positive,
    /** One more feature is 1 where the text is missing. */
    mask: truth,
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
  text: textFeature,
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
    if (feature.kind === 'text') {
      expectOnce(`inputs[${i}].grams`, feature.grams)
      const { length } = feature.weights
      if (length !== feature.grams.length) {
        wrong(`inputs[${i}].weights`, `${feature.grams.length} numbers, one for each gram`, length)
      }
    }
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
