import {
  type Dataset,
  hideLabels,
  labelCounts,
  labelledRows,
  labelSubset,
  numberColumn,
  prepare,
  select,
  stringColumn,
  table,
  takeExamples,
} from '@rootstock/data'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { right } from '../right.ts'

const datasetOf = (dishes: readonly (string | null)[]): Dataset<'dish' | 'quality'> => {
  const from = right(
    table([
      numberColumn('x', [...dishes.map((_, i) => i), 0]),
      stringColumn('dish', [...dishes, null]),
      numberColumn('stars', [...dishes.map((_, i) => (i % 3 === 0 ? null : i)), 0]),
    ]),
  )
  const selected = select({ inputs: ['x'], targets: { dish: 'dish', quality: 'stars' } })(from)
  const rows = dishes.length
  return right(prepare(right(selected), { by: 'rows', train: [0, rows], test: [rows, rows + 1] }))
    .train
}

const dishes = fc
  .array(fc.option(fc.constantFrom('soup', 'fish', 'pie')), { minLength: 5, maxLength: 60 })
  .filter((texts) => texts.slice(1).some((t) => t !== null))

describe('few labels', () => {
  test('are as many as one asks for, or all there are', () => {
    fc.assert(
      fc.property(dishes, fc.nat({ max: 70 }), fc.nat(), (texts, count, seed) => {
        const dataset = datasetOf(texts)
        const all = labelCounts(dataset).dish
        const subset = labelSubset(dataset, 'dish', count, seed)
        expect(labelCounts(subset).dish).toBe(Math.min(count, all))
        expect(labelCounts(subset).quality).toBe(labelCounts(dataset).quality)
        expect(subset.inputs).toBe(dataset.inputs)
      }),
      { seed: 1 },
    )
  })

  test('grow with the count: fewer are among more', () => {
    fc.assert(
      fc.property(
        dishes,
        fc.nat({ max: 30 }),
        fc.nat({ max: 30 }),
        fc.nat(),
        (texts, a, b, seed) => {
          const dataset = datasetOf(texts)
          const few = labelledRows(dataset, 'dish', Math.min(a, b), seed)
          const more = new Set(labelledRows(dataset, 'dish', Math.max(a, b), seed))
          expect(few.every((row) => more.has(row))).toBe(true)
        },
      ),
      { seed: 1 },
    )
  })

  test('hold each class, in proportion', () => {
    const texts = Array.from({ length: 400 }, (_, i) =>
      i % 100 === 0 ? 'rare' : i % 4 === 0 ? 'some' : 'often',
    )
    const dataset = datasetOf(texts)
    for (let seed = 0; seed < 20; seed++) {
      const rows = labelledRows(dataset, 'dish', 40, seed)
      const count = (dish: string) => rows.filter((row) => texts[row] === dish).length
      expect(count('rare')).toBeGreaterThanOrEqual(1)
      expect(count('some')).toBeGreaterThanOrEqual(8)
      expect(count('some')).toBeLessThanOrEqual(11)
    }
  })

  test('of several tasks are in the same rows', () => {
    const dataset = datasetOf(['soup', 'fish', 'soup', 'fish', 'soup', 'fish', 'soup'])
    const subset = labelSubset(dataset, ['dish', 'quality'], 4, 3)
    const { dish, quality } = subset.targets
    expect(labelCounts(subset).dish).toBe(4)
    expect(quality.mask.every((m, row) => m <= dish.mask[row]!)).toBe(true)
  })

  test('differ from seed to seed', () => {
    const dataset = datasetOf(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 'a' : 'b')))
    const rows = [1, 2, 3].map((seed) => String(labelledRows(dataset, 'dish', 10, seed)))
    expect(new Set(rows).size).toBe(3)
  })

  test('of a task that is none are a mistake of the program', () => {
    const dataset: Dataset = datasetOf(['soup', 'fish'])
    expect(() => labelSubset(dataset, 'dihs', 1, 0)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in labelSubset
        task   "dihs"
        tasks  ["dish", "quality"]
        rule   the data set must have labels for the task]
    `)
    expect(() => labelledRows(dataset, 'dish', -1, 0)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in labelledRows
        count  -1
        rule   count must be a whole number of at least 0]
    `)
  })

  test('leave the data set they come from alone', () => {
    const dataset = datasetOf(['soup', 'fish', 'soup'])
    hideLabels(dataset, ['dish'], Int32Array.of())
    expect(labelCounts(dataset).dish).toBe(3)
  })
})

test('examples are taken with their labels and masks, in any order', () => {
  const taken = takeExamples(datasetOf(['soup', 'fish', null, 'soup']), Int32Array.of(2, 1, 1))
  expect(taken.rows).toBe(3)
  expect(taken.targets.dish).toMatchObject({
    values: Int32Array.of(0, 0, 0),
    mask: Uint8Array.of(0, 1, 1),
  })
  expect(taken.targets.quality.mask).toEqual(Uint8Array.of(1, 1, 1))
  expect(taken.inputs[1]).toBe(taken.inputs[2])
})
