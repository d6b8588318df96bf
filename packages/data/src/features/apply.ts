/** Applies fitted preprocessing to rows of a table: of the same one, of the test file, or of next year's. */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import { type ArrayColumn, type NumberColumn, type StringColumn, sizeOf } from '../table/column.ts'
import { column, type Table } from '../table/table.ts'
import type { Dataset } from './dataset.ts'
import { featureWidth, inputColumns } from './inputColumns.ts'
import { labelsOf } from './labels.ts'
import type { InputFeature, Preprocessing } from './preprocessing.ts'
import { allRows } from './split.ts'
import { gramWriter } from './textFeature.ts'
import { finiteArrays, largestFloat32, numbersNamed, stringsNamed, tooLarge } from './typed.ts'

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

type Of<K extends InputFeature['kind']> = Extract<InputFeature, { readonly kind: K }>

type Done = E.Either<DataError, true>
const done: Done = E.right(true)

interface Scaling {
  readonly mean: number
  readonly deviation: number
  readonly clip: number
}

const unlimited = Number.POSITIVE_INFINITY

// Writes standardised numbers into one feature; where a value is missing it stays 0, the mean.
const putNumbers = (
  { from, inputs, rows, width }: Sink,
  { name, values, valid }: NumberColumn,
  at: number,
  { mean, deviation, clip }: Scaling,
): Done => {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (valid?.[row] === 0) continue
    const value = Math.min(clip, Math.max(-clip, (values[row]! - mean) / deviation))
    if (Math.abs(value) > largestFloat32) return tooLarge(from, row, name, values[row]!)
    inputs[i * width + at] = value
  }
  return done
}

const putNumeric = (sink: Sink, feature: Of<'numeric'>, at: number): Done => {
  const numbers = numbersNamed(sink.from, feature.name)
  if (E.isLeft(numbers)) return numbers
  const { mean, deviation, clip = unlimited, mask } = feature
  const { inputs, rows, width } = sink
  const { valid } = numbers.right
  if (mask && valid !== undefined) {
    for (let i = 0; i < rows.length; i++) {
      if (valid[rows[i]!] === 0) inputs[i * width + at + 1] = 1
    }
  }
  return putNumbers(sink, numbers.right, at, { mean, deviation, clip })
}

const putBinary = (sink: Sink, feature: Of<'binary'>, at: number): Done => {
  const numbers = numbersNamed(sink.from, feature.name)
  if (E.isLeft(numbers)) return numbers
  const { values, valid } = numbers.right
  const { inputs, rows, width } = sink
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    const value = valid?.[row] === 0 ? feature.mean : values[row]!
    // Anything beyond was never seen in training; the nearer of both is as far as it can mean something.
    inputs[i * width + at] = Math.min(1, Math.max(0, value))
  }
  return done
}

const putCategorical = (sink: Sink, feature: Of<'categorical'>, at: number): Done => {
  const texts = stringsNamed(sink.from, feature.name)
  if (E.isLeft(texts)) return texts
  const { codes, dictionary }: StringColumn = texts.right
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
    return shapeError(sink, right.name, feature.shape, `an array of shape ${shape}`)
  const arrays = finiteArrays(sink.from, right)
  if (E.isLeft(arrays)) return arrays
  const size = sizeOf(feature.shape)
  const { mean, deviation } = feature
  const { inputs, rows, width } = sink
  const { values } = right
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * size
    const to = i * width + at
    for (let k = 0; k < size; k++) {
      const value = (values[from + k]! - mean) / deviation
      if (Math.abs(value) > largestFloat32)
        return tooLarge(sink.from, rows[i]!, right.name, values[from + k]!)
      inputs[to + k] = value
    }
  }
  return done
}

const putImage = (sink: Sink, feature: Of<'image'>, at: number): Done => {
  const first = column(sink.from, feature.columns[0]!)
  if (E.isLeft(first)) return first
  if (first.right.kind === 'array') return putArrays(sink, feature, at, first.right)
  if (feature.columns.length !== sizeOf(feature.shape)) {
    return shapeError(sink, feature.name, feature.shape, `a column of ${first.right.kind}s`)
  }
  const { mean, deviation } = feature
  for (const [k, name] of feature.columns.entries()) {
    const numbers = numbersNamed(sink.from, name)
    if (E.isLeft(numbers)) return numbers
    const result = putNumbers(sink, numbers.right, at + k, { mean, deviation, clip: unlimited })
    if (E.isLeft(result)) return result
  }
  return done
}

const putText = (sink: Sink, feature: Of<'text'>, at: number): Done => {
  const texts = stringsNamed(sink.from, feature.name)
  if (E.isLeft(texts)) return texts
  const { codes, dictionary }: StringColumn = texts.right
  const { inputs, rows, width } = sink
  const write = gramWriter(feature)
  const count = feature.grams.length
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!
    const from = i * width + at
    if (code !== -1) write(dictionary[code]!, inputs.subarray(from, from + count))
    else if (feature.mask) inputs[from + count] = 1
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
    case 'text':
      return putText(sink, feature, at)
  }
}

/**
 * The data set of rows of a table. A missing number becomes 0 after standardising (the mean) with its mask feature set; an
 * unknown category and a missing one have features of their own; a missing label clears the mask of its task.
 *
 * Left: `ColumnMissing`, `ColumnType` (also a number that no float32 can hold), `NumberNonFinite`, `ClassUnknown` (a label that
 * no training row has).
 *
 * @example
 * ```ts
 * import { applyPreprocessing, decodePreprocessing, parseCsv } from '@rootstock/data'
 *
 * const price = { kind: 'numeric', name: 'price', mean: 10, deviation: 2, mask: true }
 * const saved = decodePreprocessing({ version: 1, inputs: [price], targets: [] })
 * const menu = parseCsv('price\n14\nNA\n')
 * if (saved._tag === 'Left' || menu._tag === 'Left') throw new Error('not read')
 * const data = applyPreprocessing(saved.right, menu.right, { labels: 'absent' })
 * if (data._tag === 'Right') console.log(data.right.inputs) // Float32Array(4) [ 2, 0, 0, 1 ]
 * ```
 */
export const applyPreprocessing = (
  preprocessing: Preprocessing,
  from: Table,
  { rows = allRows(from), labels = 'present' }: ApplyOptions = {},
): E.Either<DataError, Dataset> => {
  const columns = inputColumns(preprocessing)
  const width = columns.at(-1)?.to ?? 0
  const inputs = new Float32Array(rows.length * width)
  let at = 0
  for (const feature of preprocessing.inputs) {
    const result = put({ from, rows, width, inputs }, feature, at)
    if (E.isLeft(result)) return result
    at += featureWidth(feature)
  }
  const targets = labelsOf(from, rows, labels === 'present' ? preprocessing.targets : [])
  return E.isLeft(targets)
    ? targets
    : E.right({ rows: rows.length, width, inputs, columns, targets: targets.right, preprocessing })
}
