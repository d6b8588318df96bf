import {
  leaves,
  mean,
  random,
  singularValues,
  type Tensor,
  tensor,
  variance,
} from '@rootstock/core'
import {
  batchNorm,
  conv,
  dense,
  evaluation,
  groupNorm,
  instanceNorm,
  observe,
  residual,
  sequence,
  spectralNorm,
  weightNorm,
} from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

const training = { training: true, key: random.key(5) } as const

const frozen = (tree: unknown) => ({ ...training, frozen: new Set(leaves(tree) as Tensor[]) })

describe('batchNorm', () => {
  const layer = batchNorm({ channels: 2, momentum: 0.25 })
  const params = layer.init(random.key(0))
  const x = tensor([
    [1, 10],
    [3, 10],
    [5, 40],
    [7, 20],
  ])

  it('moves its statistics towards mean and unbiased variance of a batch', () => {
    const [, after] = observe(layer, params, x, training)
    expect(after.statistics.mean.toArray()).toEqual([1, 5])
    const unbiased = [20 / 3, 200]
    after.statistics.variance.data().forEach((value, i) => {
      expect(value).toBeCloseTo(0.75 + 0.25 * unbiased[i]!, 4)
    })
    expect(after.scale).toBe(params.scale)
  })

  it('neither moves nor replaces statistics in evaluation or when they are frozen', () => {
    const [evaluated, same] = observe(layer, params, x, evaluation)
    expect(same).toBe(params)
    const [y, kept] = observe(layer, params, x, frozen(params))
    expect(kept).toBe(params)
    expect(y.toArray()).toEqual(evaluated.toArray())
  })

  it('is observed through sequences and residual connections', () => {
    const net = sequence({
      block: residual(sequence({ normal: layer })),
      out: dense({ in: 2, out: 1 }),
    })
    const before = net.init(random.key(0))
    const [y, after] = observe(net, before, x, training)
    expect(after.block.normal.statistics.mean.toArray()).toEqual([1, 5])
    expect(after.out).toBe(before.out)
    expect(y.toArray()).toEqual(net.apply(before, x, training).toArray())
    expect(before.block.normal.statistics.mean.toArray()).toEqual([0, 0])
  })

  it('looks only at what is real, under a mask', () => {
    const mask = tensor([
      [true, true],
      [false, true],
      [false, false],
    ])
    const places = tensor([
      [1, 10, 3, 10],
      [Number.NaN, Number.NaN, 5, 40],
      [Number.NaN, 7, Number.NaN, 7],
    ]).reshape([3, 2, 2])
    const real = tensor([
      [1, 10],
      [3, 10],
      [5, 40],
    ])
    const [y, after] = observe(layer, params, { x: places, mask }, training)
    const [expected, alike] = observe(layer, params, real, training)
    const found = y.reshape([6, 2]).toArray() as number[][]
    const wanted = expected.toArray() as number[][]
    expect([found[2], found[4], found[5]]).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ])
    for (const [i, place] of [0, 1, 3].entries()) {
      found[place]!.forEach((value, channel) => {
        expect(value).toBeCloseTo(wanted[i]![channel]!, 5)
      })
    }
    const numbers = (tree: unknown) => leaves(tree).flatMap((leaf) => [...(leaf as Tensor).data()])
    const statistics = numbers(after.statistics)
    numbers(alike.statistics).forEach((value, i) => {
      expect(statistics[i]).toBeCloseTo(value, 4)
    })
  })

  it('keeps its statistics when nothing is real', () => {
    const nothing = { x: tensor([[[Number.NaN, 1]]]), mask: tensor([[false]]) }
    const [y, after] = observe(layer, params, nothing, training)
    expect(y.toArray()).toEqual([[[0, 0]]])
    expect(after.statistics.mean.toArray()).toEqual(params.statistics.mean.toArray())
    expect(after.statistics.variance.toArray()).toEqual(params.statistics.variance.toArray())
  })

  it('gives numbers for a batch of one', () => {
    const [y, after] = observe(layer, params, tensor([[1, 2]]), training)
    expect(y.toArray()).toEqual([[0, 0]])
    expect(after.statistics.variance.toArray()).toEqual([0.75, 0.75])
  })
})

describe('groupNorm', () => {
  it('gives every group of every example mean 0 and variance 1', () => {
    const layer = groupNorm({ channels: 4, groups: 2 })
    const x = random.normal(random.key(1), [2, 5, 4], { mean: 3, deviation: 2 })
    const y = layer.apply(layer.init(random.key(0)), x, evaluation).reshape([2, 5, 2, 2])
    for (const value of mean(y, { axis: [1, 3] }).data()) expect(value).toBeCloseTo(0, 5)
    for (const value of variance(y, { axis: [1, 3] }).data()) expect(value).toBeCloseTo(1, 4)
  })

  it('needs groups that divide the channels', () => {
    expect(() => groupNorm({ channels: 4, groups: 3 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in groupNorm
        channels  4
        groups    3
        rule      groups must be a whole number of at least 1 that divides channels]
    `)
  })
})

describe('instanceNorm', () => {
  it('needs space', () => {
    const layer = instanceNorm({ channels: 2 })
    const params = layer.init(random.key(0))
    expect(() =>
      layer.apply(params, tensor([[1, 2]]), evaluation),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in instanceNorm
        x     float32[1, 2]
        rule  x must be [n, ...space, channels] with at least one axis of space]
    `)
  })
})

describe('weightNorm', () => {
  it('starts as the layer it wraps', () => {
    const inner = conv({ in: 2, out: 3, window: [2] })
    const wrapped = weightNorm(inner)
    const x = random.normal(random.key(1), [2, 4, 2])
    const [a, b] = [inner, wrapped].map((layer) => {
      return (layer as typeof inner).apply(layer.init(random.key(0)) as never, x, evaluation).data()
    })
    a!.forEach((value, i) => {
      expect(b![i]).toBeCloseTo(value, 5)
    })
  })
})

describe('spectralNorm', () => {
  it('finds the largest singular value', () => {
    const layer = spectralNorm(dense({ in: 5, out: 4, bias: false }), { iterations: 100 })
    const params = layer.init(random.key(0))
    const weight = layer.apply(params, tensor(identity(5)), evaluation)
    expect(Math.max(...singularValues(weight).data())).toBeCloseTo(1, 4)
  })

  it('goes on looking in training unless it is frozen', () => {
    const layer = spectralNorm(dense({ in: 5, out: 4 }), { iterations: 1 })
    const params = layer.init(random.key(0))
    const x = random.normal(random.key(1), [2, 5])
    const moved = observe(layer, params, x, training)[1].statistics.right
    expect(moved.toArray()).not.toEqual(params.statistics.right.toArray())
    const kept = observe(layer, params, x, frozen(params))[1].statistics.right
    expect(kept.toArray()).toEqual(params.statistics.right.toArray())
  })
})

const identity = (size: number): number[][] =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => Number(i === j)))
