/** Applies fitted preprocessing to rows of a table: of the same one, of the test file, or of next year's. */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import type { ArrayColumn, NumberColumn, StringColumn } from '../table/column.ts'
import { column, placeOf, type Table } from '../table/table.ts'
import type { Dataset, Labels } from './dataset.ts'
import {
  featureWidth,
  type InputFeature,
  inputColumns,
  type Preprocessing,
  type TargetFeature,
} from './preprocessing.ts'
import { allRows } from './split.ts'
import { asNumbers, asStrings } from './typed.ts'

/** Which rows, and what to do when a table to predict has no labels. */
export interface ApplyOptions {
  /** Default: all. */
  readonly rows?: Int32Array
  /** `absent` when the table has no target columns: the data set then has no targets. Default `present`. */
  readonly labels?: 'present' | 'absent'
}

interface Sink {
  readonly from: Table
  readonly rows: Int32Array
  readonly inputs: Float32Array
  readonly width: number
}

const numbersNamed = (from: Table, name: string): E.Either<DataError, NumberColumn> => {
  const found = column(from, name)
  return E.isLeft(found) ? found : asNumbers(from, found.right)
}

const stringsNamed = (from: Table, name: string): E.Either<DataError, StringColumn> => {
  const found = column(from, name)
  return E.isLeft(found) ? found : asStrings(from, found.right)
}

type Of<K extends InputFeature['kind']> = Extract<InputFeature, { readonly kind: K }>

type Done = E.Either<DataError, true>
const done: Done = E.right(true)

const putNumeric = (sink: Sink, feature: Of<'numeric'>, at: number): Done => {
  const numbers = numbersNamed(sink.from, feature.name)
  if (E.isLeft(numbers)) return numbers
  const { values, valid } = numbers.right
  const { mean, deviation, mask } = feature
  const clip = feature.clip ?? Number.POSITIVE_INFINITY
  const { inputs, rows, width } = sink
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (valid?.[row] !== 0) {
      const value = (values[row]! - mean) / deviation
      inputs[i * width + at] = value > clip ? clip : value < -clip ? -clip : value
    } else if (mask) inputs[i * width + at + 1] = 1
  }
  return done
}

const putBinary = (sink: Sink, feature: Of<'binary'>, at: number): Done => {
  const numbers = numbersNamed(sink.from, feature.name)
  if (E.isLeft(numbers)) return numbers
  const { values, valid } = numbers.right
  const { inputs, rows, width } = sink
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    inputs[i * width + at] = valid?.[row] !== 0 ? values[row]! : 0
  }
  return done
}

const putCategorical = (sink: Sink, feature: Of<'categorical'>, at: number): Done => {
  const texts = stringsNamed(sink.from, feature.name)
  if (E.isLeft(texts)) return texts
  const { codes, dictionary } = texts.right
  const position = new Map(feature.classes.map((text, i) => [text, i]))
  const unknown = feature.classes.length
  const missing = feature.missing ? unknown + 1 : unknown
  const recode = dictionary.map((text) => position.get(text) ?? unknown)
  const { inputs, rows, width } = sink
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!
    inputs[i * width + at + (code === -1 ? missing : recode[code]!)] = 1
  }
  return done
}

const shapeError = (sink: Sink, name: string, expected: readonly number[], found: string): Done =>
  E.left({
    _tag: 'ColumnType',
    file: sink.from.file,
    column: name,
    expected: `an array of shape [${expected.join(', ')}]`,
    found,
  })

const putArrays = (sink: Sink, feature: Of<'image'>, at: number, right: ArrayColumn): Done => {
  const shape = `[${right.shape.join(', ')}]`
  if (shape !== `[${feature.shape.join(', ')}]`)
    return shapeError(sink, right.name, feature.shape, `shape ${shape}`)
  const size = feature.shape.reduce((a, b) => a * b, 1)
  const { mean, deviation } = feature
  const { inputs, rows, width } = sink
  const { values } = right
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * size
    const to = i * width + at
    for (let k = 0; k < size; k++) inputs[to + k] = (values[from + k]! - mean) / deviation
  }
  return done
}

