import { type Comparison, summarise } from '@rootstock/eval'
import { expect, test } from 'vitest'
import { thesisTable } from '../../thesis/table.ts'

const comparison = (
  errors: Readonly<Record<string, Readonly<Record<number, readonly number[]>>>>,
): Comparison => ({
  name: 'thesis',
  tasks: [{ name: 'digit', kind: 'classification', metric: 'accuracy' }],
  arms: Object.keys(errors),
  reference: 'scratch',
  labelCounts: Object.keys(errors.scratch!).map(Number),
  seeds: [1, 2, 3],
  scores: Object.entries(errors).flatMap(([arm, byLabels]) =>
    Object.entries(byLabels).flatMap(([labels, list]) =>
      list.map((error, i) => ({
        arm,
        labels: Number(labels),
        seed: i + 1,
        task: 'digit',
        metrics: { accuracy: 1 - error / 100 },
      })),
    ),
  ),
})

test('the table tells errors, the share of them that is gone, and what was asked for', () => {
  const found = comparison({
    scratch: { 50: [30, 31, 32], 100: [24, 25, 26], 1000: [8.5, 8.6, 8.7] },
    autoencoder: { 50: [30, 31, 32], 100: [24.2, 24.9, 26.1], 1000: [8.1, 8.2, 8.3] },
    denoising: { 50: [28, 29, 31], 100: [20, 20.9, 21.8], 1000: [7.9, 8.0, 8.1] },
  })
  expect(`\n${thesisTable(found, summarise(found))}\n`).toMatchInlineSnapshot(`
    "
    | labels | from scratch | autoencoder  | gain          | denoising    | gain             | asked for                         |
    | -----: | ------------ | ------------ | ------------- | ------------ | ---------------- | --------------------------------- |
    |     50 | 31.00 ± 1.00 | 31.00 ± 1.00 | +0 %          | 29.33 ± 1.53 | +5 % [+1, +10]   |                                   |
    |    100 | 25.00 ± 1.00 | 25.07 ± 0.96 | −0 % [−2, +1] | 20.90 ± 0.90 | +16 % [+15, +17] | 21.0 reached                      |
    |  1,000 | 8.60 ± 0.10  | 8.20 ± 0.10  | +5 %          | 8.00 ± 0.10  | +7 %             | 7.1 missed: error, gain, interval |
    "
  `)
})

test('one draw has neither a deviation nor an interval', () => {
  const found = {
    ...comparison({ scratch: { 100: [25] }, autoencoder: { 100: [25] }, denoising: { 100: [20] } }),
    seeds: [1],
  }
  expect(`\n${thesisTable(found, summarise(found))}\n`).toMatchInlineSnapshot(`
    "
    | labels | from scratch | autoencoder | gain | denoising | gain  | asked for             |
    | -----: | ------------ | ----------- | ---- | --------- | ----- | --------------------- |
    |    100 | 25.00        | 25.00       | +0 % | 20.00     | +20 % | 21.0 missed: interval |
    "
  `)
})
