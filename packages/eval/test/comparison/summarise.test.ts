import { type Comparison, type Score, summarise } from '@rootstock/eval'
import { describe, expect, test } from 'vitest'

const place = (arm: string, labels: number, seed: number, metrics: Score['metrics']): Score => ({
  arm,
  labels,
  seed,
  task: 'dish',
  metrics,
})

const base: Comparison = {
  name: 'dishes',
  tasks: [{ name: 'dish', kind: 'classification', metric: 'accuracy' }],
  arms: ['scratch', 'tuned'],
  reference: 'scratch',
  labelCounts: [100, 10],
  seeds: [1, 2, 3],
  scores: [1, 2, 3].flatMap((seed) => [
    place('scratch', 10, seed, { accuracy: 0.5 + 0.01 * seed }),
    place('scratch', 100, seed, { accuracy: 0.7 + 0.02 * seed }),
    place('tuned', 10, seed, { accuracy: 0.6 + 0.011 * seed }),
    place('tuned', 100, seed, { accuracy: 0.7 + 0.02 * (4 - seed) }),
  ]),
}

/** The same scores as losses: what was better is worse by as much. */
const asLoss: Comparison = {
  ...base,
  tasks: [{ name: 'dish', kind: 'classification', metric: 'logLoss' }],
  scores: base.scores.map((score) => ({
    ...score,
    metrics: { logLoss: score.metrics.accuracy! },
  })),
}

const tuned = (comparison: Comparison) => summarise(comparison).tasks[0]!.arms[1]!

describe('a summary', () => {
  test('has, for each arm and label count, mean, interval, paired gain, verdict and multiplier', () => {
    expect(tuned(base)).toMatchInlineSnapshot(`
      {
        "arm": "tuned",
        "gain": {
          "interval": {
            "high": 0.09944068537913142,
            "low": 0.002559314620868558,
          },
          "mean": 0.05099999999999999,
          "pairs": 3,
          "verdict": "helps",
        },
        "points": [
          {
            "gain": {
              "interval": {
                "high": 0.10448413771175032,
                "low": 0.09951586228824964,
              },
              "mean": 0.10199999999999998,
              "pairs": 3,
              "verdict": "helps",
            },
            "interval": {
              "high": 0.6493255148292536,
              "low": 0.5946744851707464,
            },
            "labels": 10,
            "mean": 0.622,
            "multiplier": {
              "kind": "equal",
              "value": 2.90828098397513,
            },
            "seeds": 3,
          },
          {
            "gain": {
              "interval": {
                "high": 0.09936550847001321,
                "low": -0.09936550847001321,
              },
              "mean": 0,
              "pairs": 3,
              "verdict": "no gain shown",
            },
            "interval": {
              "high": 0.7896827542350064,
              "low": 0.6903172457649933,
            },
            "labels": 100,
            "mean": 0.7399999999999999,
            "multiplier": {
              "kind": "equal",
              "value": 1,
            },
            "seeds": 3,
          },
        ],
      }
    `)
  })

  test('of a metric that is better when lower turns gains and verdicts, not scores', () => {
    const [higher, lower] = [tuned(base), tuned(asLoss)]
    higher.points.forEach((point, i) => {
      const turned = lower.points[i]!
      expect(turned.mean).toBe(point.mean)
      expect(turned.gain!.mean).toBeCloseTo(-point.gain!.mean, 12)
    })
    expect(higher.points.map((point) => point.gain!.verdict)).toEqual(['helps', 'no gain shown'])
    expect(lower.points.map((point) => point.gain!.verdict)).toEqual(['hurts', 'no gain shown'])
    expect(lower.points[0]!.multiplier).toEqual({ kind: 'equal', value: 1 })
  })

  test('survives JSON', () => {
    const summary = summarise(base)
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary)
    expect(summarise(JSON.parse(JSON.stringify(base)))).toEqual(summary)
  })

  test('pairs only the seeds that both arms have; null, NaN and absence are alike', () => {
    const without = (replace: (score: Score) => readonly Score[]): Comparison => ({
      ...base,
      scores: base.scores.flatMap((score) =>
        score.arm === 'tuned' && score.seed === 2 && score.labels === 10 ? replace(score) : [score],
      ),
    })
    const absent = tuned(without(() => []))
    expect(absent.points[0]).toMatchObject({ seeds: 2, gain: { pairs: 2 } })
    expect(absent.gain).toMatchObject({ pairs: 2 })
    expect(tuned(without((s) => [{ ...s, metrics: { accuracy: null } }]))).toEqual(absent)
    expect(tuned(without((s) => [{ ...s, metrics: { accuracy: Number.NaN } }]))).toEqual(absent)
    expect(tuned(without((s) => [{ ...s, metrics: {} }]))).toEqual(absent)
  })

  test('of one seed has means but no interval, and claims nothing', () => {
    const one = tuned({ ...base, seeds: [1], scores: base.scores.filter((s) => s.seed === 1) })
    expect(one.points[0]).toMatchObject({ mean: 0.611, interval: null })
    expect(one.gain).toMatchObject({ pairs: 1, interval: null, verdict: 'no gain shown' })
  })

  test('of an arm without scores has neither mean nor gain', () => {
    const none = tuned({ ...base, scores: base.scores.filter((s) => s.arm !== 'tuned') })
    expect(none.gain).toBeNull()
    expect(none.points.map((point) => [point.mean, point.gain])).toEqual([
      [null, null],
      [null, null],
    ])
  })

  test('does not trip over tasks and arms named like parts of objects', () => {
    const odd: Comparison = {
      ...base,
      tasks: [{ name: '__proto__', kind: 'classification', metric: 'accuracy' }],
      arms: ['scratch', 'constructor'],
      scores: base.scores.map((score) => ({
        ...score,
        task: '__proto__',
        arm: score.arm === 'tuned' ? 'constructor' : score.arm,
      })),
    }
    expect(tuned(odd).gain).toEqual(tuned(base).gain)
  })
})