const putImage = (sink: Sink, feature: Of<'image'>, at: number): Done => {
  const found = column(sink.from, feature.columns[0]!)
  if (E.isLeft(found)) return found
  if (found.right.kind === 'array') return putArrays(sink, feature, at, found.right)
  if (feature.columns.length !== feature.shape.reduce((a, b) => a * b, 1)) {
    return shapeError(sink, feature.name, feature.shape, `a column of ${found.right.kind}s`)
  }
  const { mean, deviation } = feature
  const { inputs, rows, width } = sink
  for (const [k, name] of feature.columns.entries()) {
    const numbers = numbersNamed(sink.from, name)
    if (E.isLeft(numbers)) return numbers
    const { values, valid } = numbers.right
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      // A missing pixel gets the mean, as a missing number does.
      if (valid?.[row] !== 0) inputs[i * width + at + k] = (values[row]! - mean) / deviation
    }
  }
  return done
}

const put = (sink: Sink, feature: InputFeature, at: number): Done => {
  switch (feature.kind) {
    case 'numeric':
      return putNumeric(sink, feature, at)
    case 'binary':
      return putBinary(sink, feature, at)
    case 'categorical':
      return putCategorical(sink, feature, at)
    case 'image':
      return putImage(sink, feature, at)
  }
}

const classLabels = (
  from: Table,
  rows: Int32Array,
  target: Extract<TargetFeature, { readonly kind: 'classification' }>,
): E.Either<DataError, Labels> => {
  const texts = stringsNamed(from, target.column)
  if (E.isLeft(texts)) return texts
  const { codes, dictionary } = texts.right
  const { classes, is } = target
  const position = new Map(classes.map((text, i) => [text, i]))
  const recode = dictionary.map((text) =>
    is === undefined ? (position.get(text) ?? -1) : text === is ? 1 : 0,
  )
  const values = new Int32Array(rows.length)
  const mask = new Uint8Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const code = codes[row]!
    if (code === -1) continue
    const label = recode[code]!
    if (label === -1) {
      const place = placeOf(from, row, target.column)
      return E.left({ _tag: 'ClassUnknown', ...place, found: dictionary[code]!, classes })
    }
    values[i] = label
    mask[i] = 1
  }
  return E.right({ kind: 'classification', values, mask, classes })
}

const numberLabels = (
  from: Table,
  rows: Int32Array,
  { column: name, mean, deviation }: Extract<TargetFeature, { readonly kind: 'regression' }>,
): E.Either<DataError, Labels> => {
  const numbers = numbersNamed(from, name)
  if (E.isLeft(numbers)) return numbers
  const labels = new Float32Array(rows.length)
  const mask = new Uint8Array(rows.length)
  const { values, valid } = numbers.right
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (valid?.[row] === 0) continue
    labels[i] = (values[row]! - mean) / deviation
    mask[i] = 1
  }
  return E.right({ kind: 'regression', values: labels, mask, mean, deviation })
}

/**
 * The data set of rows of a table. A missing number becomes 0 after standardising (the mean) with its mask feature set; an
 * unknown category and a missing one have features of their own; a missing label clears the mask of its task.
 *
 * Left: `ColumnMissing`, `ColumnType`, `NumberNonFinite`, `ClassUnknown` (a label that no training row has).
 */
export const applyPreprocessing = (
  preprocessing: Preprocessing,
  from: Table,
  { rows = allRows(from), labels = 'present' }: ApplyOptions = {},
): E.Either<DataError, Dataset> => {
  const columns = inputColumns(preprocessing)
  const width = columns.at(-1)?.to ?? 0
  const sink: Sink = { from, rows, width, inputs: new Float32Array(rows.length * width) }
  let at = 0
  for (const feature of preprocessing.inputs) {
    const result = put(sink, feature, at)
    if (E.isLeft(result)) return result
    at += featureWidth(feature)
  }
  const targets: Record<string, Labels> = {}
  for (const target of labels === 'present' ? preprocessing.targets : []) {
    const made =
      target.kind === 'classification'
        ? classLabels(from, rows, target)
        : numberLabels(from, rows, target)
    if (E.isLeft(made)) return made
    targets[target.task] = made.right
  }
  return E.right({ rows: rows.length, width, inputs: sink.inputs, columns, targets, preprocessing })
}
