import { mean, ones, random, relu, tensor, variance } from '@rootstock/core'
import {
  alphaDropout,
  dense,
  dropout,
  evaluation,
  layerNorm,
  residual,
  sequence,
} from '@rootstock/heads'
import { describe, expect, it } from 'vitest'
import { countWhere } from '../countWhere.ts'

const training = { training: true, key: random.key(5) } as const

describe('dense', () => {
  it('is x weight + bias', () => {
    const params = {
      weight: tensor([
        [1, 2],
        [3, 4],
      ]),
      bias: tensor([10, 20]),
    }
    const y = dense({ in: 2, out: 2 }).apply(params, tensor([[1, 1]]), evaluation)
    expect(y.toArray()).toEqual([[14, 26]])
  })

  it('has no bias when asked for none', () => {
    const layer = dense({ in: 2, out: 3, bias: false })
    const params = layer.init(random.key(0))
    expect(Object.keys(params)).toEqual(['weight'])
    expect(layer.apply(params, ones([1, 2]), evaluation).shape).toEqual([1, 3])
  })

  it('names both shapes when the input is too wide', () => {
    const layer = dense({ in: 2, out: 3 })
    const params = layer.init(random.key(0))
    expect(() => layer.apply(params, ones([4, 5]), evaluation)).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in matmul
        left   float32[4, 5]
        right  float32[2, 3]
        rule   columns of left (5) must equal rows of right (2)
        hint   the input has 5 columns; this layer was initialised for 2]
    `)
    expect(() => layer.apply(params, ones([2]), evaluation)).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in matmul
        left   float32[2]
        right  float32[2, 3]
        rule   left must have a row for each example, [rows, columns]]
    `)
  })
})

describe('dropout', () => {
  it('does nothing in evaluation', () => {
    const x = tensor([1, 2, 3])
    expect(dropout({ probability: 0.9 }).apply({}, x, evaluation)).toBe(x)
  })

  it('drops at its rate and keeps the mean in training', () => {
    const y = dropout({ probability: 0.3 })
      .apply({}, ones([100, 100]), training)
      .data()
    const dropped = countWhere(y, (value) => value === 0)
    // five standard deviations of a binomial of 10,000 draws
    expect(Math.abs(dropped - 3000)).toBeLessThan(5 * Math.sqrt(10_000 * 0.3 * 0.7))
    expect(new Set(y)).toEqual(new Set([0, Math.fround(1 / 0.7)]))
  })

  it('draws the same mask from the same key', () => {
    const draw = (seed: number) =>
      dropout({ probability: 0.5 })
        .apply({}, ones([64]), { training: true, key: random.key(seed) })
        .toArray()
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('refuses to drop everything', () => {
    expect(() => dropout({ probability: 1 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in dropout
        probability  1
        rule         probability must be at least 0 and less than 1]
    `)
  })
})

describe('alphaDropout', () => {
  it('keeps mean and variance of normal numbers in training', () => {
    const x = random.normal(random.key(1), [100, 100])
    const layer = alphaDropout({ probability: 0.3 })
    const y = layer.apply({}, x, training)
    // five standard errors of 10,000 draws whose fourth power is about 3
    expect(Math.abs(mean(y).item())).toBeLessThan(0.05)
    expect(Math.abs(variance(y).item() - 1)).toBeLessThan(0.07)
    const two = layer.apply({}, ones([100, 100]), training).data()
    const count = countWhere(two, (value) => value < 0)
    expect(Math.abs(count - 3000)).toBeLessThan(5 * Math.sqrt(10_000 * 0.3 * 0.7))
  })
})

describe('layerNorm', () => {
  it('gives every row mean 0 and variance 1', () => {
    const layer = layerNorm({ width: 4 })
    const x = tensor([
      [1, 2, 3, 4],
      [-10, 0, 0, 30],
    ])
    const y = layer.apply(layer.init(random.key(0)), x, evaluation).toArray() as number[][]
    for (const row of y) {
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(0, 5)
      expect(row.reduce((a, b) => a + b * b, 0) / 4).toBeCloseTo(1, 4)
    }
  })
})

describe('sequence', () => {
  const net = sequence({ inner: dense({ in: 2, out: 3 }), relu, outer: dense({ in: 3, out: 1 }) })

  it('keys parameters by the names of its layers', () => {
    const params = net.init(random.key(0))
    expect(Object.keys(params)).toEqual(['inner', 'outer'])
    expect(params.outer.weight.shape).toEqual([3, 1])
  })

  it('applies its parts in order', () => {
    const params = {
      inner: {
        weight: tensor([
          [1, -1, 0],
          [0, 0, 1],
        ]),
        bias: tensor([0, 0, 0]),
      },
      outer: { weight: tensor([[1], [10], [100]]), bias: tensor([0]) },
    }
    expect(net.apply(params, tensor([[2, 3]]), evaluation).toArray()).toEqual([[302]])
  })

  it('says which part an error is in', () => {
    const params = net.init(random.key(0))
    const wrong = { ...params, outer: { weight: ones([4, 1]) } }
    expect(() => net.apply(wrong, ones([1, 2]), evaluation)).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in matmul, at outer
        left   float32[1, 3]
        right  float32[4, 1]
        rule   columns of left (3) must equal rows of right (4)
        hint   the input has 3 columns; this layer was initialised for 4]
    `)
  })

  it('refuses names that JavaScript would reorder', () => {
    expect(() => sequence({ b: relu, 1: relu })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in sequence
        name  1
        rule  layers must not be named by numbers, which JavaScript moves before all other names]
    `)
  })

  it('gives each part a key of its own in training', () => {
    const noisy = sequence({ a: dropout({ probability: 0.5 }), b: dropout({ probability: 0.5 }) })
    const y = noisy.apply({ a: {}, b: {} }, ones([1000]), training).data()
    const kept = countWhere(y, (value) => value > 0)
    // one shared mask would keep about 500
    expect(Math.abs(kept - 250)).toBeLessThan(70)
  })
})

describe('residual', () => {
  it('adds its input to what the inner layer gives', () => {
    const layer = residual(dense({ in: 2, out: 2, bias: false }))
    const y = layer.apply(
      {
        weight: tensor([
          [0, 1],
          [1, 0],
        ]),
      },
      tensor([[1, 5]]),
      evaluation,
    )
    expect(y.toArray()).toEqual([[6, 6]])
  })

  it('needs an inner layer that keeps the shape', () => {
    const layer = residual(dense({ in: 2, out: 3 }))
    const params = layer.init(random.key(0))
    expect(() => layer.apply(params, ones([1, 2]), evaluation)).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in residual
        x      float32[1, 2]
        inner  float32[1, 3]
        rule   the inner layer must keep the shape of its input]
    `)
  })
})
