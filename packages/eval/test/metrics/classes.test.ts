/** Metrics of classes, partitions and labels against their definitions, and where they are not defined. */
import {
  accuracy,
  adjustedRand,
  boxIou,
  classReport,
  cohenKappa,
  f1,
  fBeta,
  hammingLoss,
  iouPerClass,
  jaccard,
  mcc,
  meanBoxIou,
  meanIou,
  multilabelF1,
  mutualInformation,
  normalizedMutualInformation,
  pearson,
  precision,
  recall,
  subsetAccuracy,
} from '@rootstock/eval'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columns, expectLaw, expectSame, type Pairs, pairs } from './laws.ts'

describe('predicted classes', () => {
  test('micro averages of precision, recall and F1 are the accuracy', () => {
    expectLaw(pairs(3, 3), (t, y) => {
      for (const metric of [precision, recall, f1])
        expectSame(metric(t, y, { average: 'micro' }), accuracy(t, y))
      expectSame(recall(t, y, { average: 'weighted' }), accuracy(t, y))
    })
  })

  test('macro averages are means of the report of classes', () => {
    expectLaw(pairs(3, 3), (t, y) => {
      const classes = classReport(t, y, { classes: 5 })
      const mean = (name: 'precision' | 'recall' | 'f1') =>
        classes.reduce((sum, one) => sum + one[name], 0) / 5
      expectSame(precision(t, y, { classes: 5 }), mean('precision'))
      expectSame(recall(t, y, { classes: 5 }), mean('recall'))
      expectSame(f1(t, y, { classes: 5 }), mean('f1'))
    })
  })

  test('F-beta lies between precision and recall, and a large beta makes it recall', () => {
    expectLaw(pairs(1, 1), (t, y) => {
      const options = { average: 'binary' as const }
      const [p, r] = [precision(t, y, options), recall(t, y, options)]
      const f2 = fBeta(t, y, { beta: 2, ...options })
      expect(f2).toBeGreaterThanOrEqual(Math.min(p, r) - 1e-12)
      expect(f2).toBeLessThanOrEqual(Math.max(p, r) + 1e-12)
      if (p > 0) expectSame(fBeta(t, y, { beta: 1e8, ...options }), r)
    })
  })

  test('the overlap of one class is F1 / (2 - F1)', () => {
    expectLaw(pairs(1, 1), (t, y) => {
      const f = f1(t, y, { average: 'binary' })
      expectSame(jaccard(t, y, { average: 'binary' }), f / (2 - f))
    })
  })

  test('the mean IoU is over the classes that occur', () => {
    expect(iouPerClass([0, 0, 3], [0, 3, 3], { classes: 5 })).toEqual([
      0.5,
      Number.NaN,
      Number.NaN,
      0.5,
      Number.NaN,
    ])
    expect(meanIou([0, 0, 3], [0, 3, 3], { classes: 5 })).toBe(0.5)
  })

  test("Matthews' correlation of two classes is Pearson's, and 0 where that is not defined", () => {
    expectLaw(pairs(1, 1), (t, y) => {
      const correlation = pearson(t, y)
      expectSame(mcc(t, y), Number.isNaN(correlation) ? 0 : correlation)
    })
  })

  test('kappa is 1 when all is right, near 0 for chance, and NaN for one class alone', () => {
    expect(cohenKappa([0, 1, 2], [0, 1, 2])).toBe(1)
    expect(cohenKappa([0, 0, 1, 1], [0, 1, 0, 1])).toBe(0)
    expect(cohenKappa([1, 1], [1, 1])).toBeNaN()
  })

  test('kappa punishes far mistakes more the higher the power', () => {
    const near = [0, 1, 2, 3, 4].map((penalised) => Math.min(4, penalised + 1))
    const far = [4, 1, 2, 3, 4]
    const t = [0, 1, 2, 3, 4]
    expect(cohenKappa(t, near)).toBeLessThan(cohenKappa(t, far))
    expect(cohenKappa(t, near, { penalty: 'quadratic' })).toBeGreaterThan(
      cohenKappa(t, far, { penalty: 'quadratic' }),
    )
  })
})

