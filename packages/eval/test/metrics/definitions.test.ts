/** Metrics against their definitions by plain loops, against each other, and where they are not defined. */
import {
  accuracy,
  adjustedRand,
  averagePrecision,
  boxIou,
  brier,
  brierMulticlass,
  classReport,
  cohenKappa,
  expectedCalibrationError,
  explainedVariance,
  f1,
  fBeta,
  hammingLoss,
  iouPerClass,
  jaccard,
  kendall,
  maxError,
  maximumCalibrationError,
  mcc,
  meanIou,
  medianAbsoluteError,
  multilabelF1,
  mutualInformation,
  ndcg,
  normalizedMutualInformation,
  pearson,
  prAuc,
  precision,
  r2,
  recall,
  rocAuc,
  rocAucMacro,
  rocAucMulticlass,
  spearman,
  subsetAccuracy,
  topKAccuracy,
} from '@rootstock/eval'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

type Pairs = readonly (readonly [number, number])[]

const pairs = (first: number, second: number, minLength = 1): fc.Arbitrary<Pairs> =>
  fc.array(fc.tuple(fc.nat(first), fc.nat(second)), { minLength, maxLength: 30 })

const columns = (rows: Pairs): [number[], number[]] => [
  rows.map(([a]) => a),
  rows.map(([, b]) => b),
]

const holds = (rows: fc.Arbitrary<Pairs>, law: (a: number[], b: number[]) => void): void => {
  fc.assert(
    fc.property(rows, (given) => law(...columns(given))),
    { seed: 1, numRuns: 100 },
  )
}

const same = (found: number, expected: number): void => {
  if (Number.isNaN(expected)) expect(found).toBeNaN()
  else expect(found).toBeCloseTo(expected, 10)
}

