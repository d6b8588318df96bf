/**
 * Columns from values that another library decoded one by one (Arrow, Parquet): the type of the first value that is not
 * null is the type of the column, and every other value must agree.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { DataError, Place } from '../error.ts'
import { type ArrayValues, type Column, sizeOf } from '../table/column.ts'

/** Decoded values of a column, by row. */
export interface Values {
  readonly file: string
  readonly name: string
  readonly rows: number
  readonly at: (row: number) => unknown
  /** Shape of each row's array, when the file says it. */
  readonly shape?: readonly number[] | undefined
  readonly nonFinite: 'error' | 'missing'
}

const place = (values: Values, row: number): Place => ({
  file: values.file,
  row,
  column: values.name,
})

const wrong = (
  values: Values,
  row: number,
  expected: string,
  found: string,
): E.Either<DataError, never> =>
  E.left({ _tag: 'ColumnType', ...place(values, row), expected, found })

// Dates become milliseconds since 1970, booleans 0 and 1; integers beyond 2^53 the nearest number.
const numberOf = (value: unknown): number | undefined => {
  switch (typeof value) {
    case 'number':
      return value
    case 'bigint':
    case 'boolean':
      return Number(value)
    default:
      return value instanceof Date ? value.getTime() : undefined
  }
}

const isArrayValues = (value: unknown): value is ArrayValues =>
  value instanceof Uint8Array ||
  value instanceof Int8Array ||
  value instanceof Int16Array ||
  value instanceof Int32Array ||
  value instanceof Float32Array ||
  value instanceof Float64Array

const arrayOf = (value: unknown): ArrayValues | undefined => {
  if (isArrayValues(value)) return value
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return undefined
  const numbers = Array.from(value as Iterable<unknown>, numberOf)
  return numbers.every((x) => x !== undefined) ? Float64Array.from(numbers) : undefined
}

const isNothing = (value: unknown): boolean => value === null || value === undefined

const kindOf = (value: unknown): string => {
  if (isNothing(value)) return 'nothing'
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 40))}`
  if (numberOf(value) !== undefined) return `the number ${String(numberOf(value))}`
  if (arrayOf(value) !== undefined) return 'a list'
  if (!Array.isArray(value)) return 'a structure'
  return value.some(isNothing) ? 'a list with a missing element' : 'a list of other things'
}

const numbers = (values: Values): E.Either<DataError, Column> => {
  const out = new Float64Array(values.rows)
  const valid = new Uint8Array(values.rows)
  let present = 0
  for (let row = 0; row < values.rows; row++) {
    const value = values.at(row)
    if (isNothing(value)) continue
    const number = numberOf(value)
    if (number === undefined) return wrong(values, row, 'a number', kindOf(value))
    if (!Number.isFinite(number)) {
      if (values.nonFinite === 'missing') continue
      return E.left({ _tag: 'NumberNonFinite', ...place(values, row), found: String(number) })
    }
    out[row] = number
    valid[row] = 1
    present++
  }
  const column = { kind: 'number' as const, name: values.name, values: out }
  return E.right(present === values.rows ? column : { ...column, valid })
}

const strings = (values: Values): E.Either<DataError, Column> => {
  const codes = new Int32Array(values.rows).fill(-1)
  const known = new Map<string, number>()
  for (let row = 0; row < values.rows; row++) {
    const value = values.at(row)
    if (isNothing(value)) continue
    if (typeof value !== 'string') return wrong(values, row, 'a text', kindOf(value))
    const code = known.get(value) ?? known.size
    known.set(value, code)
    codes[row] = code
  }
  return E.right({ kind: 'string', name: values.name, codes, dictionary: [...known.keys()] })
}

const arrays = (values: Values, first: ArrayValues): E.Either<DataError, Column> => {
  const size = first.length
  const make = first.constructor as new (length: number) => ArrayValues
  const out = new make(values.rows * size)
  const floats = out instanceof Float32Array || out instanceof Float64Array
  for (let row = 0; row < values.rows; row++) {
    const value = arrayOf(values.at(row))
    if (value?.length !== size) {
      const found = value === undefined ? kindOf(values.at(row)) : `a list of ${value.length}`
      return wrong(values, row, `a list of ${size} numbers as in row 1`, found)
    }
    if (floats) {
      const bad = value.findIndex((x) => !Number.isFinite(x))
      if (bad !== -1) {
        return E.left({ _tag: 'NumberNonFinite', ...place(values, row), found: String(value[bad]) })
      }
    }
    out.set(value, row * size)
  }
  const given = values.shape
  const shape = given !== undefined && sizeOf(given) === size ? given : [size]
  return E.right({ kind: 'array', name: values.name, shape, values: out })
}

/** A column from decoded values. Left: `ColumnType`, `NumberNonFinite`. A column of nulls only is a number column. */
export const columnOfValues = (values: Values): E.Either<DataError, Column> => {
  let row = 0
  let first: unknown
  for (; row < values.rows; row++) {
    first = values.at(row)
    if (first !== null && first !== undefined) break
  }
  if (row === values.rows || numberOf(first) !== undefined) return numbers(values)
  if (typeof first === 'string') return strings(values)
  const array = arrayOf(first)
  if (array !== undefined && array.length > 0) return arrays(values, array)
  const found = array === undefined ? kindOf(first) : 'an empty list'
  return wrong(values, row, 'a number, a text or a list of numbers', found)
}
