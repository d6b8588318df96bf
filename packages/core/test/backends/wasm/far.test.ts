/**
 * Programs on an array of 5.3 GB, of which they touch a few rows that lie far apart: that takes addresses of 64 bits but hardly
 * any memory. The reference runs the same programs on an array whose rows lie close together.
 */
import { describe, expect, it } from 'vitest'
import type { Backend } from '../../../src/backends/backend.ts'
import { referenceBackend } from '../../../src/backends/reference/backend.ts'
import { hostStorage, readStorage, type Storage } from '../../../src/backends/storage.ts'
import { createWasmBackend } from '../../../src/backends/wasm/backend.ts'
import { loop, store } from '../../../src/conformance/programs.ts'
import type { TypedArray } from '../../../src/dtype.ts'
import { OutOfMemory } from '../../../src/errors.ts'
import type { Address, Panel, Program, Scalar, Statement, Step } from '../../../src/loop/loop.ts'
import * as s from '../../../src/loop/scalar.ts'
import { verifyProgram } from '../../../src/loop/verify.ts'
import { float, kernel, programOf } from './agree.ts'
import { hasWideMemory } from './wide.ts'

const rows = 6
const width = 40
const depth = 24
const columns = 24
/** Where rows have what is written by data-dependent addresses, and by a contraction. */
const marks = 100
const products = 200

/** Elements of the large array, whose rows start so many elements apart. */
const lengthFor = (apart: number): number => rows * apart

const address = (base: number, ...strides: readonly number[]): Address => ({
  base,
  terms: strides.map((stride, index) => ({ index, stride })),
})

const load = (buffer: number, at: Address): Scalar => s.load('float32', buffer, at)

type At = readonly [buffer: number, at: Address]

/** Copies rows of so many elements: index 0 is the row, index 1 moves along it. */
const copyRows = (size: number, to: At, from: At): Step =>
  kernel(loop(0, rows, [loop(1, size, [store(...to, load(...from))])]))

/** The mark of a row, found by data. */
const mark = (apart: number): Address => ({
  ...address(marks),
  offset: s.mul(s.indexValue(address(0, 1)), s.int(apart)),
})

const matrix = (
  buffer: number,
  base: number,
  rowStride: number,
  shape: readonly number[],
): Panel => ({
  buffer,
  at: address(base),
  rows: [{ count: shape[0]!, stride: rowStride }],
  columns: [{ count: shape[1]!, stride: 1 }],
})

/** x, a and b to the large array: x to its rows, the first column of x to its marks, a * b to its products. */
const writing = (apart: number): Program =>
  programOf(
    [float(rows * width), float(rows * depth), float(depth * columns)],
    [float(lengthFor(apart))],
    [
      copyRows(width, [3, address(0, apart, 1)], [0, address(0, width, 1)]),
      kernel(loop(0, rows, [store(3, mark(apart), load(0, address(0, width)))])),
      kernel({
        kind: 'contract',
        dtype: 'float32',
        rows,
        columns,
        depth,
        a: matrix(1, 0, depth, [rows, depth]),
        b: matrix(2, 0, columns, [depth, columns]),
        c: matrix(3, products, apart, [rows, columns]),
      }),
    ],
  )

/** What is found in the large array: rows from the last to the first, marks, products, sums of rows, a contraction, a scan. */
const reading = (apart: number): Program => {
  const last = (rows - 1) * apart
  const total: Statement = {
    kind: 'reduce',
    id: 2,
    op: 'add',
    dtype: 'float32',
    order: 'lanes',
    index: 1,
    extent: width,
    body: [],
    value: load(0, address(0, apart, 1)),
  }
  const slice = 7
  return programOf(
    [float(lengthFor(apart))],
    [rows * width, rows, rows * columns, rows, rows * columns, width].map(float),
    [
      copyRows(width, [1, address(0, width, 1)], [0, address(last, -apart, 1)]),
      kernel(loop(0, rows, [store(2, address(0, 1), load(0, mark(apart)))])),
      copyRows(columns, [3, address(0, columns, 1)], [0, address(products, apart, 1)]),
      kernel(loop(0, rows, [total, store(4, address(0, 1), s.local('float32', 2))])),
      kernel({
        kind: 'contract',
        dtype: 'float32',
        rows,
        columns,
        depth,
        a: {
          buffer: 0,
          at: address(last),
          rows: [
            { count: 2, stride: -3 * apart },
            { count: 3, stride: -apart },
          ],
          columns: [
            { count: 4, stride: 8 },
            { count: 6, stride: 1 },
          ],
        },
        b: {
          buffer: 0,
          at: address(0),
          rows: [
            { count: rows, stride: apart },
            { count: 4, stride: 1 },
          ],
          columns: [{ count: columns, stride: 1 }],
        },
        c: matrix(5, 0, columns, [rows, columns]),
      }),
      kernel(loop(0, width, [store(6, address(0, 1), s.constant('float32', 1))])),
      {
        kind: 'loop',
        count: rows,
        reverse: true,
        slices: [{ buffer: slice, source: 0, stride: apart }],
        body: [
          kernel(
            loop(0, width, [
              store(
                6,
                address(0, 1),
                s.add(
                  s.div(load(6, address(0, 1)), s.constant('float32', 3)),
                  load(slice, address(0, 1)),
                ),
              ),
            ]),
          ),
        ],
        carries: [],
      },
    ],
    [],
    [float(apart)],
  )
}

const ramp = (length: number): Storage =>
  hostStorage(
    'float32',
    Float32Array.from({ length }, (_, i) => ((i * 37) % 101) / 8 - 6),
  )

const run = (backend: Backend, program: Program, inputs: readonly Storage[]): Storage[] => {
  verifyProgram(program)
  return backend.compile(program).run(
    inputs,
    inputs.map(() => false),
  )
}

const found = (backend: Backend, apart: number): TypedArray[] => {
  const inputs = [rows * width, rows * depth, depth * columns].map(ramp)
  const large = run(backend, writing(apart), inputs)
  return run(backend, reading(apart), large).map(readStorage)
}

describe.skipIf(!hasWideMemory)('a program on an array of 5.3 GB', () => {
  it.for([1, 2])('finds what it wrote to its ends, on %i threads', (threads, { skip }) => {
    const backend = createWasmBackend({ threads, always: true })
    try {
      expect(found(backend, 220_000_000)).toEqual(found(referenceBackend(), 1000))
    } catch (error) {
      if (error instanceof OutOfMemory) skip('this machine does not give 5 GiB of address space')
      throw error
    }
  })
})
