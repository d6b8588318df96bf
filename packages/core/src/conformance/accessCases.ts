/** Every way in which a kernel addresses memory, at lengths around the widths of vectors. */
import { type DType, dtypes } from '../dtype.ts'
import type { Scalar, Statement } from '../loop/loop.ts'
import * as s from '../loop/scalar.ts'
import { type Case, expectAgreement, type Pair } from './agreement.ts'
import { along, arrayOf, edgesOf, kernel, loop, programOf, spreadOf, store } from './programs.ts'

/** Numbers of elements: none, around one, two and four vectors of any dtype, and more than sixteen lanes. */
export const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 67] as const

const strides = [1, 2, 3, -1, -2, 0] as const

const copy = (dtype: DType, length: number, stride: number): Statement[] => {
  const reach = Math.abs(stride) * Math.max(0, length - 1)
  const base = stride < 0 ? reach : 0
  return [
    // read with a stride, written densely; and the other way round
    loop(0, length, [store(1, along(0), s.load(dtype, 0, along(0, stride, base + 1)))]),
    ...(stride === 0
      ? []
      : [loop(1, length, [store(2, along(1, stride, base), s.load(dtype, 0, along(1)))])]),
  ]
}

/** All elements of a buffer filled first, so that what a copy skips is defined. */
const cleared = (dtype: DType, buffer: number, length: number): Statement =>
  loop(9, length, [store(buffer, along(9), s.constant(dtype, 1))])

const strided = (pair: Pair, dtype: DType, length: number): void => {
  for (const stride of strides) {
    const reach = Math.abs(stride) * Math.max(0, length - 1) + 1
    const inputs = [edgesOf(dtype, reach + length + 1)]
    const program = programOf({
      inputs,
      outputs: [
        { dtype, length },
        { dtype, length: reach },
      ],
      steps: [kernel(cleared(dtype, 2, reach)), kernel(...copy(dtype, length, stride))],
    })
    expectAgreement(pair, program, inputs)
  }
}

/** A matrix turned, with its rows repeated in a third dimension. */
const turned = (pair: Pair, dtype: DType): void => {
  const [rows, columns, times] = [5, 7, 3]
  const inputs = [edgesOf(dtype, rows * columns)]
  const from = {
    base: 0,
    terms: [
      { index: 0, stride: 1 },
      { index: 1, stride: columns },
    ],
  }
  const to = {
    base: 0,
    terms: [
      { index: 2, stride: rows * columns },
      { index: 0, stride: rows },
      { index: 1, stride: 1 },
    ],
  }
  const body = loop(0, columns, [loop(1, rows, [store(1, to, s.load(dtype, 0, from))])])
  const program = programOf({
    inputs,
    outputs: [{ dtype, length: rows * columns * times }],
    steps: [kernel(loop(2, times, [body]))],
  })
  expectAgreement(pair, program, inputs)
}

/** Loads that only one side of a choice uses, in short rows beside others: compilers turn these into masked loads. */
const chosen = (pair: Pair, dtype: DType): void => {
  for (const width of [4, 8, 16, 24]) {
    const rows = 8
    const mask = Array.from({ length: rows * width }, (_, i) => (i * 7 + (i >> 3)) % 3)
    const inputs = [
      edgesOf(dtype, rows * width),
      arrayOf(
        'bool',
        mask.map((x) => (x === 0 ? 1 : 0)),
      ),
    ]
    const at = (outer: number, pitch: number, base = 0) => ({
      base,
      terms: [
        { index: outer, stride: pitch },
        { index: outer + 1, stride: 1 },
      ],
    })
    const half = (outer: number, base: number, isThen: boolean): Statement => {
      const place = at(outer, width)
      const value = s.load(dtype, 0, place)
      const [one, condition] = [s.constant(dtype, 1), s.load('bool', 1, place)]
      const side = isThen ? s.select(condition, value, one) : s.select(condition, one, value)
      return loop(outer, rows, [
        loop(outer + 1, width, [store(2, at(outer, 2 * width, base), side)]),
      ])
    }
    const program = programOf({
      inputs,
      outputs: [{ dtype, length: 2 * rows * width }],
      steps: [kernel(half(0, 0, true), half(2, width, false))],
    })
    expectAgreement(pair, program, inputs)
  }
}

/**
 * The derivative of |relu(x)| times what lies in the other direction: choices within choices of two loads that run backwards.
 * GCC 12 made masked loads of them and turned the data, but not the masks.
 */
const chosenBackwards = (pair: Pair, dtype: 'int32' | 'float32' | 'float64'): void => {
  for (const rows of [2, 3, 8]) {
    const inputs = [spreadOf(dtype, rows * 4, 4), spreadOf(dtype, rows * 8, 5)]
    const [zero, one] = [s.constant(dtype, 0), s.constant(dtype, 1)]
    const place = {
      base: 0,
      terms: [0, 1].map((index) => ({ index, stride: index === 0 ? 4 : 1 })),
    }
    const backwards = (base: number) =>
      s.load(dtype, 1, {
        base,
        terms: [
          { index: 0, stride: 8 },
          { index: 1, stride: -1 },
        ],
      })
    const x = s.load(dtype, 0, place)
    const isOff = s.le(x, zero)
    const on = s.select(isOff, zero, x)
    const sum = s.add(backwards(3), s.mul(backwards(7), s.constant(dtype, 2)))
    const sign = s.select(s.lt(zero, on), one, s.select(s.lt(on, zero), s.neg(one), on))
    const value = s.select(isOff, zero, s.mul(s.select(s.le(s.abs(on), zero), zero, sum), sign))
    const program = programOf({
      inputs,
      outputs: [{ dtype, length: rows * 4 }],
      steps: [kernel(loop(0, rows, [loop(1, 4, [store(2, place, value)])]))],
    })
    expectAgreement(pair, program, inputs)
  }
}

