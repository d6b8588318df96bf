import {
  accuracy,
  balancedAccuracy,
  confusionMatrix,
  f1,
  logLoss,
  mae,
  metrics,
  r2,
  rmse,
  rocAuc,
  rocAucMacro,
  scoreClassification,
  scoreRegression,
} from '@rootstock/eval'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const label = fc.integer({ min: 0, max: 3 })
const pairs = fc.array(fc.tuple(label, label), { minLength: 1, maxLength: 40 })
const column = <T>(rows: readonly (readonly [T, T])[], side: 0 | 1): T[] => rows.map((r) => r[side])
const binary = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: -6, max: 6 })), {
  minLength: 2,
  maxLength: 40,
})
const reals = fc.array(
  fc.tuple(
    fc.double({ min: -100, max: 100, noNaN: true }),
    fc.double({ min: -100, max: 100, noNaN: true }),
  ),
  { minLength: 2, maxLength: 30 },
)

describe('a weight of 0 leaves a row out, and a weight of 2 counts it twice', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 40, maxLength: 40 })
  const repeated = <T>(rows: readonly T[], counts: readonly number[]): T[] =>
    rows.flatMap((row, i) => Array.from({ length: counts[i]! }, () => row))

  test.for([
    ['accuracy', accuracy],
    ['balancedAccuracy', balancedAccuracy],
    ['f1', f1],
    ['rmse', rmse],
    ['mae', mae],
  ] as const)('%s', ([, metric]) => {
    fc.assert(
      fc.property(pairs, weights, (rows, counts) => {
        const weighted = metric(column(rows, 0), column(rows, 1), {
          weights: counts.slice(0, rows.length),
        })
        const rest = repeated(rows, counts)
        const expected = metric(column(rest, 0), column(rest, 1))
        if (Number.isNaN(expected)) expect(weighted).toBeNaN()
        else expect(weighted).toBeCloseTo(expected, 10)
      }),
      { seed: 1 },
    )
  })

  test('rocAuc', () => {
    fc.assert(
      fc.property(binary, weights, (rows, counts) => {
        const weighted = rocAuc(column(rows, 0), column(rows, 1), {
          weights: counts.slice(0, rows.length),
        })
        const rest = repeated(rows, counts)
        const expected = rocAuc(column(rest, 0), column(rest, 1))
        if (Number.isNaN(expected)) expect(weighted).toBeNaN()
        else expect(weighted).toBeCloseTo(expected, 10)
      }),
      { seed: 2 },
    )
  })

  test('a masked row may hold anything', () => {
    const masked = { weights: [1, 1, 0] }
    expect(accuracy([0, 1, Number.NaN], [0, 1, 0], masked)).toBe(1)
    expect(f1([0, 1, -1], [0, 1, 7], masked)).toBe(1)
    expect(rocAuc([0, 1, 9], [0.1, 0.2, Number.NaN], masked)).toBe(1)
    expect(rmse([1, 2, Number.NaN], [1, 2, 5], masked)).toBe(0)
    const rows = [1, 0, 0, 1, Number.NaN, Number.NaN]
    expect(logLoss([0, 1, 7], rows, { classes: 2, ...masked })).toBe(0)
  })
})

