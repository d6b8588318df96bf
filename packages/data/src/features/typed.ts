/**
 * Columns as the type a feature needs: numbers from texts that are numbers, texts from numbers. This is where a text in a
 * numeric column is found, and named with its line.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError } from '../error.ts'
import { isNonFiniteWord } from '../formats/csv/cell.ts'
import { textToNumber } from '../formats/csv/decimal.ts'
import {
  type ArrayColumn,
  type Column,
  type NumberColumn,
  type StringColumn,
  sizeOf,
  stringColumn,
} from '../table/column.ts'
import { column as columnNamed, placeOf, type Table } from '../table/table.ts'

const wrongKind = (from: Table, { name, kind }: Column, expected: string): DataError => ({
  _tag: 'ColumnType',
  file: from.file,
  column: name,
  expected,
  found: kind === 'array' ? 'a column of arrays' : `a column of ${kind}s`,
})

interface Mixture {
  /** Values that are numbers, and values in all. */
  readonly numbers: number
  readonly values: number
  /** The first row with a text that is not a number, or -1. */
  readonly row: number
}

const mixtureOf = ({ codes, dictionary }: StringColumn): Mixture => {
  const isNumber = dictionary.map((text) => !Number.isNaN(textToNumber(text)))
  let numbers = 0
  let values = 0
  let first = -1
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    if (code === -1) continue
    values++
    if (isNumber[code]) numbers++
    else if (first === -1) first = row
  }
  return { numbers, values, row: first }
}

/** What a column of texts is when it is not one of numbers: of an input or of a target. */
export type TextKind = 'categorical' | 'classification'

const notANumber = (
  from: Table,
  column: StringColumn,
  { numbers, values, row }: Mixture,
  otherwise: TextKind,
): DataError => {
  const text = column.dictionary[column.codes[row]!]!
  if (isNonFiniteWord(text))
    return { _tag: 'NumberNonFinite', ...placeOf(from, row, column.name), found: text }
  const quoted = JSON.stringify(text)
  const hint =
    numbers === 0
      ? `the column holds no number; say kind: "${otherwise}"`
      : `${numbers} of ${values} values are numbers; if ${quoted} means that the value is missing, list it in the missing markers; if these are names, say kind: "${otherwise}"`
  const place = placeOf(from, row, column.name)
  return { _tag: 'ColumnType', ...place, expected: 'a number', found: quoted, hint }
}

/** The error of a text column that is mostly numbers; `undefined` when it is texts throughout. */
export const mixedNumbers = (
  from: Table,
  column: StringColumn,
  otherwise: TextKind,
): DataError | undefined => {
  const mixture = mixtureOf(column)
  return mixture.row !== -1 && mixture.numbers * 2 > mixture.values
    ? notANumber(from, column, mixture, otherwise)
    : undefined
}

// Readers let no such number pass, but a table can be made by a program.
const finite = (from: Table, column: NumberColumn): E.Either<DataError, NumberColumn> => {
  const { values, valid, name } = column
  const row = values.findIndex((x, i) => !Number.isFinite(x) && valid?.[i] !== 0)
  return row === -1 ? E.right(column) : E.left(nonFinite(from, row, name, values[row]!))
}

/** A column as numbers. Left: `ColumnType` naming the first text that is not one, `NumberNonFinite`. */
export const asNumbers = (
  from: Table,
  column: Column,
  otherwise: TextKind = 'categorical',
): E.Either<DataError, NumberColumn> => {
  if (column.kind === 'number') return finite(from, column)
  if (column.kind === 'array') return E.left(wrongKind(from, column, 'one number per row'))
  const mixture = mixtureOf(column)
  if (mixture.row !== -1) return E.left(notANumber(from, column, mixture, otherwise))
  const numbers = column.dictionary.map(textToNumber)
  const infinite = column.codes.findIndex((code) => code !== -1 && !Number.isFinite(numbers[code]))
  if (infinite !== -1) {
    const found = column.dictionary[column.codes[infinite]!]!
    return E.left({ _tag: 'NumberNonFinite', ...placeOf(from, infinite, column.name), found })
  }
  const values = Float64Array.from(column.codes, (code) => (code === -1 ? 0 : numbers[code]!))
  const valid = Uint8Array.from(column.codes, (code) => (code === -1 ? 0 : 1))
  return E.right({ kind: 'number', name: column.name, values, valid })
}

/** A column as texts; numbers are written as JavaScript does. Left: `ColumnType` for arrays. */
export const asStrings = (from: Table, column: Column): E.Either<DataError, StringColumn> => {
  if (column.kind === 'string') return E.right(column)
  if (column.kind === 'array') return E.left(wrongKind(from, column, 'one text per row'))
  const { values, valid, name } = column
  const texts = Array.from(values, (x, row) => (valid?.[row] === 0 ? null : String(x)))
  return E.right(stringColumn(name, texts))
}

/** The named column as numbers. Left: `ColumnMissing`, `ColumnType`, `NumberNonFinite`. */
export const numbersNamed = (from: Table, name: string): E.Either<DataError, NumberColumn> => {
  const found = columnNamed(from, name)
  return E.isLeft(found) ? found : asNumbers(from, found.right)
}

/** The named column as texts. Left: `ColumnMissing`, `ColumnType`. */
export const stringsNamed = (from: Table, name: string): E.Either<DataError, StringColumn> => {
  const found = columnNamed(from, name)
  return E.isLeft(found) ? found : asStrings(from, found.right)
}

const nonFinite = (from: Table, row: number, name: string, value: number): DataError => ({
  _tag: 'NumberNonFinite',
  ...placeOf(from, row, name),
  found: String(value),
})

/** An array column whose numbers are all finite. Left: `NumberNonFinite`. */
export const finiteArrays = (
  from: Table,
  column: ArrayColumn,
): E.Either<DataError, ArrayColumn> => {
  const { values, shape, name } = column
  if (!(values instanceof Float32Array || values instanceof Float64Array)) return E.right(column)
  const at = values.findIndex((x: number) => !Number.isFinite(x))
  if (at === -1) return E.right(column)
  return E.left(nonFinite(from, Math.floor(at / sizeOf(shape)), name, values[at]!))
}

/** The largest number that features and labels can hold. */
export const largestFloat32 = 3.4028234663852886e38

/** The error of a number that would become an infinity as a feature or label. */
export const tooLarge = (
  from: Table,
  row: number,
  name: string,
  value: number,
): E.Either<DataError, never> =>
  E.left({
    _tag: 'ColumnType',
    ...placeOf(from, row, name),
    expected: 'a number that stays within float32 when it is standardised',
    found: String(value),
    hint: 'if it means that the value is missing, list it in the missing markers; numeric inputs can be limited by clip',
  })
