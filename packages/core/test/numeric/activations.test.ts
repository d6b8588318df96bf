import {
  logAddExp,
  logSigmoid,
  logSoftmax,
  softmax,
  softplus,
  type Tensor,
  tensor,
} from '@rootstock/core'
import { expect, test } from 'vitest'

const float64 = { dtype: 'float64' } as const
const xs = [-1000, -30, -1, -1e-3, 0, 1e-3, 1, 30, 66, 68, 100, 1000]

const expectNear = (found: Tensor, expected: readonly number[]): void => {
  found.data().forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-15 * (1 + Math.abs(expected[i]!)))
  })
}

test('softplus and its kin take exponentials on the side where these are small', () => {
  const expected = xs.map((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))))
  expectNear(softplus(tensor(xs, float64)), expected)
  expectNear(logAddExp(tensor(xs, float64), tensor(0, float64)), expected)
  expectNear(
    logSigmoid(tensor(xs, float64)),
    xs.map((x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)))),
  )
})

test('softmax gives masked places nothing, and rows of any size their shares', () => {
  const rows = tensor(
    [
      [1000, 999, -Infinity],
      [-1e30, -1e30, 0],
    ],
    float64,
  )
  const share = 1 / (1 + Math.exp(-1))
  expectNear(softmax(rows), [share, 1 - share, 0, 0, 0, 1])
  const logs = logSoftmax(rows).data()
  expect(logs[0]).toBeCloseTo(Math.log(share), 14)
  expect(logs[2]).toBe(-Infinity)
  expect(softmax(tensor([0, Infinity])).toArray()).toEqual([Number.NaN, Number.NaN])
})
