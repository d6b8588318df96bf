import { describe, expect, it } from 'vitest'
import { allocate, type DType, dtypes, type TypedArray } from '../../../src/dtype.ts'
import type { Address, BinaryOp, Scalar, UnaryOp } from '../../../src/loop/loop.ts'
import * as s from '../../../src/loop/scalar.ts'
import { disagreements, kernel, programOf } from './agree.ts'

const edges: { readonly [D in DType]: readonly number[] } = {
  bool: [0, 1],
  int32: [0, 1, -1, 2, 3, -7, 31, 32, 33, 255, 1000003, 2 ** 30, 2 ** 31 - 1, -(2 ** 31)],
  float32: [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    3.7,
    -3.7,
    1e-45,
    -1e-45,
    1.1754943508222875e-38,
    3.4028234663852886e38,
    -3.4028234663852886e38,
    2147483520,
    2147483648,
    -2147483648,
    4e9,
    8388609.5,
    Infinity,
    -Infinity,
    NaN,
  ],
  float64: [
    0,
    -0,
    1,
    -1,
    0.5,
    1.5,
    2.5,
    -2.5,
    -3.7,
    5e-324,
    -5e-324,
    2.2250738585072014e-308,
    1e39,
    1.7976931348623157e308,
    2147483647.5,
    -2147483648.9,
    4e9,
    2 ** 52 + 0.5,
    Infinity,
    -Infinity,
    NaN,
    0.1,
    1 / 3,
  ],
}

const normal: { readonly [D in DType]: readonly number[] } = {
  bool: [],
  int32: [],
  float32: [1, 1.5, 2, 3.9999998, 1.1754943508222875e-38, 3.4028234663852886e38, 0.1, 1e10],
  float64: [1, 1.5, 2, 3.9999998, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1, 1e-300],
}

/** All values, cut or repeated to a length. */
const arrayOf = (dtype: DType, values: readonly number[], length: number): TypedArray => {
  const array = allocate(dtype, length)
  for (let i = 0; i < length; i++) array[i] = values[i % values.length]!
  return array
}

const at = (index: number, stride = 1, base = 0): Address => ({
  base,
  terms: stride === 0 ? [] : [{ index, stride }],
})

/** out[i] = f(a[i], b[i], ...) for i below the length, in a loop that may run in vectors or may not. */
const mapped = (
  inputs: readonly TypedArray[],
  dtypesIn: readonly DType[],
  result: DType,
  f: (...args: Scalar[]) => Scalar,
  parallel: boolean,
): string[] => {
  const { length } = inputs[0]!
  const args = dtypesIn.map((dtype, i) => s.load(dtype, i, at(0)))
  const output = inputs.length
  return disagreements(
    programOf(
      dtypesIn.map((dtype) => ({ dtype, length })),
      [{ dtype: result, length }],
      [
        kernel({
          kind: 'for',
          index: 0,
          extent: length,
          parallel,
          body: [{ kind: 'store', buffer: output, at: at(0), value: f(...args) }],
        }),
      ],
    ),
    inputs,
  )
}

/** Every pair of edge values of a dtype, in two arrays. */
const pairs = (dtype: DType): [TypedArray, TypedArray] => {
  const values = edges[dtype]
  const n = values.length
  const left = values.flatMap((x) => values.map(() => x))
  const right = values.flatMap(() => values)
  return [arrayOf(dtype, left, n * n), arrayOf(dtype, right, n * n)]
}

const node = (op: UnaryOp | BinaryOp, dtype: DType, ...args: Scalar[]): Scalar =>
  ({ op, dtype, args }) as unknown as Scalar

const unary: readonly (readonly [UnaryOp, readonly DType[]])[] = [
  ['neg', ['int32', 'float32', 'float64']],
  ['abs', ['int32', 'float32', 'float64']],
  ['floor', ['float32', 'float64']],
  ['ceil', ['float32', 'float64']],
  ['nearest', ['float32', 'float64']],
  ['trunc', ['float32', 'float64']],
  ['sqrt', ['float32', 'float64']],
  ['not', ['bool']],
]

const arithmetic: readonly BinaryOp[] = ['add', 'sub', 'mul', 'div', 'min', 'max']
const binary: readonly (readonly [BinaryOp, readonly DType[]])[] = [
  ...arithmetic.map((op) => [op, ['int32', 'float32', 'float64']] as const),
  ['rem', ['int32']],
  ['and', ['int32', 'bool']],
  ['or', ['int32', 'bool']],
  ['xor', ['int32', 'bool']],
  ['shl', ['int32']],
  ['shr', ['int32']],
  ['eq', dtypes],
  ['lt', dtypes],
  ['le', dtypes],
]

