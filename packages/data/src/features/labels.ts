/** Labels of the targets of a preprocessing: codes or standardised numbers, and a mask where there is none. */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import { placeOf, type Table } from '../table/table.ts'
import type { Labels } from './dataset.ts'
import type { TargetFeature } from './preprocessing.ts'
import { largestFloat32, numbersNamed, stringsNamed, tooLarge } from './typed.ts'

type Of<K extends TargetFeature['kind']> = Extract<TargetFeature, { readonly kind: K }>

const classLabels = (
  from: Table,
  rows: Int32Array,
  { column: name, classes, is }: Of<'classification'>,
): E.Either<DataError, Labels> => {
  const texts = stringsNamed(from, name)
  if (E.isLeft(texts)) return texts
  const { codes, dictionary } = texts.right
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
      const place = placeOf(from, row, name)
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
  { column: name, mean, deviation }: Of<'regression'>,
): E.Either<DataError, Labels> => {
  const numbers = numbersNamed(from, name)
  if (E.isLeft(numbers)) return numbers
  const labels = new Float32Array(rows.length)
  const mask = new Uint8Array(rows.length)
  const { values, valid } = numbers.right
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (valid?.[row] === 0) continue
    const value = (values[row]! - mean) / deviation
    if (Math.abs(value) > largestFloat32) return tooLarge(from, row, name, values[row]!)
    labels[i] = value
    mask[i] = 1
  }
  return E.right({ kind: 'regression', values: labels, mask, mean, deviation })
}

/** Labels by task. Left: `ColumnMissing`, `ColumnType`, `NumberNonFinite`, `ClassUnknown`. */
export const labelsOf = (
  from: Table,
  rows: Int32Array,
  targets: readonly TargetFeature[],
): E.Either<DataError, Readonly<Record<string, Labels>>> => {
  const made: [string, Labels][] = []
  for (const target of targets) {
    const labels =
      target.kind === 'classification'
        ? classLabels(from, rows, target)
        : numberLabels(from, rows, target)
    if (E.isLeft(labels)) return labels
    made.push([target.task, labels.right])
  }
  // fromEntries makes own properties of all names, __proto__ among them.
  return E.right(Object.fromEntries(made))
}
