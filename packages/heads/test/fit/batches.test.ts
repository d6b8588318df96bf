import { batchIndices } from '@rootstock/heads'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const options = fc.record({
  rows: fc.integer({ min: 1, max: 20 }),
  size: fc.integer({ min: 1, max: 12 }),
  seed: fc.nat(),
  epoch: fc.nat({ max: 50 }),
})

describe('the batches of an epoch', () => {
  it('hold each row once, and only the last is smaller', () => {
    fc.assert(
      fc.property(options, (o) => {
        const batches = batchIndices(o)
        const rows = batches.flatMap((batch) => [...batch])
        expect(rows.toSorted((a, b) => a - b)).toEqual([...Array(o.rows).keys()])
        expect(batches.slice(0, -1).every((batch) => batch.length === o.size)).toBe(true)
        expect(batches.at(-1)!.length).toBeGreaterThan(0)
      }),
      { seed: 1 },
    )
  })

  it('go on from any cursor as if they had never stopped', () => {
    fc.assert(
      fc.property(options, fc.nat({ max: 24 }), (o, cursor) => {
        expect(batchIndices({ ...o, cursor })).toEqual(batchIndices(o).slice(cursor))
      }),
      { seed: 1 },
    )
  })

  it('differ from epoch to epoch and from seed to seed', () => {
    const of = (seed: number, epoch: number) =>
      String(batchIndices({ rows: 50, size: 50, seed, epoch })[0])
    const orders = [of(0, 0), of(0, 1), of(1, 0), of(1, 1), of(2 ** 33, 0)]
    expect(new Set(orders).size).toBe(orders.length)
  })

  it('put each row at each place equally often', () => {
    const [rows, draws] = [5, 2000]
    const counts = Array.from({ length: rows }, () => Array<number>(rows).fill(0))
    for (let epoch = 0; epoch < draws; epoch++) {
      const [order] = batchIndices({ rows, size: rows, seed: 3, epoch })
      order!.forEach((row, place) => {
        counts[row]![place]!++
      })
    }
    // chi-squared with 16 degrees of freedom; 39.3 is exceeded once in a thousand times
    const expected = draws / rows
    const chi = counts.flat().reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    expect(chi).toBeLessThan(39.3)
  })

  it('need whole numbers', () => {
    const of = (changes: object) => () =>
      batchIndices({ rows: 10, size: 4, seed: 1, epoch: 0, ...changes })
    expect(of({ size: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in batchIndices
        size  0
        rule  size must be a whole number of at least 1]
    `)
    expect(of({ epoch: -1 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in batchIndices
        epoch  -1
        rule   epoch must be a whole number of at least 0]
    `)
  })
})