describe('a planted effect', () => {
  test('is told with its sign, and its interval holds the truth', () => {
    const seeds = Array.from({ length: 10 }, (_, i) => i)
    const wiggle = (seed: number) => 0.01 * Math.sin(7 * seed)
    const planted = (effect: number): Comparison => ({
      ...base,
      labelCounts: [50],
      seeds,
      scores: seeds.flatMap((seed) => [
        place('scratch', 50, seed, { accuracy: 0.6 + 0.1 * Math.cos(seed) }),
        place('tuned', 50, seed, { accuracy: 0.6 + 0.1 * Math.cos(seed) + effect + wiggle(seed) }),
      ]),
    })
    for (const [effect, verdict] of [
      [0.05, 'helps'],
      [0, 'no gain shown'],
      [-0.05, 'hurts'],
    ] as const) {
      const { gain } = tuned(planted(effect))
      expect(gain!.verdict).toBe(verdict)
      expect(gain!.interval!.low).toBeLessThan(effect)
      expect(gain!.interval!.high).toBeGreaterThan(effect)
    }
  })
})

describe('a comparison that contradicts itself is refused', () => {
  const first = base.scores[0]!
  test('an arm named twice', () => {
    expect(() =>
      summarise({ ...base, arms: ['scratch', 'scratch'] }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in summarise
        comparison  dishes
        arms        scratch, scratch
        rule        arms must differ, but scratch is there twice]
    `)
  })

  test('a reference that is no arm', () => {
    expect(() => summarise({ ...base, reference: 'zero' })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in summarise
        comparison  dishes
        arms        scratch, tuned
        rule        the reference arm (zero) must be one of the arms]
    `)
  })

  test('a score of an unlisted arm', () => {
    expect(() =>
      summarise({ ...base, scores: [{ ...first, arm: 'probe' }] }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in summarise
        comparison  dishes
        arms        scratch, tuned
        rule        every score must be of a listed place, but one is of arm probe]
    `)
  })

  test('a score of an unlisted label count', () => {
    expect(() =>
      summarise({ ...base, scores: [{ ...first, labels: 7 }] }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in summarise
        comparison  dishes
        arms        scratch, tuned
        rule        every score must be of a listed place, but one is of label count 7]
    `)
  })

  test('two scores of one place', () => {
    expect(() =>
      summarise({ ...base, scores: [first, first] }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in summarise
        comparison  dishes
        arms        scratch, tuned
        rule        each place must have one score, but there are two of task dish, arm scratch, 10 labels, seed 1]
    `)
  })

  test('an unknown metric', () => {
    const tasks = [{ ...base.tasks[0]!, metric: 'acuracy' as 'accuracy' }]
    expect(() => summarise({ ...base, tasks })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in summarise
        comparison  dishes
        arms        scratch, tuned
        rule        the metric of task dish (acuracy) must be one that is known
        hint        known are accuracy, balancedAccuracy, topKAccuracy, precision, recall, f1, f1Binary, fBeta, mcc, cohenKappa, jaccard, meanIou, mutualInformation, normalizedMutualInformation, adjustedRand, multilabelF1, subsetAccuracy, hammingLoss, rocAuc, averagePrecision, prAuc, ndcg, logLoss, brier, brierMulticlass, expectedCalibrationError, maximumCalibrationError, rmse, mae, mse, mape, medianAbsoluteError, maxError, r2, explainedVariance, pearson, spearman, kendall, negativeConditionalEntropy, leep, logMe, hScore]
    `)
  })
})
