/** A run with a known truth for the tests of reports: learning curves with a planted head start, and noise from a fixed seed. */
import type { LossCurve, Run, Score } from '@rootstock/eval'
import { uniformStream } from '../../src/statistics/generator.ts'

const labelCounts = [10, 30, 100, 300, 1000]
const arms = ['scratch', 'probe', 'fine-tuned']
const seeds = [1, 2, 3, 4, 5, 6, 7, 8]

const next = uniformStream(3)
const noise = (size: number): number => size * (next() + next() + next() - 1.5)

/** Accuracy of an arm: it starts as if it had `start` times the labels; the probe levels off. */
const accuracyOf = (arm: string, labels: number, start: number): number => {
  const effective = labels * (arm === 'scratch' ? 1 : start)
  const score = 0.93 - 0.9 / (1 + effective ** 0.5 / 3)
  return arm === 'probe' ? Math.min(score, 0.72) : score
}

const scoresAt = (arm: string, labels: number, seed: number, draw: number): readonly Score[] => {
  const quality = accuracyOf(arm, labels, 4) + draw + noise(0.012)
  const walk = accuracyOf(arm, labels, 1) + draw + noise(0.05)
  const price = 31_000 + 26_000 * (1 - accuracyOf(arm, labels, 0.5)) - 20_000 * draw + noise(700)
  const place = { arm, labels, seed }
  return [
    { ...place, task: 'food quality', metrics: { accuracy: quality, rocAuc: null } },
    { ...place, task: 'walkability', metrics: { rocAuc: Math.min(1, walk) } },
    { ...place, task: 'price', metrics: { rmse: price, mae: 0.7 * price } },
  ]
}

const scores = labelCounts.flatMap((labels) =>
  seeds.flatMap((seed) => {
    const draw = noise(0.25 / Math.sqrt(labels))
    return arms.flatMap((arm) => scoresAt(arm, labels, seed, draw))
  }),
)

const decay = (steps: number, from: number, to: number, rate: number) =>
  Array.from({ length: steps }, (_, i): readonly [number, number] => [
    i * 10,
    to + (from - to) * Math.exp(-i * rate) + Math.abs(noise(0.03 * from)),
  ])

const pretraining: readonly LossCurve[] = ['dishes', 'price', 'wine', 'zip code'].map(
  (task, i) => ({
    phase: 'pretraining',
    task,
    points: decay(150, 2.4 - 0.4 * i, 0.3 + 0.1 * i, 0.03 + 0.01 * i),
  }),
)

const training: readonly LossCurve[] = ['food quality', 'walkability', 'price'].flatMap((task) =>
  labelCounts.flatMap((labels) =>
    arms.flatMap((arm) =>
      seeds.slice(0, 4).map((seed) => ({
        phase: 'training',
        task,
        arm,
        labels,
        seed,
        points: decay(60, 1.4, arm === 'probe' ? 0.4 : 0.02, arm === 'fine-tuned' ? 0.16 : 0.09),
      })),
    ),
  ),
)

export const dishes: Run = {
  name: 'Restaurants',
  backend: 'wasm, 1 thread',
  tasks: [
    { name: 'food quality', kind: 'classification', metric: 'accuracy' },
    { name: 'walkability', kind: 'classification', metric: 'rocAuc' },
    { name: 'price', kind: 'regression', metric: 'rmse', unit: 'US dollars' },
  ],
  arms,
  reference: 'scratch',
  labelCounts,
  seeds,
  scores,
  phases: [
    { name: 'reading', seconds: 0.42 },
    { name: 'pretraining', seconds: 11.3 },
    { name: 'training the arms', seconds: 28.1 },
    { name: 'evaluation', seconds: 1.9 },
  ],
  config: {
    data: 'restaurants.csv',
    trunk: { widths: [64, 64], activation: 'relu' },
    pretraining: { corruption: { masking: 0.3 }, epochs: 40 },
  },
  curves: [...pretraining, ...training],
}
