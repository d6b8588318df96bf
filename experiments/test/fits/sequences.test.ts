/** The fits to series and texts: a few steps of each, and what they make of the data. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { random, tensor } from '@rootstock/core'
import { evaluation, mlp } from '@rootstock/heads'
import { describe, expect, test } from 'vitest'
import { banking77 } from '../../fits/banking77.ts'
import { characterModel } from '../../fits/characterModel.ts'
import { etth1 } from '../../fits/etth1.ts'
import { etth1Linear } from '../../fits/etth1Linear.ts'
import { windowStarts, windowsOf } from '../../fits/etth1Series.ts'
import { explainFailure, type Fit } from '../../fits/fit.ts'
import { forecaster } from '../../fits/forecaster.ts'
import { shakespeare } from '../../fits/shakespeare.ts'

const folder = fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const isAbsent = !existsSync(folder)

const fewSteps = async (
  fit: Fit,
  { validate, rows }: { readonly validate: boolean; readonly rows: number },
) => {
  const lines: string[] = []
  const limit = { rows, epochs: 1 }
  const result = await fit.run({ folder, validate, limit, say: (line) => lines.push(line) })()
  if (result._tag === 'Left') throw new Error(explainFailure(result.left))
  return { lines, reached: result.right }
}

describe('a few steps (skipped without ../shared/data)', () => {
  test.skipIf(isAbsent)(
    'ETTh1: an epoch is told, test windows are others than held-out ones',
    async () => {
      const heldOut = await fewSteps(etth1, { validate: true, rows: 40 })
      const tested = await fewSteps(etth1, { validate: false, rows: 40 })
      expect(heldOut.lines).toEqual([expect.stringMatching(/^epoch 1 of 1, .*: ahead \d+\.\d{4}$/)])
      expect(heldOut.reached.map(({ what }) => what)).toEqual([
        'MSE',
        'MAE',
        'MSE of least squares',
        'MAE of least squares',
      ])
      expect(tested.reached[0]!.value).not.toBe(heldOut.reached[0]!.value)
    },
  )

  test.skipIf(isAbsent)(
    'ETTh1: least squares fit a few windows closely, and nothing is compared',
    async () => {
      const { reached } = await fewSteps(etth1Linear, { validate: true, rows: 60 })
      expect(reached).toHaveLength(16)
      for (const { value, atMost } of reached) {
        expect(value).toBeGreaterThan(0)
        expect(atMost).toBeUndefined()
      }
    },
  )

  test.skipIf(isAbsent)('tinyshakespeare: an untrained model knows next to nothing', async () => {
    const { lines, reached } = await fewSteps(shakespeare, { validate: true, rows: 2 })
    expect(lines).toEqual([expect.stringMatching(/^epoch 1 of 1, .*: next \d+\.\d{4}$/)])
    expect(reached[0]!.value).toBeGreaterThan(3)
    expect(reached[0]!.value).toBeLessThan(5)
  })

  test.skipIf(isAbsent)(
    'banking77: an epoch is told, the accuracy of held-out questions is a share',
    async () => {
      const { lines, reached } = await fewSteps(banking77, { validate: true, rows: 64 })
      expect(lines).toEqual([expect.stringMatching(/^epoch 1 of 1, .*: intent \d+\.\d{4}$/)])
      expect(reached.map(({ what }) => what)).toEqual(['accuracy'])
      expect(reached[0]!.value).toBeGreaterThanOrEqual(0)
      expect(reached[0]!.value).toBeLessThanOrEqual(1)
    },
  )
})

test('windows of the three parts are as many as in the literature', () => {
  const count = (part: 'train' | 'validation' | 'test', back: number, ahead: number) => {
    const { from, to } = windowStarts(part, { back, ahead })
    return to - from
  }
  expect(count('train', 96, 24)).toBe(8521)
  expect(count('validation', 96, 24)).toBe(2857)
  expect(count('test', 96, 24)).toBe(2857)
  expect(count('train', 336, 96)).toBe(8209)
  expect(count('test', 336, 96)).toBe(2785)
})

test('what is to be forecast begins where what is shown ends, and with the part', () => {
  const hours = Float64Array.from({ length: 20 * 30 * 24 }, (_, hour) => hour)
  const context = { folder: '', validate: false, limit: { rows: 2, epochs: 1 }, say: () => {} }
  const first = 16 * 30 * 24
  const [one, next, ...more] = windowsOf(hours, 'test', { back: 3, ahead: 2 }, context)
  expect([one!.before, one!.after].map((part) => [...part])).toEqual([
    [first - 3, first - 2, first - 1],
    [first, first + 1],
  ])
  expect([...next!.after]).toEqual([first + 1, first + 2])
  expect(more).toEqual([])
})

test('a forecast moves with the level of what it is told from', () => {
  const model = forecaster(mlp({ in: 4, hidden: [8] }), 2)
  const params = model.init(random.key(0))
  const low = model.forecast(params, tensor([[1, 2, 4, 3]])).data()
  const high = model.forecast(params, tensor([[101, 102, 104, 103]])).data()
  for (const [i, value] of low.entries()) expect(high[i]! - value).toBeCloseTo(100, 3)
})

test('what comes later has no influence on what is expected next', () => {
  const model = characterModel({ count: 5, embedding: 3, width: 8, dropout: 0 })
  const params = model.init(random.key(0))
  const expected = (codes: readonly number[]) =>
    model.logits(params, tensor([codes], { dtype: 'int32' }), evaluation).data()
  const [one, other] = [expected([0, 1, 2, 3]), expected([0, 1, 4, 0])]
  expect(one.slice(0, 10)).toEqual(other.slice(0, 10))
  expect(one.slice(10, 15)).not.toEqual(other.slice(10, 15))
})