describe('invariances', () => {
  test('the order of rows and the names of classes do not matter', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const renamed = rows.map(([t, y]) => [3 - t, 3 - y] as const).reverse()
        for (const metric of [accuracy, balancedAccuracy, f1])
          expect(metric(column(renamed, 0), column(renamed, 1))).toBeCloseTo(
            metric(column(rows, 0), column(rows, 1)),
            12,
          )
      }),
      { seed: 3 },
    )
  })

  test('the confusion matrix holds each row once, and its diagonal is the accuracy', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const matrix = confusionMatrix(column(rows, 0), column(rows, 1), { classes: 4 })
        expect(matrix.flat().reduce((a, b) => a + b)).toBe(rows.length)
        const diagonal = matrix.reduce((sum, row, k) => sum + row[k]!, 0)
        expect(diagonal / rows.length).toBe(accuracy(column(rows, 0), column(rows, 1)))
      }),
      { seed: 4 },
    )
  })

  test('rocAuc is the share of pairs in the right order, ties one half', () => {
    fc.assert(
      fc.property(binary, (rows) => {
        const positives = rows.filter(([t]) => t === 1)
        const negatives = rows.filter(([t]) => t === 0)
        fc.pre(positives.length > 0 && negatives.length > 0)
        let right = 0
        for (const [, p] of positives)
          for (const [, n] of negatives) right += p > n ? 1 : p === n ? 0.5 : 0
        expect(rocAuc(column(rows, 0), column(rows, 1))).toBeCloseTo(
          right / (positives.length * negatives.length),
          12,
        )
      }),
      { seed: 5 },
    )
  })

  test('rocAuc sees only the order of scores, and reversing it takes the area from 1', () => {
    fc.assert(
      fc.property(binary, (rows) => {
        const targets = column(rows, 0)
        const scores = column(rows, 1)
        const area = rocAuc(targets, scores)
        fc.pre(!Number.isNaN(area))
        const stretched = rocAuc(
          targets,
          scores.map((s) => Math.exp(s) + s),
        )
        expect(stretched).toBe(area)
        const reversed = rocAuc(
          targets,
          scores.map((s) => -s),
        )
        expect(reversed).toBeCloseTo(1 - area, 12)
      }),
      { seed: 6 },
    )
  })

  test('rocAucMacro of two classes is rocAuc', () => {
    fc.assert(
      fc.property(binary, (rows) => {
        const targets = column(rows, 0)
        const area = rocAuc(targets, column(rows, 1))
        fc.pre(!Number.isNaN(area))
        const probabilities = rows.flatMap(([, s]) => [1 - s / 12, s / 12])
        expect(rocAucMacro(targets, probabilities, { classes: 2 })).toBeCloseTo(area, 12)
      }),
      { seed: 7 },
    )
  })

  test('rmse is at least mae, both scale with the unit, and r2 has none', () => {
    fc.assert(
      fc.property(reals, fc.double({ min: 0.5, max: 20, noNaN: true }), (rows, unit) => {
        const [t, y] = [column(rows, 0), column(rows, 1)]
        const scaled = [t.map((v) => v * unit), y.map((v) => v * unit)] as const
        expect(rmse(t, y)).toBeGreaterThanOrEqual(mae(t, y) - 1e-12)
        expect(rmse(...scaled)).toBeCloseTo(unit * rmse(t, y), 8)
        expect(mae(...scaled)).toBeCloseTo(unit * mae(t, y), 8)
      }),
      { seed: 8 },
    )
    expect(r2([1, 2, 4], [1, 3, 3])).toBeCloseTo(r2([10, 20, 40], [10, 30, 30]), 12)
  })

  test('predicting the mean gives r2 = 0', () => {
    expect(r2([1, 2, 6], [3, 3, 3])).toBe(0)
  })
})

describe('degenerate rows', () => {
  test('without rows every metric is NaN', () => {
    for (const metric of [accuracy, balancedAccuracy, f1, rocAuc, rmse, mae, r2])
      expect(metric([], [])).toBeNaN()
    expect(logLoss([], [], { classes: 2 })).toBeNaN()
    expect(rocAucMacro([], [], { classes: 3 })).toBeNaN()
  })

  test('one class alone has no ROC-AUC, and neither have scores with NaN', () => {
    expect(rocAuc([1, 1], [0.2, 0.4])).toBeNaN()
    expect(rocAuc([0, 1], [0.2, Number.NaN])).toBeNaN()
    expect(rocAucMacro([2, 2], [0, 0, 1, 0, 0, 1], { classes: 3 })).toBeNaN()
  })

  test('a true class of probability 0 costs Infinity, or what the floor says', () => {
    expect(logLoss([0], [0, 1], { classes: 2 })).toBe(Infinity)
    expect(logLoss([0], [0, 1], { classes: 2, floor: 1e-3 })).toBeCloseTo(Math.log(1000), 12)
  })

  test('constant targets give r2 of 1 when exact and 0 when not', () => {
    expect(r2([2, 2], [2, 2])).toBe(1)
    expect(r2([2, 2], [2, 3])).toBe(0)
  })

  test('a class that no row has or is called counts in F1 only where classes are given', () => {
    expect(f1([0, 0], [0, 0])).toBe(1)
    expect(f1([0, 0], [0, 0], { classes: 5 })).toBe(0.2)
    expect(f1([0, 0], [0, 0], { average: 'binary' })).toBe(0)
  })
})

