import { type ArrayValues, parseIdx } from '@rootstock/data'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { message, right } from '../right.ts'
import { valuesOf } from '../table/values.ts'

const header = (type: number, sizes: readonly number[]): number[] => [
  0,
  0,
  type,
  sizes.length,
  ...sizes.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]),
]

const bigEndian = (values: ArrayValues): Uint8Array => {
  const bytes = new Uint8Array(values.buffer.slice(0)).slice(0, values.byteLength)
  const size = values.BYTES_PER_ELEMENT
  for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse()
  return bytes
}

const types = {
  8: (n: number[]) => Uint8Array.from(n),
  9: (n: number[]) => Int8Array.from(n),
  11: (n: number[]) => Int16Array.from(n),
  12: (n: number[]) => Int32Array.from(n),
  13: (n: number[]) => Float32Array.from(n),
  14: (n: number[]) => Float64Array.from(n),
}

const kind = fc.constantFrom(8, 9, 11, 12, 13, 14)
const shapes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 4 })

test('arrays of every type and rank are read', () => {
  fc.assert(
    fc.property(kind, shapes, fc.double({ min: -1e9, max: 1e9, noNaN: true }), (type, sizes, x) => {
      const length = sizes.reduce((a, b) => a * b, 1)
      const values = types[type as 8](Array.from({ length }, (_, i) => x + i))
      const bytes = Uint8Array.of(...header(type, sizes), ...bigEndian(values))
      const [rows, ...shape] = sizes
      const read = right(parseIdx(bytes, { name: 'image' }))
      expect(read.rows).toBe(rows)
      expect(read.columns).toEqual([{ kind: 'array', name: 'image', shape, values }])
    }),
    { seed: 1 },
  )
})

test('one axis is a column of numbers', () => {
  const read = right(parseIdx(Uint8Array.of(...header(8, [3]), 5, 0, 4), { name: 'digit' }))
  expect(valuesOf(read)).toEqual({ digit: [5, 0, 4] })
})

describe('files that are wrong end in an error that says why', () => {
  const read = (...bytes: number[]) => message(parseIdx(Uint8Array.from(bytes), { file: 'digits' }))

  test('an empty file', () => expect(read()).toMatchInlineSnapshot(`"digits: is empty: no bytes"`))
  test('another format', () =>
    expect(read(80, 75, 3, 4)).toMatchInlineSnapshot(
      `"digits: cannot be read as a table: it does not begin like an IDX file"`,
    ))
  test('an unknown type', () =>
    expect(read(0, 0, 7, 1, 0, 0, 0, 1, 1)).toMatchInlineSnapshot(
      `"digits: cannot be read as a table: it does not begin like an IDX file"`,
    ))
  test('sizes cut off', () =>
    expect(read(0, 0, 8, 2, 0, 0, 0, 1)).toMatchInlineSnapshot(
      `"digits: ends too early: 8 bytes where the header alone has 12"`,
    ))
  test('values cut off', () =>
    expect(read(...header(8, [2, 2]), 1)).toMatchInlineSnapshot(
      `"digits: ends too early: 13 bytes where shape [2, 2] needs 16"`,
    ))
  test('more than the shape says', () =>
    expect(read(...header(8, [1]), 1, 2)).toMatchInlineSnapshot(
      `"digits: 10 bytes where shape [1] needs 9"`,
    ))
  test('no row', () =>
    expect(read(...header(8, [0, 28, 28]))).toMatchInlineSnapshot(
      `"digits: is empty: its shape is [0, 28, 28]"`,
    ))
  test('a shape that no memory holds', () =>
    expect(read(...header(14, [2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1]))).toMatchInlineSnapshot(
      `"digits: ends too early: 16 bytes where shape [4294967295, 4294967295, 4294967295] needs 6.3382529967139284e+29"`,
    ))
  test('a number that is not finite', () =>
    expect(read(...header(13, [2, 1]), 0, 0, 0, 0, 0x7f, 0xc0, 0, 0)).toMatchInlineSnapshot(`
      "digits, row 2, column "values": NaN is not a finite number
        hint  if it means that the value is missing, list it in the missing markers, or read with nonFinite: "missing""
    `))
})

test('a file cut off anywhere is an error', () => {
  const bytes = Uint8Array.of(...header(11, [2, 2]), 0, 1, 0, 2, 0, 3, 0, 4)
  for (let end = 0; end < bytes.length; end++) {
    expect(message(parseIdx(bytes.subarray(0, end), { file: 'digits' }))).toMatch(/^digits: /)
  }
})
