import { relativeGain, scoreClassification, scoreRegression } from '@rootstock/eval'
import { expect, test } from 'vitest'

const alone = { species: { accuracy: 0.8, logLoss: 0.5 }, width: { rmse: 2 } }

test('metrics are averaged within a task, then tasks', () => {
  const scores = { species: { accuracy: 0.88, logLoss: 0.6 }, width: { rmse: 1.6 } }
  expect(relativeGain(scores, alone)).toBeCloseTo(((0.1 - 0.2) / 2 + 0.2) / 2, 12)
})

test('the baseline itself gains nothing', () => {
  expect(relativeGain(alone, alone)).toBe(0)
})

test('a score below 0 that rises is a gain', () => {
  expect(relativeGain({ width: { r2: -0.5 } }, { width: { r2: -1 } })).toBe(0.5)
})

test('only metrics of the model count, and no tasks have no gain', () => {
  expect(relativeGain({ species: { accuracy: 0.8 } }, alone)).toBe(0)
  expect(relativeGain({}, alone)).toBeNaN()
})

test('scores of tasks go in as they come', () => {
  const scores = {
    species: scoreClassification([0, 1], [0.9, 0.1, 0.2, 0.8], { classes: 2 }),
    width: scoreRegression([1, 2], [1, 3]),
  }
  expect(relativeGain(scores, scores)).toBe(0)
})

test('a baseline that lacks a score is named', () => {
  const scores = { species: { f1: 0.5 } }
  // @ts-expect-error the baseline lacks the task
  expect(() => relativeGain(scores, {})).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in relativeGain
      task      species
      metric    f1
      score     0.5
      baseline  undefined
      rule      every score must be of a known metric and have one of the baseline beside it]
  `)
  expect(() => relativeGain(scores, alone)).toThrowErrorMatchingInlineSnapshot(`
    [ArgumentError: ArgumentError in relativeGain
      task      species
      metric    f1
      score     0.5
      baseline  undefined
      rule      every score must be of a known metric and have one of the baseline beside it]
  `)
})
