import { describe, expect, it } from 'vitest'
import { longLoop } from '../../../src/backends/wasm/pieces.ts'
import { along, loop, store } from '../../../src/conformance/programs.ts'
import type { Address, Statement } from '../../../src/loop/loop.ts'
import * as s from '../../../src/loop/scalar.ts'
import { disagreements, float, kernel, programOf } from './agree.ts'

const first: Address = { base: 0, terms: [] }

const isLong = (...body: readonly Statement[]): boolean => {
  return longLoop(body) !== null
}

const ramp = (length: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, i) => (i % 1013) / 8 - 50)

describe('long kernels', () => {
  it('agree with the reference in pieces, with what precedes and what remains', () => {
    for (const extent of [65536, 65537, 65543, 70001]) {
      const scale: Statement = { kind: 'let', id: 1, value: s.load('float32', 0, first) }
      const x = s.load('float32', 0, along(0, -1, extent - 1))
      const value = s.add(
        s.mul(x, s.local('float32', 1)),
        s.convert(s.indexValue(along(0)), 'float32'),
      )
      const body = [scale, loop(0, extent, [store(1, along(0), value)])]
      expect(isLong(...body)).toBe(true)
      const program = programOf([float(extent)], [float(extent)], [kernel(...body)])
      expect(disagreements(program, [ramp(extent)])).toEqual([])
    }
  })

  it('agree with the reference row by row', () => {
    const [rows, columns] = [77, 900]
    const at: Address = {
      base: 0,
      terms: [
        { index: 0, stride: columns },
        { index: 1, stride: 1 },
      ],
    }
    const sum: Statement = {
      kind: 'reduce',
      id: 2,
      op: 'add',
      dtype: 'float32',
      order: 'lanes',
      index: 1,
      extent: columns,
      body: [],
      value: s.load('float32', 0, at),
    }
    const body = loop(0, rows, [sum, store(1, along(0), s.local('float32', 2))])
    expect(isLong(body)).toBe(true)
    const program = programOf([float(rows * columns)], [float(rows)], [kernel(body)])
    expect(disagreements(program, [ramp(rows * columns)])).toEqual([])
  })

  it('stay whole when what precedes the loop reads what the loop writes', () => {
    const extent = 65536
    const fill = loop(0, extent, [store(1, along(0), s.load('float32', 0, along(0)))])
    const scale: Statement = {
      kind: 'let',
      id: 1,
      value: s.load('float32', 1, { base: 3, terms: [] }),
    }
    const sum = s.add(s.load('float32', 1, along(0)), s.local('float32', 1))
    const change = loop(0, extent, [store(1, along(0), sum)])
    expect(isLong(scale, change)).toBe(false)
    const program = programOf(
      [float(extent)],
      [float(extent)],
      [kernel(fill), kernel(scale, change)],
    )
    expect(disagreements(program, [ramp(extent)])).toEqual([])
  })

  it('stay whole when they are short, in order or more than one loop', () => {
    const body = store(1, along(0), s.constant('float32', 1))
    const inOrder: Statement = {
      kind: 'for',
      index: 0,
      extent: 70000,
      parallel: false,
      body: [body],
    }
    expect(isLong(loop(0, 1000, [body]))).toBe(false)
    expect(isLong(inOrder)).toBe(false)
    expect(isLong(loop(0, 70000, [body]), loop(0, 70000, [body]))).toBe(false)
  })
})
