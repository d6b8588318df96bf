/** Types and numbers as C text. */
import type { DType } from '@rootstock/core'

/** The C type of an element in memory. */
export const elementType: Readonly<Record<DType, string>> = {
  bool: 'uint8_t',
  int32: 'int32_t',
  float32: 'float',
  float64: 'double',
}

/** The C type of a scalar in a register: truth values are as wide as what they choose between. */
export const scalarType: Readonly<Record<DType, string>> = { ...elementType, bool: 'int32_t' }

/** The letter that ends the names of a dtype's helpers in `scalar.h`. */
export const suffix: Readonly<Record<DType, string>> = {
  bool: 'i',
  int32: 'i',
  float32: 'f',
  float64: 'd',
}

const withPoint = (digits: string): string => (/[.e]/.test(digits) ? digits : `${digits}.0`)

const floatLiteral = (value: number, mark: 'f' | ''): string => {
  if (Number.isNaN(value)) return `__builtin_nan${mark}("")`
  if (!Number.isFinite(value)) return `${value < 0 ? '-' : ''}__builtin_inf${mark}()`
  return Object.is(value, -0) ? `-0.0${mark}` : `${withPoint(String(value))}${mark}`
}

/** A constant, exact to the bit: the shortest decimal of a double is read back as the same number. */
export const literal = (dtype: DType, value: number): string => {
  if (dtype === 'float64') return `(${floatLiteral(value, '')})`
  if (dtype === 'float32') return `(${floatLiteral(Math.fround(value), 'f')})`
  if (dtype === 'bool') return value === 0 ? '0' : '1'
  return value === -(2 ** 31) ? 'INT32_MIN' : `(${value | 0})`
}
