import { shuffled } from '@rootstock/data'
import { describe, expect, test } from 'vitest'

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
