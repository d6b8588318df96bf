import { arange, grad, sum, type Tensor, tensor, windows } from '@rootstock/core'
import { describe, expect, it } from 'vitest'

describe('windows', () => {
  it('slide along the last axis by default', () => {
    expect(windows(arange(5), { size: 3, step: 2 }).toArray()).toEqual([
      [0, 1, 2],
      [2, 3, 4],
    ])
  })

  it('keep the other axes in their places', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    const y = windows(x, { size: 2, axis: 0 })
    expect(y.shape).toEqual([2, 2, 2])
    expect(y.toArray()).toEqual([
      [
        [1, 3],
        [2, 4],
      ],
      [
        [3, 5],
        [4, 6],
      ],
    ])
  })

  it('count an entry once for each window it is in', () => {
    const gradient = grad((x: Tensor) => sum(windows(x, { size: 2 })))(tensor([1, 2, 3]))
    expect(gradient.toArray()).toEqual([1, 2, 1])
  })

  it('leave out entries that do not fill a window', () => {
    expect(windows(arange(5), { size: 2, step: 2 }).shape).toEqual([2, 2])
  })

  it('must fit', () => {
    expect(() => windows(arange(2), { size: 3 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in windows
        x     int32[2]
        axis  0
        size  3
        step  1
        rule  size and step must be whole numbers of at least 1, and size at most 2, the length of the axis]
    `)
    expect(() => windows(arange(2), { size: 1, step: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in windows
        x     int32[2]
        axis  0
        size  1
        step  0
        rule  size and step must be whole numbers of at least 1, and size at most 2, the length of the axis]
    `)
  })
})
