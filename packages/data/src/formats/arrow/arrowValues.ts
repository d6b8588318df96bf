/**
 * Values of an Arrow column as plain JavaScript values. Most come out of apache-arrow as they should; decimals come out as
 * machine words and lists as raw storage, whatever their elements mean and whether they are missing.
 */
import type { Vector } from 'apache-arrow'

type Arrow = typeof import('apache-arrow')

/** The value of a row: `null` where it is missing. */
export type ValueAt = (row: number) => unknown

// Little-endian words of a two's complement integer.
const integerOf = (words: Uint32Array): bigint => {
  let value = 0n
  for (let i = words.length - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[i]!)
  return BigInt.asIntN(32 * words.length, value)
}

const isPlainNumbers = ({ DataType, Precision }: Arrow, { type }: Vector): boolean =>
  DataType.isFloat(type)
    ? type.precision !== Precision.HALF
    : DataType.isInt(type) && type.bitWidth !== 64

const isVector = (value: unknown): value is Vector =>
  typeof value === 'object' && value !== null && 'nullCount' in value && 'toArray' in value

// Elements that the lists of a column share; offsets are not verified, and can claim any length.
const elementsOf = (vector: Vector): number =>
  vector.data.reduce((sum, { children }) => sum + (children[0]?.length ?? 0), 0)

// Storage of numbers as it is; everything else, missing elements included, one by one.
const listOf = (arrow: Arrow, value: unknown, most: number): unknown => {
  if (!isVector(value)) return value
  if (value.length > most) throw new Error('a list reaches beyond its elements')
  if (value.nullCount === 0 && isPlainNumbers(arrow, value)) return value.toArray() as unknown
  const at = valuesOf(arrow, value)
  return Array.from({ length: value.length }, (_, i) => at?.(i))
}

/** How to get the values of a column; `undefined` for types that are neither numbers, texts nor lists. */
export const valuesOf = (arrow: Arrow, vector: Vector): ValueAt | undefined => {
  const { DataType } = arrow
  const type: unknown = vector.type
  const at: ValueAt = (row) => vector.get(row) as unknown
  const isNested =
    DataType.isStruct(type) ||
    DataType.isMap(type) ||
    DataType.isUnion(type) ||
    DataType.isInterval(type)
  if (isNested) return undefined
  if (DataType.isDecimal(type)) {
    const scale = 10 ** type.scale
    return (row) => {
      const words = at(row)
      return words instanceof Uint32Array ? Number(integerOf(words)) / scale : null
    }
  }
  if (!(DataType.isList(type) || DataType.isFixedSizeList(type))) return at
  const most = elementsOf(vector)
  return (row) => listOf(arrow, at(row), most)
}