describe('all metrics of a task', () => {
  test('classification of two classes', () => {
    const scores = scoreClassification([0, 1, 1], [0.9, 0.1, 0.4, 0.6, 0.8, 0.2], { classes: 2 })
    expect(scores).toEqual({
      accuracy: 2 / 3,
      balancedAccuracy: 0.75,
      f1: 2 / 3,
      f1Binary: 2 / 3,
      rocAuc: 1,
      logLoss: -(Math.log(0.9) + Math.log(0.6) + Math.log(0.2)) / 3,
    })
  })

  test('the first of equal probabilities is predicted, and a probability of 0 stays finite', () => {
    const scores = scoreClassification([0, 2], [0.5, 0.5, 0, 1, 0, 0], { classes: 3 })
    expect(scores.accuracy).toBe(0.5)
    expect(scores).not.toHaveProperty('f1Binary')
    expect(scores.logLoss).toBeCloseTo((Math.log(2) - Math.log(1e-15)) / 2, 10)
  })

  test('every metric of a task is one whose direction and unit are known', () => {
    const names = [
      ...Object.keys(scoreClassification([0, 1], [1, 0, 0, 1], { classes: 2 })),
      ...Object.keys(scoreRegression([1, 2], [1, 3])),
    ]
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining(names))
    for (const [name, metric] of Object.entries(metrics)) expect(metric.name).toBe(name)
  })
})

describe('mistakes are named', () => {
  test('columns of different length', () => {
    expect(() => accuracy([0, 1], [0])).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in accuracy
        targets      2 numbers
        predictions  1 number
        rule         predictions must hold one number for each target (2, not 1)]
    `)
    expect(() =>
      logLoss([0, 1], [0.5, 0.5, 1], { classes: 2 }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in logLoss
        targets        2 numbers
        probabilities  3 numbers in rows of 2
        rule           probabilities must hold 2 numbers for each target (4, not 3)]
    `)
    expect(() => rmse([0, 1], [0, 1], { weights: [1] })).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in rmse
        targets      2 numbers
        predictions  2 numbers
        weights      1 number
        rule         there must be one weight for each target (2, not 1)]
    `)
    expect(() => rmse([0, 1, 2], [0, 1, 2], { outputs: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in rmse
        targets  3 numbers
        outputs  2
        rule     targets must hold one number for each output of each row]
    `)
  })

  test('a weight that is not one', () => {
    expect(() => mae([0, 1], [0, 1], { weights: [1, -1] })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in mae
        targets      2 numbers
        predictions  2 numbers
        weights      2 numbers
        rule         weights must be finite and not negative, but weight 1 is -1]
    `)
  })

  test('a class that is not one', () => {
    expect(() => f1([0, 1.5], [0, 1])).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in f1
        targets  2 numbers
        classes  3
        rule     targets must be class numbers from 0 to 2, but row 1 is 1.5]
    `)
    expect(() => rocAuc([0, 2], [0.1, 0.2])).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in rocAuc
        targets  2 numbers
        classes  2
        rule     targets must be class numbers from 0 to 1, but row 1 is 2]
    `)
  })
})