describe('partitions', () => {
  const renamed = (labels: readonly number[]) => labels.map((k) => (k * 3 + 2) % 7)

  test('the names of parts do not matter, nor which partition comes first', () => {
    expectLaw(pairs(4, 4), (t, y) => {
      for (const metric of [mutualInformation, normalizedMutualInformation, adjustedRand]) {
        expectSame(metric(renamed(t), y), metric(t, y))
        expectSame(metric(y, t), metric(t, y))
      }
    })
  })

  test('equal partitions score 1', () => {
    expectLaw(pairs(4, 4), (t) => {
      expectSame(normalizedMutualInformation(t, renamed(t)), 1)
      expectSame(adjustedRand(t, renamed(t)), 1)
    })
  })

  test('adjusted Rand is what counting pairs gives', () => {
    expectLaw(pairs(3, 3, 2), (t, y) => {
      let [both, first, second, all] = [0, 0, 0, 0]
      for (let i = 0; i < t.length; i++)
        for (let j = 0; j < i; j++) {
          const [a, b] = [t[i] === t[j], y[i] === y[j]]
          all++
          if (a) first++
          if (b) second++
          if (a && b) both++
        }
      if (both === first && both === second) {
        expectSame(adjustedRand(t, y), 1)
        return
      }
      const chance = (first * second) / all
      expectSame(adjustedRand(t, y), (both - chance) / ((first + second) / 2 - chance))
    })
  })
})

describe('tables of labels', () => {
  const tables = fc.array(
    fc.array(fc.tuple(fc.nat(1), fc.nat(1)), { minLength: 3, maxLength: 3 }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )

  test('one label is a binary task', () => {
    expectLaw(pairs(1, 1), (t, y) => {
      expectSame(subsetAccuracy(t, y, { labels: 1 }), accuracy(t, y))
      expectSame(hammingLoss(t, y, { labels: 1 }), 1 - accuracy(t, y))
      expectSame(multilabelF1(t, y, { labels: 1 }), f1(t, y, { average: 'binary' }))
    })
  })

  test('samples averages the F1 of rows, macro the F1 of labels', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const [t, y] = columns(rows.flat())
        const score = (cells: Pairs) => f1(...columns(cells), { average: 'binary' })
        const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length
        expectSame(multilabelF1(t, y, { labels: 3, average: 'samples' }), mean(rows.map(score)))
        const labels = [0, 1, 2].map((k) => score(rows.map((row) => row[k]!)))
        expectSame(multilabelF1(t, y, { labels: 3 }), mean(labels))
        expectSame(multilabelF1(t, y, { labels: 3, average: 'micro' }), score(rows.flat()))
      }),
      { seed: 1 },
    )
  })
})

describe('boxes', () => {
  test('overlap with themselves fully, with none beside them not at all, and alike both ways', () => {
    const boxes = [0, 0, 2, 2, 1, 1, 4, 3, 8, 8, 9, 9]
    const table = boxIou(boxes, boxes)
    expect(table.map((row, i) => row[i])).toEqual([1, 1, 1])
    expect(table[0]![2]).toBe(0)
    expect(table[0]![1]).toBe(1 / 9)
    expect(table[1]![0]).toBe(1 / 9)
    expect(boxIou([1, 1, 1, 1], [1, 1, 1, 1])).toEqual([[0]])
  })

  test('box by box, rows count by their weights', () => {
    const targets = [0, 0, 2, 2, 0, 0, 1, 1, Number.NaN, 0, 0, 0]
    const predictions = [1, 0, 3, 2, 0, 0, 1, 1, 0, 0, 1, 1]
    expect(meanBoxIou(targets, predictions, { weights: [1, 1, 0] })).toBe((1 / 3 + 1) / 2)
    expect(meanBoxIou(targets, predictions, { weights: [3, 1, 0] })).toBe((3 * (1 / 3) + 1) / 4)
    expect(meanBoxIou(targets, predictions, { mask: [false, false, false] })).toBeNaN()
    expect(() => meanBoxIou(targets, predictions.slice(4))).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in meanBoxIou
        targets      3 numbers
        predictions  8 numbers in rows of 4
        rule         predictions must hold 4 numbers for each target (12, not 8)]
    `)
  })
})

describe('mistakes are named', () => {
  test('a mask of another length', () => {
    expect(() => mcc([0, 1], [0, 1], { mask: [true] })).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in mcc
        targets      2 numbers
        predictions  2 numbers
        mask         1 number
        rule         there must be one mask entry for each target (2, not 1)]
    `)
  })

  test('a table of labels that is not one', () => {
    expect(() =>
      hammingLoss([0, 1, 1], [0, 1, 1], { labels: 2 }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in hammingLoss
        targets  3 numbers
        labels   2
        rule     targets must hold one number for each label of each row]
    `)
    expect(() => subsetAccuracy([0, 2], [0, 1], { labels: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in subsetAccuracy
        targets  2 numbers
        classes  2
        rule     targets must be class numbers from 0 to 1, but row 1 is 2]
    `)
  })

  test('a box with a corner too few', () => {
    expect(() => boxIou([0, 0, 1], [0, 0, 1, 1])).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in boxIou
        a     3 numbers
        rule  a box is four numbers: x1, y1, x2, y2]
    `)
  })
})
