import { describe, expect, it } from 'vitest'
import { allocate, type DType, type TypedArray } from '../../../src/dtype.ts'
import type { ReduceOp, Statement } from '../../../src/loop/loop.ts'
import * as s from '../../../src/loop/scalar.ts'
import { disagreements, integers, kernel, programOf } from './agree.ts'

const ops: readonly ReduceOp[] = ['add', 'mul', 'min', 'max']
const dtypes = ['int32', 'float32', 'float64'] as const
const orders = ['sequence', 'lanes'] as const

const extents = [...Array.from({ length: 35 }, (_, i) => i), 47, 48, 49, 63, 64, 65, 100, 128, 4096]

const values = (dtype: DType, length: number, seed: number): TypedArray => {
  const below = integers(seed)
  const array = allocate(dtype, length)
  for (let i = 0; i < length; i++)
    array[i] = dtype === 'int32' ? below(2 ** 32) : below(4096) / 1024 - 2
  return array
}

/** out[row] = reduce over x[row, :] with a stride; the rows are an outer loop. */
const reduced = (
  statement: Omit<
    Extract<Statement, { kind: 'reduce' }>,
    'kind' | 'body' | 'value' | 'index' | 'id'
  >,
  rows: number,
  stride: number,
  data: TypedArray,
): string[] => {
  const { dtype, extent } = statement
  const row = Math.max(1, extent * Math.abs(stride))
  const base = stride < 0 ? Math.max(0, extent - 1) * -stride : 0
  const at = {
    base,
    terms: [
      { index: 0, stride: row },
      { index: 1, stride },
    ],
  }
  const body: Statement[] = [
    { kind: 'reduce', ...statement, index: 1, id: 2, body: [], value: s.load(dtype, 0, at) },
    {
      kind: 'store',
      buffer: 1,
      at: { base: 0, terms: [{ index: 0, stride: 1 }] },
      value: s.local(dtype, 2),
    },
  ]
  return disagreements(
    programOf(
      [{ dtype, length: rows * row }],
      [{ dtype, length: rows }],
      [kernel({ kind: 'for', index: 0, extent: rows, parallel: true, body })],
    ),
    [data.slice(0, rows * row)],
  )
}

/** Few values in random order: zeros of both signs, and what stands above or below them. */
const mixes = [
  [0, -0],
  [-0, -1],
  [0, -0, -1],
  [0, -0, 1],
  [-0, -0, -0, -0, -0, -0, -0, -0, -0, 0],
  [1, -1, -0, 0, 2, -2, Infinity, -Infinity],
  [1, 2, 3, -1, -2, -3, 0, -0, 4, -4, 5, -5, 6, Number.NaN],
]

describe('reductions', () => {
  for (const order of orders) {
    it.each(['float32', 'float64'] as const)(
      `the largest and smallest of %s in ${order} know NaN and the sign of zero`,
      (dtype) => {
        const below = integers(5)
        for (const mix of mixes) {
          const data = allocate(dtype, 9 * 70).map(() => mix[below(mix.length)]!)
          for (const extent of [1, 2, 4, 7, 16, 21, 64, 70]) {
            // rows one by one, and neighbouring rows in vectors
            expect(reduced({ op: 'max', dtype, order, extent }, 9, 1, data)).toEqual([])
            expect(reduced({ op: 'min', dtype, order, extent }, 9, 1, data)).toEqual([])
          }
        }
      },
    )
  }

  for (const order of orders) {
    for (const dtype of dtypes) {
      it.each(ops)(`%s of ${dtype} in ${order} agrees for every extent`, (op) => {
        const data = values(dtype, 5 * 4096, 3)
        for (const extent of extents) {
          expect(reduced({ op, dtype, order, extent }, 1, 1, data)).toEqual([])
          expect(reduced({ op, dtype, order, extent }, 5, 1, data)).toEqual([])
        }
        for (const extent of [3, 16, 37]) {
          expect(reduced({ op, dtype, order, extent }, 5, 3, data)).toEqual([])
          expect(reduced({ op, dtype, order, extent }, 5, -1, data)).toEqual([])
          expect(reduced({ op, dtype, order, extent }, 5, 0, data)).toEqual([])
        }
      })
    }

    it.each(ops)(
      `%s in ${order} treats NaN, infinities and signed zeros as the reference does`,
      (op) => {
        for (const special of [
          [-0],
          [0, -0],
          [-0, 0],
          [NaN],
          [Infinity, -Infinity],
          [1e-45, -1e-45],
        ]) {
          for (const dtype of ['float32', 'float64'] as const) {
            for (const extent of [1, 2, 17, 40]) {
              const data = allocate(dtype, extent)
              for (let i = 0; i < extent; i++) data[i] = special[i % special.length]!
              expect(reduced({ op, dtype, order, extent }, 1, 1, data)).toEqual([])
            }
          }
        }
      },
    )
  }

  it('fold inner reductions inside lanes, whatever the nesting', () => {
    const data = values('float32', 9 * 40 * 21, 4)
    for (const inner of orders) {
      const at = {
        base: 0,
        terms: [
          { index: 0, stride: 840 },
          { index: 1, stride: 21 },
          { index: 2, stride: 1 },
        ],
      }
      const innermost: Statement = {
        kind: 'reduce',
        id: 3,
        op: 'add',
        dtype: 'float32',
        order: inner,
        index: 2,
        extent: 21,
        body: [],
        value: s.load('float32', 0, at),
      }
      const outer: Statement = {
        kind: 'reduce',
        id: 4,
        op: 'max',
        dtype: 'float32',
        order: 'lanes',
        index: 1,
        extent: 40,
        body: [innermost],
        value: s.local('float32', 3),
      }
      const store: Statement = {
        kind: 'store',
        buffer: 1,
        at: { base: 0, terms: [{ index: 0, stride: 1 }] },
        value: s.local('float32', 4),
      }
      const loop: Statement = {
        kind: 'for',
        index: 0,
        extent: 9,
        parallel: true,
        body: [outer, store],
      }
      const program = programOf(
        [{ dtype: 'float32', length: data.length }],
        [{ dtype: 'float32', length: 9 }],
        [kernel(loop)],
      )
      expect(disagreements(program, [data])).toEqual([])
    }
  })
})