describe('predicted classes', () => {
  test('micro averages of precision, recall and F1 are the accuracy', () => {
    holds(pairs(3, 3), (t, y) => {
      for (const metric of [precision, recall, f1])
        same(metric(t, y, { average: 'micro' }), accuracy(t, y))
      same(recall(t, y, { average: 'weighted' }), accuracy(t, y))
    })
  })

  test('macro averages are means of the report of classes', () => {
    holds(pairs(3, 3), (t, y) => {
      const classes = classReport(t, y, { classes: 5 })
      const mean = (name: 'precision' | 'recall' | 'f1') =>
        classes.reduce((sum, one) => sum + one[name], 0) / 5
      same(precision(t, y, { classes: 5 }), mean('precision'))
      same(recall(t, y, { classes: 5 }), mean('recall'))
      same(f1(t, y, { classes: 5 }), mean('f1'))
    })
  })

  test('F-beta lies between precision and recall, and a large beta makes it recall', () => {
    holds(pairs(1, 1), (t, y) => {
      const options = { average: 'binary' as const }
      const [p, r] = [precision(t, y, options), recall(t, y, options)]
      const f2 = fBeta(t, y, { beta: 2, ...options })
      expect(f2).toBeGreaterThanOrEqual(Math.min(p, r) - 1e-12)
      expect(f2).toBeLessThanOrEqual(Math.max(p, r) + 1e-12)
      if (p > 0) same(fBeta(t, y, { beta: 1e8, ...options }), r)
    })
  })

  test('the overlap of one class is F1 / (2 - F1)', () => {
    holds(pairs(1, 1), (t, y) => {
      const f = f1(t, y, { average: 'binary' })
      same(jaccard(t, y, { average: 'binary' }), f / (2 - f))
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
    holds(pairs(1, 1), (t, y) => {
      const correlation = pearson(t, y)
      same(mcc(t, y), Number.isNaN(correlation) ? 0 : correlation)
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
    holds(pairs(4, 4), (t, y) => {
      for (const metric of [mutualInformation, normalizedMutualInformation, adjustedRand]) {
        same(metric(renamed(t), y), metric(t, y))
        same(metric(y, t), metric(t, y))
      }
    })
  })

  test('equal partitions score 1', () => {
    holds(pairs(4, 4), (t) => {
      same(normalizedMutualInformation(t, renamed(t)), 1)
      same(adjustedRand(t, renamed(t)), 1)
    })
  })

  test('adjusted Rand is what counting pairs gives', () => {
    holds(pairs(3, 3, 2), (t, y) => {
      let [both, first, second, all] = [0, 0, 0, 0]
      for (let i = 0; i < t.length; i++)
        for (let j = 0; j < i; j++) {
          const [a, b] = [t[i] === t[j], y[i] === y[j]]
          all++
          if (a) first++
          if (b) second++
          if (a && b) both++
        }
      if (both === first && both === second) return same(adjustedRand(t, y), 1)
      const chance = (first * second) / all
      return same(adjustedRand(t, y), (both - chance) / ((first + second) / 2 - chance))
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
    holds(pairs(1, 1), (t, y) => {
      same(subsetAccuracy(t, y, { labels: 1 }), accuracy(t, y))
      same(hammingLoss(t, y, { labels: 1 }), 1 - accuracy(t, y))
      same(multilabelF1(t, y, { labels: 1 }), f1(t, y, { average: 'binary' }))
    })
  })

  test('samples averages the F1 of rows, macro the F1 of labels', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const [t, y] = columns(rows.flat())
        const score = (cells: Pairs) => f1(...columns(cells), { average: 'binary' })
        const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length
        same(multilabelF1(t, y, { labels: 3, average: 'samples' }), mean(rows.map(score)))
        const labels = [0, 1, 2].map((k) => score(rows.map((row) => row[k]!)))
        same(multilabelF1(t, y, { labels: 3 }), mean(labels))
        same(multilabelF1(t, y, { labels: 3, average: 'micro' }), score(rows.flat()))
      }),
      { seed: 1 },
    )
  })
})

describe('rankings', () => {
  test('average precision is the mean precision at the rows of class 1, when no scores are tied', () => {
    holds(pairs(1, 0), (t) => {
      const scores = t.map((_, i) => (i * 7919) % 104729)
      const order = [...t.keys()].sort((a, b) => scores[b]! - scores[a]!)
      const found = order.flatMap((row, i) => {
        const right = order.slice(0, i + 1).filter((k) => t[k] === 1).length
        return t[row] === 1 ? [right / (i + 1)] : []
      })
      same(averagePrecision(t, scores), found.reduce((a, b) => a + b, 0) / found.length)
    })
  })

  test('precision against recall has no area without rows of class 1', () => {
    for (const metric of [averagePrecision, prAuc]) {
      expect(metric([0, 0], [1, 2])).toBeNaN()
      expect(metric([0, 1], [Number.NaN, 2])).toBeNaN()
      expect(metric([1, 1], [1, 2])).toBe(1)
    }
  })

  test('areas against the rest and against each other class are one for two classes', () => {
    holds(pairs(1, 8), (t, s) => {
      const probabilities = s.flatMap((p) => [1 - p / 8, p / 8])
      const area = rocAuc(t, s)
      for (const against of ['rest', 'each'] as const)
        for (const average of ['macro', 'weighted'] as const)
          same(rocAucMulticlass(t, probabilities, { classes: 2, against, average }), area)
      same(rocAucMacro(t, probabilities, { classes: 2 }), area)
    })
  })

  test('a class that no row has is left out of the areas', () => {
    const [t, p] = [
      [0, 2],
      [0.9, 0, 0.1, 0.3, 0.3, 0.4],
    ]
    for (const against of ['rest', 'each'] as const)
      expect(rocAucMulticlass(t, p, { classes: 3, against })).toBe(1)
  })

  test('the best one is the most likely class, and all classes hold the true one', () => {
    holds(pairs(2, 4), (t, s) => {
      const scores = s.flatMap((a, i) => [a, (a * i) % 5, 4 - a])
      const best = t.map((_, i) => {
        const row = scores.slice(3 * i, 3 * i + 3)
        return row.indexOf(Math.max(...row))
      })
      same(topKAccuracy(t, scores, { classes: 3, k: 1 }), accuracy(t, best))
      expect(topKAccuracy(t, scores, { classes: 3, k: 3 })).toBe(1)
    })
  })

  test('a NaN among scores is not ranked', () => {
    expect(topKAccuracy([0], [1, Number.NaN], { classes: 2, k: 1 })).toBeNaN()
    expect(ndcg([1, 0], [Number.NaN, 1], { items: 2 })).toBeNaN()
    expect(kendall([1, 2], [Number.NaN, 1])).toBeNaN()
    expect(spearman([1, 2], [Number.NaN, 1])).toBeNaN()
    expect(medianAbsoluteError([1, 2], [Number.NaN, 1])).toBeNaN()
    expect(maxError([1, 2], [Number.NaN, 1])).toBeNaN()
  })

  test('the best order has a gain of 1, tied items the mean of their orders, and no relevant item 0', () => {
    holds(pairs(3, 3, 2), (gains, scores) => {
      const items = gains.length
      const found = ndcg(gains, scores, { items })
      expect(found).toBeLessThanOrEqual(1 + 1e-12)
      const relevant = gains.some((gain) => gain > 0)
      same(ndcg(gains, gains, { items }), relevant ? 1 : 0)
    })
    const [one, other] = [
      [3, 2, 1],
      [2, 3, 1],
    ].map((scores) => ndcg([1, 0, 2], scores, { items: 3 }))
    same(ndcg([1, 0, 2], [2, 2, 1], { items: 3 }), (one! + other!) / 2)
  })
})

describe('chances', () => {
  test("Brier's score of two classes is twice that of class 1", () => {
    holds(pairs(1, 8), (t, s) => {
      const probabilities = s.flatMap((p) => [1 - p / 8, p / 8])
      const ofOne = s.map((p) => p / 8)
      same(brierMulticlass(t, probabilities, { classes: 2 }), 2 * brier(t, ofOne))
    })
  })

  test('one bin compares accuracy with mean confidence, and the worst bin is at least the mean', () => {
    holds(pairs(1, 7), (t, s) => {
      const p = s.flatMap((n) => [(8 - n) / 8, n / 8])
      const confidence = s.reduce((sum, n) => sum + Math.max(n, 8 - n) / 8, 0) / s.length
      const right = t.filter((k, i) => k === (s[i]! > 4 ? 1 : 0)).length / t.length
      const one = { classes: 2, bins: 1 }
      same(expectedCalibrationError(t, p, one), Math.abs(right - confidence))
      same(maximumCalibrationError(t, p, one), Math.abs(right - confidence))
      expect(maximumCalibrationError(t, p, { classes: 2 })).toBeGreaterThanOrEqual(
        expectedCalibrationError(t, p, { classes: 2 }) - 1e-12,
      )
    })
  })

  test('a confidence on the edge of two bins falls in the lower one', () => {
    // 0.6 * 5 is 3 but 0.7 * 10 is 7.000000000000001
    const bins = (p: number, count: number) =>
      maximumCalibrationError([0, 0], [p, 1 - p, p - 0.05, 1.05 - p], { classes: 2, bins: count })
    expect(bins(0.6, 5)).toBeCloseTo(1 - 0.575, 12)
    expect(bins(0.7, 10)).toBeCloseTo(1 - 0.675, 12)
  })
})

describe('numbers', () => {
  test('the explained variance does not see an offset, and is at least R2', () => {
    holds(pairs(9, 9, 2), (t, y) => {
      const shifted = y.map((value) => value + 3)
      same(explainedVariance(t, shifted), explainedVariance(t, y))
      expect(explainedVariance(t, y)).toBeGreaterThanOrEqual(r2(t, y) - 1e-12)
    })
  })

  test('constant targets are constant however they are rounded', () => {
    const tenths = [0.1, 0.1, 0.1]
    expect(r2(tenths, tenths)).toBe(1)
    expect(r2(tenths, [0.1, 0.2, 0.1])).toBe(0)
    expect(pearson(tenths, [1, 2, 3])).toBeNaN()
  })

  test('the median error is the middle of the sorted ones, and the largest the last', () => {
    holds(pairs(20, 20), (t, y) => {
      const errors = t.map((value, i) => Math.abs(value - y[i]!)).sort((a, b) => a - b)
      const n = errors.length
      const middle = (errors[Math.floor((n - 1) / 2)]! + errors[Math.floor(n / 2)]!) / 2
      same(medianAbsoluteError(t, y), middle)
      same(maxError(t, y), errors.at(-1)!)
    })
  })

  test("Kendall's tau-b is what counting pairs gives", () => {
    holds(pairs(6, 6), (x, y) => {
      let [sum, ofX, ofY] = [0, 0, 0]
      for (let i = 0; i < x.length; i++)
        for (let j = 0; j < i; j++) {
          const [a, b] = [Math.sign(x[i]! - x[j]!), Math.sign(y[i]! - y[j]!)]
          sum += a * b
          ofX += a * a
          ofY += b * b
        }
      same(kendall(x, y), sum / Math.sqrt(ofX * ofY))
    })
  })

  test('rank correlations see the order alone', () => {
    holds(pairs(6, 6), (x, y) => {
      const stretched = y.map((value) => Math.exp(value))
      for (const metric of [spearman, kendall]) {
        same(metric(x, stretched), metric(x, y))
        same(
          metric(
            x,
            y.map((value) => -value),
          ),
          -metric(x, y),
        )
      }
    })
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

  test('a relevance below 0', () => {
    expect(() => ndcg([1, -1], [0, 1], { items: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in ndcg
        targets  2 numbers
        items    2
        rule     targets must be relevances of at least 0, but item 1 of query 0 is -1]
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
