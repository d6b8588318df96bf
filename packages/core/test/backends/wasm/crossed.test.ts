import { describe, expect, it } from 'vitest'
import { crossedLoop } from '../../../src/backends/wasm/vectorize.ts'
import type { Address, Scalar, Statement } from '../../../src/loop/loop.ts'
import * as s from '../../../src/loop/scalar.ts'
import { disagreements, kernel, programOf } from './agree.ts'

type For = Extract<Statement, { readonly kind: 'for' }>

const at = (row: number, column: number, base = 0): Address => ({
  base,
  terms: [
    { index: 0, stride: row },
    { index: 1, stride: column },
  ],
})

/** out[i, j] = f(x at some address, i), rows outside. */
const nest = (rows: number, columns: number, x: Address, f: (x: Scalar) => Scalar): For => {
  const store: Statement = {
    kind: 'store',
    buffer: 1,
    at: at(columns, 1),
    value: f(s.load('float32', 0, x)),
  }
  const inner: Statement = { kind: 'for', index: 1, extent: columns, parallel: true, body: [store] }
  return { kind: 'for', index: 0, extent: rows, parallel: true, body: [inner] }
}

const ramp = (length: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, i) => (i % 1013) / 8 - 50)

const index: Scalar = s.convert(s.indexValue(at(1, 1000)), 'float32')

describe('loops that cross', () => {
  it('agree with the reference for every remainder, also where indices are values', () => {
    for (const [rows, columns] of [
      [32, 32],
      [33, 47],
      [47, 33],
      [64, 35],
      [300, 301],
    ] as const) {
      for (const f of [(x: Scalar) => x, (x: Scalar) => s.add(x, index)]) {
        for (const x of [at(1, rows), at(-1, rows, rows - 1), at(1, -rows, (columns - 1) * rows)]) {
          const size = { dtype: 'float32', length: rows * columns } as const
          const program = programOf([size], [size], [kernel(nest(rows, columns, x, f))])
          expect(disagreements(program, [ramp(size.length)])).toEqual([])
        }
      }
    }
  })

  it('are those that walk an array against its order', () => {
    const isCrossed = (x: Address): boolean => crossedLoop(nest(64, 64, x, (y) => y)) !== null
    expect(isCrossed(at(1, 64))).toBe(true)
    expect(isCrossed(at(64, 1))).toBe(false)
    expect(isCrossed(at(1, 0))).toBe(false)
    expect(crossedLoop(nest(16, 64, at(1, 16), (y) => y))).toBe(null)
  })
})
