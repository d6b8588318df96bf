import {
  fanInUniform,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  random,
  varianceScaling,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'

const moments = (values: ArrayLike<number>) => {
  let sum = 0
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!
    squares += values[i]! ** 2
  }
  return { mean: sum / values.length, variance: squares / values.length }
}

describe('initial weights', () => {
  it('have mean 0 and the variance of their formula', () => {
    const expected = [
      [heNormal, 2 / 300],
      [heUniform, 2 / 300],
      [glorotNormal, 2 / 500],
      [glorotUniform, 2 / 500],
      [fanInUniform, 1 / 900],
      [varianceScaling(), 1 / 300],
      [varianceScaling({ scale: 4, fan: 'out' }), 4 / 200],
      [varianceScaling({ fan: 'average', distribution: 'uniform' }), 1 / 250],
    ] as const
    for (const [init, variance] of expected) {
      const found = moments(init(random.key(3), [300, 200]).data())
      expect(Math.abs(found.mean)).toBeLessThan(4 * Math.sqrt(variance / 60_000))
      expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.03)
    }
  })

  it('count a window of a convolution as inputs', () => {
    const found = moments(heNormal(random.key(1), [3, 3, 20, 100]).data())
    expect(Math.abs(found.variance / (2 / 180) - 1)).toBeLessThan(0.05)
  })

  it('are the same for the same key and differ between keys', () => {
    const draw = (seed: number) => heNormal(random.key(seed), [4, 3]).toArray()
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('need a weight of at least two axes', () => {
    expect(() => heNormal(random.key(0), [3])).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in heNormal
        shape  [3]
        rule   a weight needs at least two axes, [...window, in, out]]
    `)
  })
})
