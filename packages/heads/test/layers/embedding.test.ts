import { grad, leaves, random, std, sum, type Tensor, tensor, zeros } from '@rootstock/core'
import {
  columnEmbedding,
  embedding,
  embeddingBag,
  evaluation,
  learnedPositions,
  rotary,
  sinusoidalPositions,
} from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

const codes = (...list: number[]): Tensor => tensor(list, { dtype: 'int32' })

describe('embedding', () => {
  const layer = embedding({ count: 5, width: 3, padding: 2 })
  const params = layer.init(random.key(0))

  it('starts with a normal table and zeros for padding', () => {
    expect(params.weight.toArray()).toHaveProperty('2', [0, 0, 0])
    const wide = embedding({ count: 100, width: 100 }).init(random.key(1))
    expect(Math.abs(std(wide.weight).item() - 1)).toBeLessThan(5 / Math.sqrt(2 * 10_000))
  })

  it('gives the row of padding no gradient, and a repeated row the sum', () => {
    const loss = (p: typeof params) => sum(layer.apply(p, codes(4, 2, 4), evaluation))
    const gradient = grad(loss)(params).weight
    expect(gradient.toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
      [2, 2, 2],
    ])
  })
})

describe('columnEmbedding', () => {
  it('adds up the rows of the features of each column, and its bias', () => {
    const columns = [
      { from: 0, to: 1 },
      { from: 1, to: 3 },
    ]
    const weight = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    const bias = tensor([
      [10, 20],
      [30, 40],
    ])
    const y = columnEmbedding({ columns, width: 2 }).apply(
      { weight, bias },
      tensor([[2, 0, 1]]),
      evaluation,
    )
    expect(y.toArray()).toEqual([
      [
        [12, 24],
        [35, 46],
      ],
    ])
  })
})

describe('embeddingBag', () => {
  const weight = tensor([
    [1, -1],
    [3, -3],
    [5, -5],
  ])
  const bags = { codes: codes(0, 2, 1), offsets: codes(0, 2, 2) }

  it('joins the rows of each bag, and gives 0 for none', () => {
    const join = (mode: 'sum' | 'mean' | 'max') =>
      embeddingBag({ count: 3, width: 2, mode }).apply({ weight }, bags, evaluation).toArray()
    expect(join('sum')).toEqual([
      [6, -6],
      [0, 0],
      [3, -3],
    ])
    expect(join('mean')).toEqual([
      [3, -3],
      [0, 0],
      [3, -3],
    ])
    expect(join('max')).toEqual([
      [5, -1],
      [0, 0],
      [3, -3],
    ])
  })

  it('has weights for sums only', () => {
    const layer = embeddingBag({ count: 3, width: 2, mode: 'max' })
    const weighted = { ...bags, weights: tensor([1, 1, 1]) }
    expect(() => layer.apply({ weight }, weighted, evaluation)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in embeddingBag
        mode  max
        rule  weights go with mode sum]
    `)
  })
})

describe('positions', () => {
  it('are as long as they were learned for, and no longer', () => {
    const layer = learnedPositions({ length: 4, width: 2 })
    const params = layer.init(random.key(0))
    const y = layer.apply(params, zeros([1, 3, 2]), evaluation)
    expect(y.toArray()).toEqual([(params.weight.toArray() as number[][]).slice(0, 3)])
    expect(() =>
      layer.apply(params, zeros([1, 5, 2]), evaluation),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in learnedPositions
        x          float32[1, 5, 2]
        positions  float32[4, 2]
        rule       x must have at most 4 steps, as many as there are positions]
    `)
  })

  it('are told apart by sinusoidal columns', () => {
    const y = sinusoidalPositions({ length: 50, width: 8 }).toArray() as number[][]
    expect(new Set(y.map((row) => row.join())).size).toBe(50)
    expect(leaves(y).every((value) => Math.abs(value as number) <= 1)).toBe(true)
  })
})

describe('rotary', () => {
  const draw = (seed: number) => random.normal(random.key(seed), [1, 6], { dtype: 'float64' })
  const product = (a: Tensor, b: Tensor) => sum(a.mul(b)).item()

  it('keeps lengths, and products depend on the distance alone', () => {
    const [q, k] = [draw(0), draw(1)]
    const at = (x: Tensor, offset: number) => rotary(x, { offset })
    expect(product(at(q, 5), at(q, 5))).toBeCloseTo(product(q, q), 12)
    expect(product(at(q, 3), at(k, 7))).toBeCloseTo(product(at(q, 20), at(k, 24)), 10)
    expect(product(at(q, 3), at(k, 7))).not.toBeCloseTo(product(at(q, 3), at(k, 8)), 3)
  })

  it('needs pairs of columns', () => {
    expect(() => rotary(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in rotary
        x     float32[2, 3]
        rule  x must be [..., steps, width] with an even width]
    `)
  })
})
