import { ones, random, std, tensor } from '@rootstock/core'
import {
  conv,
  evaluation,
  globalAveragePool,
  globalMaxPool,
  transposedConv,
} from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

describe('conv', () => {
  it('has a kernel for each group and a bias for each output', () => {
    const params = conv({ in: 6, out: 4, window: [3, 5], groups: 2 }).init(random.key(0))
    expect(params.weight.shape).toEqual([3, 5, 3, 4])
    expect(params.bias?.shape).toEqual([4])
    expect(
      Object.keys(conv({ in: 1, out: 1, window: [1], bias: false }).init(random.key(0))),
    ).toEqual(['weight'])
  })

  it('starts where PyTorch starts: weight and bias uniform on +-1 / sqrt(fan in)', () => {
    const { weight, bias } = conv({ in: 16, out: 64, window: [3, 3] }).init(random.key(0))
    const limit = 1 / Math.sqrt(16 * 9)
    for (const part of [weight, bias!]) {
      expect(Math.max(...part.data().map(Math.abs))).toBeLessThanOrEqual(limit)
    }
    // a uniform has deviation limit / sqrt(3); five standard errors of 9216 draws
    expect(Math.abs(std(weight).item() / (limit / Math.sqrt(3)) - 1)).toBeLessThan(
      5 / Math.sqrt(2 * 9216),
    )
  })

  it('keeps the bias a constant of each channel', () => {
    const layer = conv({ in: 1, out: 2, window: [1] })
    const params = { weight: tensor([[[0, 0]]]), bias: tensor([1, 2]) }
    expect(layer.apply(params, ones([1, 2, 1]), evaluation).toArray()).toEqual([
      [
        [1, 2],
        [1, 2],
      ],
    ])
  })
})

describe('transposedConv', () => {
  it('doubles space with stride 2', () => {
    const layer = transposedConv({ in: 3, out: 2, window: [2, 2], stride: 2 })
    const params = layer.init(random.key(0))
    expect(layer.apply(params, ones([1, 4, 5, 3]), evaluation).shape).toEqual([1, 8, 10, 2])
  })
})

describe('globalMaxPool', () => {
  it('is the largest of what is real, below 0 too, and 0 where nothing is', () => {
    const x = tensor([
      [[-3], [-2], [9]],
      [[1], [2], [Number.NaN]],
    ])
    const mask = tensor([
      [true, true, false],
      [false, false, false],
    ])
    expect(globalMaxPool(x, mask).toArray()).toEqual([[-2], [0]])
  })
})

describe('globalAveragePool', () => {
  it('counts only what the mask keeps', () => {
    const x = tensor([
      [[1], [3], [Number.NaN]],
      [[5], [6], [7]],
    ])
    const mask = tensor([
      [true, true, false],
      [false, false, false],
    ])
    expect(globalAveragePool(x, mask).toArray()).toEqual([[2], [0]])
  })
})
