/** Fits preprocessing on training rows: means, deviations, categories, classes. Nothing here looks at another row. */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import { textToNumber } from '../formats/csv/decimal.ts'
import { nearest } from '../nearest.ts'
import { type Column, type NumberColumn, type StringColumn, sizeOf } from '../table/column.ts'
import { column, type Table } from '../table/table.ts'
import { type Block, type Moments, momentsOf } from './moments.ts'
import type { InputFeature, Preprocessing, TargetFeature } from './preprocessing.ts'
import type { Selected } from './select.ts'
import type { SelectedInput } from './selectInputs.ts'
import type { SelectedTarget } from './selectTarget.ts'
import { fitGrams } from './textFeature.ts'
import { asNumbers, asStrings } from './typed.ts'

/** More categories than these are counted as unknown, the rarest first. */
const mostCategories = 256

const blockOf = ({ values, valid }: NumberColumn): Block => ({ values, valid, size: 1 })

// True if the column holds zeros and ones only, and both.
const isBinary = (
  { values }: NumberColumn,
  { count, smallest, largest }: Moments,
  rows: Int32Array,
) =>
  count === rows.length &&
  smallest === 0 &&
  largest === 1 &&
  rows.every((row) => values[row] === 0 || values[row] === 1)

const fitNumeric = (
  { name, clip }: SelectedInput,
  numbers: NumberColumn,
  rows: Int32Array,
): InputFeature => {
  const found = momentsOf([blockOf(numbers)], rows)
  const { count, mean, deviation } = found
  if (isBinary(numbers, found, rows)) return { kind: 'binary', name, mean }
  const mask = count < rows.length
  return { kind: 'numeric', name, mean, deviation, mask, ...(clip === undefined ? {} : { clip }) }
}

// Numbers in their order, texts by code unit: the same on every machine, whatever its language.
const sorted = (texts: readonly string[]): readonly string[] =>
  texts.every((text) => Number.isFinite(textToNumber(text)))
    ? texts.toSorted((a, b) => Number(a) - Number(b))
    : texts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))

const countsOf = (
  texts: StringColumn,
  rows: Int32Array,
): { counts: Int32Array; missing: boolean } => {
  const counts = new Int32Array(texts.dictionary.length)
  let missing = false
  for (let i = 0; i < rows.length; i++) {
    const code = texts.codes[rows[i]!]!
    if (code === -1) missing = true
    else counts[code]!++
  }
  return { counts, missing }
}

const fitCategorical = (name: string, texts: StringColumn, rows: Int32Array): InputFeature => {
  const { counts, missing } = countsOf(texts, rows)
  const seen = texts.dictionary
    .map((text, code) => ({ text, count: counts[code]! }))
    .filter((c) => c.count > 0)
  // Stable: among equally rare categories the first in the file stay.
  const kept = seen.toSorted((a, b) => b.count - a.count).slice(0, mostCategories)
  return { kind: 'categorical', name, classes: sorted(kept.map((c) => c.text)), missing }
}

// As many as a small trunk still learns quickly, and most of what tells short texts apart.
const mostGrams = 4096

const fitText = (
  from: Table,
  { name, features = mostGrams }: SelectedInput,
  { codes, dictionary }: StringColumn,
  rows: Int32Array,
): E.Either<DataError, InputFeature> => {
  const present = rows.filter((row) => codes[row] !== -1)
  const texts = Array.from(present, (row) => dictionary[codes[row]!]!)
  const mask = present.length < rows.length
  const { grams, weights, length } = fitGrams(texts, features)
  return grams.length === 0
    ? E.left({
        _tag: 'ColumnType',
        file: from.file,
        column: name,
        expected: 'a text with a word',
        found: 'no training row',
      })
    : E.right({ kind: 'text', name, grams: [...grams], weights: [...weights], length, mask })
}

// The columns of an image; pixels that are missing count for nothing.
const imageBlocks = (
  from: Table,
  { shape = [] }: SelectedInput,
  columns: readonly Column[],
): E.Either<DataError, readonly Block[]> => {
  const blocks: Block[] = []
  for (const found of columns) {
    if (found.kind === 'array') blocks.push({ values: found.values, size: sizeOf(shape) })
    else {
      const numbers = asNumbers(from, found)
      if (E.isLeft(numbers)) return numbers
      blocks.push(blockOf(numbers.right))
    }
  }
  return E.right(blocks)
}

const fitImage = (
  from: Table,
  input: SelectedInput,
  columns: readonly Column[],
  rows: Int32Array,
): E.Either<DataError, InputFeature> => {
  const { name, columns: names, scale, shape = [columns.length] } = input
  const image = { kind: 'image' as const, name, columns: names, shape }
  const hasBytes = columns.every((c) => c.kind === 'array' && c.values instanceof Uint8Array)
  if (scale === 'unit' && hasBytes) return E.right({ ...image, mean: 0, deviation: 255 })
  const blocks = imageBlocks(from, input, columns)
  if (E.isLeft(blocks)) return blocks
  const { mean, deviation, smallest, largest } = momentsOf(blocks.right, rows)
  if (scale === 'standard') return E.right({ ...image, mean, deviation })
  const most = Math.max(-smallest, largest)
  return E.right({ ...image, mean: 0, deviation: most > 0 ? most : 1 })
}

