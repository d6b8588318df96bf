/** Fits preprocessing on training rows: means, deviations, categories, classes. Nothing here looks at another row. */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import type { Column, NumberColumn, StringColumn } from '../table/column.ts'
import { column, placeOf, type Table } from '../table/table.ts'
import type { InputFeature, Preprocessing, TargetFeature } from './preprocessing.ts'
import type { Selected, SelectedInput, SelectedTarget } from './select.ts'
import { asNumbers, asStrings } from './typed.ts'

/** More categories than these are counted as unknown, the rarest first. */
export const mostCategories = 256

interface Moments {
  readonly count: number
  readonly mean: number
  /** Population standard deviation; 1 when all values are equal, so that they become 0. */
  readonly deviation: number
}

// Two passes: the one-pass formula loses all digits when the mean is large against the deviation.
const momentsOf = (
  parts: readonly { readonly length: number; readonly at: (i: number) => number }[],
): Moments => {
  let count = 0
  let sum = 0
  for (const { length, at } of parts) {
    for (let i = 0; i < length; i++) sum += at(i)
    count += length
  }
  const mean = count === 0 ? 0 : sum / count
  let squares = 0
  for (const { length, at } of parts) {
    for (let i = 0; i < length; i++) squares += (at(i) - mean) ** 2
  }
  const deviation = count === 0 ? 0 : Math.sqrt(squares / count)
  // Rounding leaves a trace of a deviation in equal values such as 0.1.
  const equal = !(deviation > 1e-12 * Math.abs(mean)) || !Number.isFinite(deviation)
  return { count, mean, deviation: equal ? 1 : deviation }
}

// Present values of a column in the given rows.
const presentValues = (numbers: NumberColumn, rows: Int32Array): Float64Array => {
  const values = new Float64Array(rows.length)
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (numbers.valid?.[row] !== 0) values[count++] = numbers.values[row]!
  }
  return values.subarray(0, count)
}

const moments = (values: ArrayLike<number>): Moments =>
  momentsOf([{ length: values.length, at: (i) => values[i]! }])

const fitNumeric = (
  input: SelectedInput,
  numbers: NumberColumn,
  rows: Int32Array,
): InputFeature => {
  const values = presentValues(numbers, rows)
  const mask = values.length < rows.length
  const { name } = input
  const isBinary =
    !mask && values.every((x) => x === 0 || x === 1) && values.includes(0) && values.includes(1)
  if (isBinary) return { kind: 'binary', name }
  const { mean, deviation } = moments(values)
  const { clip } = input
  return { kind: 'numeric', name, mean, deviation, mask, ...(clip === undefined ? {} : { clip }) }
}

const isNumeral = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text))

// Numbers in their order, texts by code unit: the same on every machine, whatever its language.
const sorted = (texts: readonly string[]): readonly string[] =>
  texts.every(isNumeral)
    ? [...texts].sort((a, b) => Number(a) - Number(b))
    : [...texts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))

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
  const kept = seen.sort((a, b) => b.count - a.count).slice(0, mostCategories)
  return { kind: 'categorical', name, classes: sorted(kept.map((c) => c.text)), missing }
}

// All values of an image in the given rows; missing pixels are errors, since an image has no mask.
const fitImage = (
  from: Table,
  input: SelectedInput,
  columns: readonly Column[],
  rows: Int32Array,
): E.Either<DataError, InputFeature> => {
  const parts: { length: number; at: (i: number) => number }[] = []
  let bytes = false
  for (const found of columns) {
    if (found.kind === 'array') {
      const { values } = found
      const size = (input.shape ?? []).reduce((a, b) => a * b, 1)
      bytes = values instanceof Uint8Array
      for (const row of rows) parts.push({ length: size, at: (i) => values[row * size + i]! })
      continue
    }
    const numbers = asNumbers(from, found)
    if (E.isLeft(numbers)) return numbers
    const present = presentValues(numbers.right, rows)
    parts.push({ length: present.length, at: (i) => present[i]! })
  }
  const { name, columns: names } = input
  const image = {
    kind: 'image' as const,
    name,
    columns: names,
    shape: input.shape ?? [columns.length],
  }
  if (input.scale === 'standard') {
    const { mean, deviation } = momentsOf(parts)
    return E.right({ ...image, mean, deviation })
  }
  let largest = 0
  if (!bytes) {
    for (const { length, at } of parts) {
      for (let i = 0; i < length; i++) largest = Math.max(largest, Math.abs(at(i)))
    }
  }
  return E.right({ ...image, mean: 0, deviation: bytes ? 255 : largest > 0 ? largest : 1 })
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
  const place = placeOf(from, rows[0]!, target.column)
  return E.left({
    _tag: 'ClassUnknown',
    ...place,
    row: undefined,
    line: undefined,
    found: is,
    classes: sorted(seen),
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
  const { count, mean, deviation } = moments(presentValues(numbers.right, rows))
  return count === 0 ? absent(from, target) : E.right({ kind, task, column: name, mean, deviation })
}

/**
 * Fits preprocessing on the given rows of a selected table. Numeric columns get mean and population deviation of the values
 * present, and a mask feature if one is missing; number columns of zeros and ones stay as they are; categorical columns get
 * their categories, sorted, at most 256; regression targets are standardised, classification targets get their classes.
 *
 * Left: `LabelsAbsent`, `ClassUnknown` (an `is` that does not occur), `ColumnType`, `NumberNonFinite`.
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