/**
 * Short rows that are changed in place by what stood at their beginning, which is changed too. With the loops the other way
 * round, most elements would see the new beginning.
 */
const changedRows = (pair: Pair, dtype: 'int32' | 'float32' | 'float64'): void => {
  const [rows, width] = [40, 5]
  const inputs = [spreadOf(dtype, rows * width, 7)]
  const at = (index: number, base = 0) => ({
    base,
    terms: [
      { index, stride: width },
      { index: index + 1, stride: 1 },
    ],
  })
  const copied = store(1, at(0), s.load(dtype, 0, at(0)))
  const begin = s.local(dtype, 4)
  let value = s.load(dtype, 1, at(2))
  // as much work as makes it pay to take rows together
  for (let i = 0; i < 8; i++) value = s.add(s.mul(value, begin), s.constant(dtype, i))
  const program = programOf({
    inputs,
    outputs: [{ dtype, length: rows * width }],
    steps: [
      kernel(loop(0, rows, [loop(1, width, [copied])])),
      kernel(
        loop(2, rows, [
          { kind: 'let', id: 4, value: s.load(dtype, 1, along(2, width)) },
          loop(3, width, [store(1, at(2), value)]),
        ]),
      ),
    ],
  })
  expectAgreement(pair, program, inputs)
}

/**
 * Two buffers that long bodies change, each by the other: nothing may be stored before both are loaded, nor loaded again
 * afterwards, unless a statement says so.
 */
const exchanged = (pair: Pair, dtype: 'int32' | 'float32' | 'float64'): void => {
  for (const length of [31, 32, 47, 300]) {
    const inputs = [spreadOf(dtype, length, 5)]
    const [here, back] = [along(0), along(0, -1, length - 1)]
    const [x, y, z] = [s.local(dtype, 4), s.local(dtype, 5), s.load(dtype, 1, here)]
    const worked = (a: Scalar, b: Scalar): Scalar => {
      let value = a
      for (let i = 0; i < 12; i++) value = s.add(s.mul(value, b), s.constant(dtype, i / 2 - 3))
      return value
    }
    const lets: Statement[] = [
      { kind: 'let', id: 4, value: z },
      { kind: 'let', id: 5, value: s.load(dtype, 2, here) },
    ]
    const exchange = [store(1, here, worked(y, x)), store(2, here, worked(x, y))]
    const given = s.load(dtype, 0, here)
    const again = store(3, here, worked(z, given))
    const beside = store(3, here, worked(worked(given, given), given))
    const program = programOf({
      inputs,
      outputs: [0, 1, 2].map(() => ({ dtype, length })),
      steps: [
        kernel(loop(0, length, [store(1, here, given), store(2, here, s.load(dtype, 0, back))])),
        kernel(loop(0, length, [...lets, ...exchange])),
        kernel(loop(0, length, [...lets, store(1, here, y), store(2, here, x), beside])),
        kernel(loop(0, length, [...lets, ...exchange, again])),
      ],
    })
    expectAgreement(pair, program, inputs)
  }
}

/** Positions read from memory, for a load and for a store, and the value of an index itself. */
const indirect = (pair: Pair, dtype: DType): void => {
  const places = [3, 0, 4, 1, 2]
  const inputs = [edgesOf(dtype, 11), arrayOf('int32', places)]
  const n = places.length
  const place = s.load('int32', 1, along(0))
  const program = programOf({
    inputs,
    outputs: [
      { dtype, length: n },
      { dtype, length: n },
      { dtype: 'int32', length: n },
    ],
    steps: [
      kernel(
        loop(0, n, [
          store(2, along(0), s.load(dtype, 0, { ...along(0, 1, 1), offset: place })),
          store(3, { base: 0, terms: [], offset: place }, s.load(dtype, 0, along(0, 2))),
          store(4, along(0), s.indexValue({ ...along(0, -3, 7), offset: place })),
        ]),
      ),
    ],
  })
  expectAgreement(pair, program, inputs)
}

/** Cases of loads and stores. */
export const accessCases = (pair: Pair): Case[] =>
  dtypes.flatMap((dtype) => [
    ...lengths.map((length) => ({
      name: `strides over ${length} of ${dtype}`,
      run: () => {
        strided(pair, dtype, length)
      },
    })),
    {
      name: `nested loops over ${dtype}`,
      run: () => {
        turned(pair, dtype)
      },
    },
    {
      name: `choices between loads of ${dtype}`,
      run: () => {
        chosen(pair, dtype)
      },
    },
    ...(dtype === 'bool'
      ? []
      : [
          {
            name: `choices within choices, backwards, of ${dtype}`,
            run: () => {
              chosenBackwards(pair, dtype)
            },
          },
          {
            name: `rows changed by their beginnings, of ${dtype}`,
            run: () => {
              changedRows(pair, dtype)
            },
          },
          {
            name: `buffers changed by each other, of ${dtype}`,
            run: () => {
              exchanged(pair, dtype)
            },
          },
        ]),
    {
      name: `data-dependent places of ${dtype}`,
      run: () => {
        indirect(pair, dtype)
      },
    },
  ])
