/**
 * Element types. Four are enough: two floats (training, checking), one integer (indices, random bits), one truth value.
 * Promotion is a total order, so that mixing types never needs a table a user has to remember.
 */

/** Element type of a tensor. `bool` is stored as one byte holding 0 or 1. */
export type DType = 'bool' | 'int32' | 'float32' | 'float64'

/** The typed arrays that hold elements, by dtype. */
export interface ArrayOf {
  readonly bool: Uint8Array<ArrayBuffer>
  readonly int32: Int32Array<ArrayBuffer>
  readonly float32: Float32Array<ArrayBuffer>
  readonly float64: Float64Array<ArrayBuffer>
}

/** Any typed array that holds tensor elements. */
export type TypedArray = ArrayOf[DType]

/** A typed array to copy elements from: its buffer may be shared. */
export type ElementSource = Uint8Array | Int32Array | Float32Array | Float64Array

/** All dtypes in promotion order: `bool < int32 < float32 < float64`. */
export const dtypes: readonly DType[] = ['bool', 'int32', 'float32', 'float64']

type Constructor<Arguments extends readonly unknown[]> = new (...args: Arguments) => TypedArray

const constructors: Readonly<Record<DType, unknown>> = {
  bool: Uint8Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
}

const sizes = { bool: 1, int32: 4, float32: 4, float64: 8 } as const

/** Bytes of one element. */
export const bytesOf = (dtype: DType): number => sizes[dtype]

/** True for `float32` and `float64`, the dtypes that have derivatives. */
export const isFloat = (dtype: DType): dtype is 'float32' | 'float64' =>
  dtype === 'float32' || dtype === 'float64'

/** The smallest dtype that holds both: the later of the two in promotion order. */
export const promote = (a: DType, b: DType): DType =>
  dtypes.indexOf(a) >= dtypes.indexOf(b) ? a : b

/** The value of a dtype that storing `x` leaves: rounded, wrapped, or 0 and 1. */
export const roundTo = (dtype: DType, x: number): number => {
  if (dtype === 'float32') return Math.fround(x)
  if (dtype === 'int32') return x | 0
  return dtype === 'bool' ? Number(x !== 0) : x
}

/** A new zeroed array of `length` elements. */
export const allocate = (dtype: DType, length: number): TypedArray =>
  new (constructors[dtype] as Constructor<[length: number]>)(length)

/** A new array of the same elements, converted as storing converts them. Faster than filling one of zeros. */
export const copyOf = (dtype: DType, elements: ElementSource): TypedArray =>
  new (constructors[dtype] as Constructor<[elements: ElementSource]>)(elements)

/** A view of elements inside an existing buffer. */
export const viewOf = (
  dtype: DType,
  buffer: ArrayBuffer,
  offset: number,
  length: number,
): TypedArray =>
  new (constructors[dtype] as Constructor<[buffer: ArrayBuffer, offset: number, length: number]>)(
    buffer,
    offset,
    length,
  )

/** The dtype a typed array holds, or null for a kind that no dtype uses. */
export const dtypeOf = (array: unknown): DType | null =>
  array instanceof Float32Array
    ? 'float32'
    : array instanceof Float64Array
      ? 'float64'
      : array instanceof Int32Array
        ? 'int32'
        : array instanceof Uint8Array
          ? 'bool'
          : null
