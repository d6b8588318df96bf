import { random, type Tensor, tensor } from '@rootstock/core'
import { encode } from '@rootstock/eval'
import { evaluation, mlp } from '@rootstock/heads'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const trunk = mlp({ in: 3, hidden: [5, 4], dropout: 0.5 })
const params = trunk.init(random.key(0))

const rowsOf = (rows: number) => ({
  rows,
  width: 3,
  inputs: Float32Array.from({ length: rows * 3 }, (_, i) => Math.sin(i * 2.3)),
  targets: {},
})

const numbers = (x: Tensor) => [...x.data()]

describe('encode', () => {
  test('gives what the trunk gives in evaluation, whatever the size of batches', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        (rows, size) => {
          const data = rowsOf(rows)
          const x = tensor(data.inputs.slice(), { shape: [rows, 3] })
          const found = encode(trunk, params, data, { batchSize: size })
          expect({ rows: found.rows, width: found.width }).toEqual({ rows, width: 4 })
          expect([...found.inputs]).toEqual(numbers(trunk.apply(params, x, evaluation)))
        },
      ),
      { numRuns: 30 },
    )
  })

  test('takes features at a tap, at several, and of chosen rows in their order', () => {
    const data = rowsOf(7)
    const first = encode(trunk, params, data, { tap: 'layers/0' })
    const both = encode(trunk, params, data, { tap: [1, 0] })
    const some = encode(trunk, params, data, { tap: 0, rows: Int32Array.of(6, 0, 6) })
    expect([first.width, both.width]).toEqual([5, 9])
    expect([...both.inputs.subarray(4, 9)]).toEqual([...first.inputs.subarray(0, 5)])
    expect([...some.inputs.subarray(0, 5)]).toEqual([...first.inputs.subarray(30, 35)])
    expect([...some.inputs.subarray(5, 10)]).toEqual([...first.inputs.subarray(0, 5)])
    expect(some.rows).toBe(3)
  })

  test('of no rows is nothing', () => {
    expect(encode(trunk, params, rowsOf(0)).inputs).toHaveLength(0)
  })

  test('refuses rows of another width, batches of nothing and taps that are not there', () => {
    const narrow = { rows: 1, width: 2, inputs: Float32Array.of(1, 2), targets: {} }
    expect(() => encode(trunk, params, narrow)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in encode
        trunk.in    3
        data.width  2
        rule        rows must be as wide as the input of the trunk]
    `)
    expect(() =>
      encode(trunk, params, rowsOf(2), { batchSize: 0 }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in encode
        batchSize  0
        rule       batchSize must be a whole number of at least 1]
    `)
    expect(() =>
      encode(trunk, params, rowsOf(2), { tap: 'layers/9' }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in tap
        name  layers/9
        rule  the trunk has the taps layers/0, layers/1]
    `)
  })
})
