import {
  gatherNd,
  grad,
  replaceAlongAxis,
  segmentSum,
  sum,
  type Tensor,
  tensor,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'

const ints = (data: readonly (number | readonly number[])[]) => tensor(data, { dtype: 'int32' })
const table = tensor([
  [1, 2, 3],
  [4, 5, 6],
])

describe('gatherNd', () => {
  it('reads single entries where every axis has a position', () => {
    const cells = ints([
      [0, 2],
      [1, 0],
    ])
    expect(gatherNd(table, cells).toArray()).toEqual([3, 4])
  })

  it('reads rows where only the first axis has a position', () => {
    expect(gatherNd(table, ints([[1], [1]])).toArray()).toEqual([
      [4, 5, 6],
      [4, 5, 6],
    ])
  })

  it('clamps positions along each axis by itself', () => {
    expect(gatherNd(table, ints([[-5, 99]])).toArray()).toEqual([3])
  })

  it('adds up gradients of entries that are read twice', () => {
    const cells = ints([
      [0, 0],
      [0, 0],
      [1, 2],
    ])
    expect(grad((x: Tensor) => sum(gatherNd(x, cells)))(table).toArray()).toEqual([
      [2, 0, 0],
      [0, 0, 1],
    ])
  })

  it('says when there are more positions than axes', () => {
    expect(() => gatherNd(table, ints([[0, 0, 0]]))).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in gatherNd
        x        float32[2, 3]
        indices  int32[1, 3]
        rule     the last axis of indices must hold at most one position for each axis of x]
    `)
  })
})

describe('replaceAlongAxis', () => {
  it('writes at positions and leaves the rest', () => {
    const where = ints([[2], [0]])
    const updates = tensor([[7], [8]])
    expect(replaceAlongAxis(table, where, updates).toArray()).toEqual([
      [1, 2, 7],
      [8, 5, 6],
    ])
  })

  it('gives no gradient to the entries it replaces', () => {
    const f = (x: Tensor, updates: Tensor) =>
      sum(replaceAlongAxis(x, ints([[1, 0, 1]]), updates, { axis: 0 }))
    const [dx, du] = grad(f, { argument: [0, 1] })(table, tensor([[7, 8, 9]]))
    expect(dx.toArray()).toEqual([
      [1, 0, 1],
      [0, 1, 0],
    ])
    expect(du.toArray()).toEqual([[1, 1, 1]])
  })

  it('replaces even infinite entries', () => {
    const x = tensor([Infinity, 1])
    expect(replaceAlongAxis(x, ints([0]), tensor([5])).toArray()).toEqual([5, 1])
  })
})

describe('segmentSum', () => {
  it('sums rows by segment, 0 where a segment is empty', () => {
    expect(segmentSum(table, ints([2, 2]), { count: 3 }).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [5, 7, 9],
    ])
  })

  it('takes no rows', () => {
    expect(segmentSum(tensor([]), ints([]), { count: 2 }).toArray()).toEqual([0, 0])
  })

  it('says when rows and segments differ in number', () => {
    expect(() => segmentSum(table, ints([0]), { count: 1 })).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in segmentSum
        x         float32[2, 3]
        segments  int32[1]
        rule      segments must have one entry for each row of x]
    `)
  })
})
