/**
 * A column: all values of one name. Tensor code never sees rows, so this is the only form in which data is held. A missing
 * value is not a number and not a text: it is an entry of `valid`, or the code -1.
 */

/** Numbers with their validity: `valid[row]` is 1 where a value is present; absent when all are. */
export interface NumberColumn {
  readonly kind: 'number'
  readonly name: string
  readonly values: Float64Array
  readonly valid?: Uint8Array | undefined
}

/** Texts, each stored once: `dictionary[codes[row]]`, in order of first appearance; code -1 is a missing value. */
export interface StringColumn {
  readonly kind: 'string'
  readonly name: string
  readonly codes: Int32Array
  readonly dictionary: readonly string[]
}

/** Element types of an array column. */
export type ArrayValues =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array

/** One array of a fixed shape per row, an image or a window of a series, in row-major order; never missing. */
export interface ArrayColumn {
  readonly kind: 'array'
  readonly name: string
  readonly shape: readonly number[]
  readonly values: ArrayValues
}

/** A named column of one type. */
export type Column = NumberColumn | StringColumn | ArrayColumn

/** Number of elements of an array of this shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** Number of rows of a column. */
export const rowsOf = (column: Column): number => {
  switch (column.kind) {
    case 'number':
      return column.values.length
    case 'string':
      return column.codes.length
    case 'array': {
      const size = sizeOf(column.shape)
      return size === 0 ? 0 : column.values.length / size
    }
  }
}

/**
 * A number column from numbers; `null` is missing.
 *
 * @example
 * ```ts
 * import { numberColumn } from '@rootstock/data'
 *
 * console.log(numberColumn('price', [12, null]).valid) // Uint8Array(2) [ 1, 0 ]
 * ```
 */
export const numberColumn = (name: string, values: readonly (number | null)[]): NumberColumn => {
  const numbers = new Float64Array(values.length)
  const valid = new Uint8Array(values.length)
  let missing = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null || value === undefined) missing++
    else {
      numbers[i] = value
      valid[i] = 1
    }
  }
  return { kind: 'number', name, values: numbers, ...(missing > 0 ? { valid } : {}) }
}

/**
 * A string column from texts; `null` is missing.
 *
 * @example
 * ```ts
 * import { stringColumn } from '@rootstock/data'
 *
 * console.log(stringColumn('dish', ['soup', 'fish', null, 'soup']).codes) // Int32Array(4) [ 0, 1, -1, 0 ]
 * ```
 */
export const stringColumn = (name: string, values: readonly (string | null)[]): StringColumn => {
  const codes = new Int32Array(values.length)
  const known = new Map<string, number>()
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null || value === undefined) codes[i] = -1
    else {
      let code = known.get(value)
      if (code === undefined) {
        code = known.size
        known.set(value, code)
      }
      codes[i] = code
    }
  }
  return { kind: 'string', name, codes, dictionary: [...known.keys()] }
}

/**
 * The value of one row: a number, a text, an array, or `null` where it is missing. For looking, not for computing.
 *
 * @example
 * ```ts
 * import { stringColumn, valueAt } from '@rootstock/data'
 *
 * console.log(valueAt(stringColumn('dish', ['soup', null]), 1)) // null
 * ```
 */
export const valueAt = (
  column: Column,
  row: number,
): number | string | readonly number[] | null => {
  switch (column.kind) {
    case 'number':
      return column.valid?.[row] === 0 ? null : (column.values[row] ?? null)
    case 'string':
      return column.dictionary[column.codes[row] ?? -1] ?? null
    case 'array': {
      const size = sizeOf(column.shape)
      return Array.from(column.values.subarray(row * size, (row + 1) * size))
    }
  }
}

/**
 * True where a row has a value.
 *
 * @example
 * ```ts
 * import { isPresent, numberColumn } from '@rootstock/data'
 *
 * console.log(isPresent(numberColumn('price', [12, null]), 1)) // false
 * ```
 */
export const isPresent = (column: Column, row: number): boolean =>
  column.kind === 'array' ||
  (column.kind === 'number' ? column.valid?.[row] !== 0 : column.codes[row] !== -1)

const takeNumbers = (column: NumberColumn, rows: Int32Array): NumberColumn => {
  const values = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) values[i] = column.values[rows[i]!]!
  if (column.valid === undefined) return { ...column, values }
  const valid = new Uint8Array(rows.length)
  for (let i = 0; i < rows.length; i++) valid[i] = column.valid[rows[i]!]!
  return { ...column, values, valid }
}

const takeArrays = (column: ArrayColumn, rows: Int32Array): ArrayColumn => {
  const size = sizeOf(column.shape)
  const values = column.values.slice(0, 0).constructor as new (length: number) => ArrayValues
  const taken = new values(rows.length * size)
  for (let i = 0; i < rows.length; i++) {
    taken.set(column.values.subarray(rows[i]! * size, (rows[i]! + 1) * size), i * size)
  }
  return { ...column, values: taken }
}

/** The given rows of a column, in the given order. */
export const takeColumn = (column: Column, rows: Int32Array): Column => {
  switch (column.kind) {
    case 'number':
      return takeNumbers(column, rows)
    case 'string':
      return { ...column, codes: rows.map((row) => column.codes[row]!) }
    case 'array':
      return takeArrays(column, rows)
  }
}
