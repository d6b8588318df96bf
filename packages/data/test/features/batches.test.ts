import { batchCount, batches, batchIndices, shuffled } from '@rootstock/data'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const options = fc.record({
  rows: fc.integer({ min: 1, max: 100 }),
  size: fc.integer({ min: 1, max: 40 }),
  seed: fc.nat(),
  epoch: fc.nat({ max: 50 }),
})

describe('the batches of an epoch', () => {
  test('hold each row once', () => {
    fc.assert(
      fc.property(options, (o) => {
        const rows = batchIndices(o).flatMap((batch) => [...batch])
        expect(rows.toSorted((a, b) => a - b)).toEqual([...Array(o.rows).keys()])
      }),
      { seed: 1 },
    )
  })

  test('are of one size if the last is dropped, and never none', () => {
    fc.assert(
      fc.property(options, (o) => {
        const made = batchIndices({ ...o, last: 'drop' })
        expect(made).toHaveLength(batchCount({ ...o, last: 'drop' }))
        expect(made.length).toBeGreaterThan(0)
        const size = Math.min(o.size, o.rows)
        expect(made.every((batch) => batch.length === size)).toBe(true)
      }),
      { seed: 1 },
    )
  })

  test('go on from any cursor as if they had never stopped', () => {
    fc.assert(
      fc.property(options, fc.nat({ max: 100 }), (o, cursor) => {
        expect([...batches({ ...o, cursor })]).toEqual(batchIndices(o).slice(cursor))
      }),
      { seed: 1 },
    )
  })

  test('differ from epoch to epoch and from seed to seed', () => {
    const of = (seed: number, epoch: number) =>
      String(batchIndices({ rows: 50, size: 50, seed, epoch })[0])
    const orders = [of(0, 0), of(0, 1), of(1, 0), of(1, 1), of(2 ** 33, 0)]
    expect(new Set(orders).size).toBe(orders.length)
  })
})

test('numbers that are not whole are mistakes of the program', () => {
  const of = (changes: object) => () =>
    batchIndices({ rows: 10, size: 4, seed: 1, epoch: 0, ...changes })
  expect(of({ size: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in batchIndices
      size  0
      rule  size must be a whole number of at least 1]
  `)
  expect(of({ seed: 0.5 })).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in batchIndices
      seed  0.5
      rule  seed must be a whole number of at least 0]
  `)
  expect(of({ epoch: -1 })).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in batchIndices
      epoch  -1
      rule   epoch must be a whole number of at least 0]
  `)
  expect(of({ rows: Number.NaN })).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in batchIndices
      rows  NaN
      rule  rows must be a whole number of at least 0]
  `)
})

describe('a shuffle', () => {
  test('is a known order for a known seed', () => {
    expect([...shuffled(10, 7)]).toMatchInlineSnapshot(`
      [
        8,
        2,
        6,
        0,
        3,
        5,
        9,
        1,
        7,
        4,
      ]
    `)
  })

  test('puts each number in each place equally often', () => {
    const n = 5
    const draws = 20_000
    const counts = Array.from({ length: n }, () => Array<number>(n).fill(0))
    for (let seed = 0; seed < draws; seed++) {
      shuffled(n, seed).forEach((x, place) => {
        counts[x]![place]!++
      })
    }
    // Chi-squared with 16 degrees of freedom; 39.3 is exceeded once in a thousand times.
    const expected = draws / n
    const chi = counts.flat().reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0)
    expect(chi).toBeLessThan(39.3)
  })
})