describe.each([
  ['in vectors', true],
  ['one by one', false],
])('scalar operations %s', (_, parallel) => {
  it.each(unary.flatMap(([op, list]) => list.map((dtype) => [op, dtype] as const)))(
    '%s of %s agrees with the reference on edge values',
    (op, dtype) => {
      for (let length = 1; length <= 33; length++) {
        const x = arrayOf(dtype, edges[dtype], length)
        expect(mapped([x], [dtype], dtype, (a) => node(op, dtype, a), parallel)).toEqual([])
      }
    },
  )

  it.each(binary.flatMap(([op, list]) => list.map((dtype) => [op, dtype] as const)))(
    '%s of %s agrees with the reference on pairs of edge values',
    (op, dtype) => {
      const isComparison = op === 'eq' || op === 'lt' || op === 'le'
      const result = isComparison ? 'bool' : dtype
      expect(
        mapped(pairs(dtype), [dtype, dtype], result, (a, b) => node(op, result, a, b), parallel),
      ).toEqual([])
    },
  )

  it.each(dtypes.flatMap((from) => dtypes.map((to) => [from, to] as const)))(
    'conversion from %s to %s agrees with the reference',
    (from, to) => {
      const x = arrayOf(from, edges[from], 67)
      expect(mapped([x], [from], to, (a) => node('convert', to, a), parallel)).toEqual([])
    },
  )

  it.each(['float32', 'float64'] as const)(
    'takes %s apart and puts powers of two together',
    (dtype) => {
      const x = arrayOf(dtype, normal[dtype], 19)
      expect(mapped([x], [dtype], dtype, (a) => node('significand', dtype, a), parallel)).toEqual(
        [],
      )
      expect(mapped([x], [dtype], 'int32', (a) => node('exponent', 'int32', a), parallel)).toEqual(
        [],
      )
      const low = dtype === 'float32' ? -126 : -1022
      const exponents = Array.from({ length: 3 - 2 * low }, (_, i) => low - 1 + i)
      const powers = arrayOf(dtype, exponents, exponents.length)
      expect(mapped([powers], [dtype], dtype, (k) => node('pow2', dtype, k), parallel)).toEqual([])
    },
  )

  it.each(dtypes)('selects between values of %s by conditions on every dtype', (dtype) => {
    const [a, b] = pairs(dtype)
    for (const other of dtypes) {
      const c = arrayOf(other, edges[other], a.length)
      expect(
        mapped(
          [a, b, c],
          [dtype, dtype, other],
          dtype,
          (x, y, z) => s.select(s.convert(z, 'bool'), x, y),
          parallel,
        ),
      ).toEqual([])
      expect(
        mapped(
          [a, b, c],
          [dtype, dtype, other],
          'bool',
          (x, y, z) => s.select(s.lt(x, y), s.convert(z, 'bool'), s.eq(x, y)),
          parallel,
        ),
      ).toEqual([])
    }
  })

  it.each(dtypes)('selects between %s and zero, of either sign, and opposite values', (dtype) => {
    const [a, b] = pairs(dtype)
    const zero = s.constant(dtype, 0)
    const choices: readonly ((c: Scalar, x: Scalar) => Scalar)[] = [
      (c, x) => s.select(c, x, zero),
      (c, x) => s.select(c, zero, x),
      ...(dtype === 'bool' ? [] : [(c: Scalar, x: Scalar) => s.select(c, s.neg(x), x)]),
      ...(dtype === 'bool' ? [] : [(c: Scalar, x: Scalar) => s.select(c, x, s.neg(x))]),
      ...(dtype === 'float32' || dtype === 'float64'
        ? [(c: Scalar, x: Scalar) => s.select(c, x, s.constant(dtype, -0))]
        : []),
    ]
    for (const choose of choices) {
      const values = (x: Scalar, y: Scalar) => choose(s.lt(x, y), x)
      expect(mapped([a, b], [dtype, dtype], dtype, values, parallel)).toEqual([])
    }
  })

  it.each(['shl', 'shr'] as const)('shifts all lanes by one count: %s', (op) => {
    const x = arrayOf('int32', edges.int32, 29)
    for (const count of [0, 1, 13, 31, 32, 45, -1]) {
      expect(
        mapped(
          [x],
          ['int32'],
          'int32',
          (a) => node(op, 'int32', a, s.constant('int32', count)),
          parallel,
        ),
      ).toEqual([])
    }
  })

  it.each([
    ['float32', 'min'],
    ['float32', 'max'],
    ['float64', 'min'],
    ['float64', 'max'],
  ] as const)('bounds %s by constants: %s', (dtype, op) => {
    const x = arrayOf(dtype, edges[dtype], 37)
    for (const bound of [...edges[dtype], 1e-60, -1e-60]) {
      const c = s.constant(dtype, bound)
      expect(mapped([x], [dtype], dtype, (a) => node(op, dtype, a, c), parallel)).toEqual([])
      expect(mapped([x], [dtype], dtype, (a) => node(op, dtype, c, a), parallel)).toEqual([])
    }
  })
})