const fitInput = (
  from: Table,
  input: SelectedInput,
  rows: Int32Array,
): E.Either<DataError, InputFeature> => {
  const columns: Column[] = []
  for (const name of input.columns) {
    const found = column(from, name)
    if (E.isLeft(found)) return found
    columns.push(found.right)
  }
  if (input.kind === 'image') return fitImage(from, input, columns, rows)
  const only = columns[0]!
  if (input.kind === 'categorical') {
    const texts = asStrings(from, only)
    return E.isLeft(texts) ? texts : E.right(fitCategorical(input.name, texts.right, rows))
  }
  if (input.kind === 'text') {
    const texts = asStrings(from, only)
    return E.isLeft(texts) ? texts : fitText(from, input, texts.right, rows)
  }
  const numbers = asNumbers(from, only)
  return E.isLeft(numbers) ? numbers : E.right(fitNumeric(input, numbers.right, rows))
}

const absent = (from: Table, { column: name, task }: SelectedTarget): E.Either<DataError, never> =>
  E.left({ _tag: 'LabelsAbsent', file: from.file, column: name, task })

const classesOf = (
  from: Table,
  target: SelectedTarget,
  texts: StringColumn,
  rows: Int32Array,
): E.Either<DataError, readonly string[]> => {
  const { counts } = countsOf(texts, rows)
  const seen = texts.dictionary.filter((_, code) => counts[code]! > 0)
  if (seen.length === 0) return absent(from, target)
  const { is, classes } = target
  if (is === undefined) return E.right(classes ?? sorted(seen))
  if (seen.includes(is)) return E.right([`not ${is}`, is])
  return E.left({
    _tag: 'ClassUnknown',
    file: from.file,
    column: target.column,
    found: is,
    classes: sorted(seen),
    nearest: nearest(is, seen),
  })
}

const fitTarget = (
  from: Table,
  target: SelectedTarget,
  rows: Int32Array,
): E.Either<DataError, TargetFeature> => {
  const found = column(from, target.column)
  if (E.isLeft(found)) return found
  const { task, column: name, kind, is } = target
  if (kind === 'classification') {
    const texts = asStrings(from, found.right)
    if (E.isLeft(texts)) return texts
    const classes = classesOf(from, target, texts.right, rows)
    if (E.isLeft(classes)) return classes
    return E.right({
      kind,
      task,
      column: name,
      classes: classes.right,
      ...(is === undefined ? {} : { is }),
    })
  }
  const numbers = asNumbers(from, found.right)
  if (E.isLeft(numbers)) return numbers
  const { count, mean, deviation } = momentsOf([blockOf(numbers.right)], rows)
  return count === 0 ? absent(from, target) : E.right({ kind, task, column: name, mean, deviation })
}

/**
 * Fits preprocessing on the given rows of a selected table. Numeric columns get mean and population deviation of the values
 * present, and a mask feature if one is missing; number columns of zeros and ones stay as they are; categorical columns get
 * their categories, sorted, at most 256; texts get the grams that most of them have; regression targets are standardised, classification targets get their classes.
 *
 * Left: `LabelsAbsent`, `ClassUnknown` (an `is` that does not occur), `ColumnType`, `NumberNonFinite`.
 *
 * @example
 * ```ts
 * import { fitPreprocessing, parseCsv, select } from '@rootstock/data'
 *
 * const menu = parseCsv('price\n8\n12\n99\n')
 * if (menu._tag === 'Left') throw new Error(menu.left._tag)
 * const selected = select({ inputs: ['price'] })(menu.right)
 * if (selected._tag === 'Left') throw new Error(selected.left._tag)
 * const fitted = fitPreprocessing(selected.right, Int32Array.of(0, 1))
 * if (fitted._tag === 'Right') console.log(fitted.right.inputs)
 * // [ { kind: 'numeric', name: 'price', mean: 10, deviation: 2, mask: false } ]
 * ```
 */
export const fitPreprocessing = (
  { table, inputs, targets }: Selected,
  rows: Int32Array,
): E.Either<DataError, Preprocessing> => {
  const fittedInputs: InputFeature[] = []
  for (const input of inputs) {
    const feature = fitInput(table, input, rows)
    if (E.isLeft(feature)) return feature
    fittedInputs.push(feature.right)
  }
  const fittedTargets: TargetFeature[] = []
  for (const target of targets) {
    const feature = fitTarget(table, target, rows)
    if (E.isLeft(feature)) return feature
    fittedTargets.push(feature.right)
  }
  return E.right({ version: 1, inputs: fittedInputs, targets: fittedTargets })
}
