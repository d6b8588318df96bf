import { arange, fold, ones, random, sum, type Tensor, unfold } from '@rootstock/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const inner = (a: Tensor, b: Tensor): number => sum(a.mul(b)).item()

describe('unfold', () => {
  it('keeps axes of place before axes of entry', () => {
    const x = arange(12).reshape([1, 3, 4, 1])
    const y = unfold(x, { size: [2, 3] })
    expect(y.shape).toEqual([1, 2, 2, 2, 3, 1])
    expect(y.reshape([4, 6]).toArray()).toEqual([
      [0, 1, 2, 4, 5, 6],
      [1, 2, 3, 5, 6, 7],
      [4, 5, 6, 8, 9, 10],
      [5, 6, 7, 9, 10, 11],
    ])
  })
})

describe('fold', () => {
  it('is the adjoint of unfold', () => {
    const small = fc.integer({ min: 1, max: 3 })
    fc.assert(
      fc.property(
        small,
        small,
        small,
        fc.integer({ min: 0, max: 2 }),
        (size, stride, dilation, padding) => {
          const options = { size: [size, 2], stride: [stride, 1], dilation, padding: [padding, 1] }
          const x = random.normal(random.key(0), [2, 7, 5, 2], { dtype: 'float64' })
          const y = unfold(x, options)
          const cotangent = random.normal(random.key(1), y.shape, { dtype: 'float64' })
          const back = fold(cotangent, { ...options, space: [7, 5] })
          expect(back.shape).toEqual(x.shape)
          expect(inner(y, cotangent)).toBeCloseTo(inner(x, back), 9)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('says which shape patches should have', () => {
    expect(() =>
      fold(ones([1, 3, 2, 1]), { size: 2, space: 5 }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in fold
        patches  float32[1, 3, 2, 1]
        space    [5]
        rule     patches must be [n, 4, 2, channels]: n, places of windows, entries of windows]
    `)
  })
})
