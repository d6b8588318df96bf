import { labelCounts } from '@rootstock/data'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawLabels, resolveCounts } from '../../src/comparison/labels.ts'
import { menu } from '../menu.ts'

const { train } = menu()
const tasks = ['kind', 'price']

const labelledIn = ({ targets }: typeof train) =>
  [...train.inputs.keys()]
    .slice(0, train.rows)
    .filter((row) => targets.kind.mask[row] === 1 || targets.price.mask[row] === 1)

const draw = (count: number, seed: number, by: string | undefined = 'kind') =>
  drawLabels(train, tasks, { by, count, seed }) as typeof train

describe('resolveCounts', () => {
  test('takes numbers, shares and all, ascending and each once', () => {
    expect(labelledIn(train)).toHaveLength(159)
    expect(resolveCounts(train, tasks, ['all', 0.1, 50, 16, 1000])).toEqual([16, 50, 159])
    expect(resolveCounts(train, tasks, [0.001, 1])).toEqual([1])
  })

  test('refuses what is no number of rows', () => {
    expect(() => resolveCounts(train, tasks, [0])).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in compare
        labels  0
        rule    a label count must be a whole number of at least 1, a share below 1, or 'all']
    `)
    expect(() => resolveCounts(train, tasks, [2.5])).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in compare
        labels  2.5
        rule    a label count must be a whole number of at least 1, a share below 1, or 'all']
    `)
  })
})

describe('drawLabels', () => {
  test('leaves labels on so many rows, the same rows for all tasks, and no label that was not there', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 159 }),
        fc.integer({ min: 0, max: 9 }),
        (count, seed) => {
          const drawn = draw(count, seed)
          expect(labelledIn(drawn)).toHaveLength(count)
          for (const row of labelledIn(drawn)) {
            expect(drawn.targets.kind.mask[row]).toBe(train.targets.kind.mask[row])
            expect(drawn.targets.price.mask[row]).toBe(train.targets.price.mask[row])
          }
          expect(drawn.inputs).toBe(train.inputs)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('draws classes in proportion, each of them from few rows on', () => {
    const shares = (data: typeof train) => {
      const counts = [0, 0, 0]
      data.targets.kind.mask.forEach((mask, row) => {
        if (mask === 1) counts[data.targets.kind.values[row]!]!++
      })
      return counts
    }
    const all = shares(train)
    for (const seed of [1, 2, 3]) {
      expect(shares(draw(4, seed)).every((count) => count >= 1)).toBe(true)
      shares(draw(80, seed)).forEach((count, k) => {
        expect(Math.abs(count - (all[k]! * 80) / 159)).toBeLessThan(3)
      })
    }
  })

  test('makes a smaller draw part of a larger one, and other draws of other seeds', () => {
    const small = labelledIn(draw(20, 7))
    const large = new Set(labelledIn(draw(60, 7)))
    expect(small.every((row) => large.has(row))).toBe(true)
    expect(labelledIn(draw(20, 8))).not.toEqual(small)
  })

  test('draws without classes where there are none', () => {
    expect(labelCounts(draw(159, 1, undefined))).toEqual(labelCounts(train))
    expect(labelledIn(draw(9, 1, 'price'))).toHaveLength(9)
  })
})
