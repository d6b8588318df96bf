import { grad, sum, type Tensor, tensor, zeros } from '@rootstock/core'
import { entropy, glu, maskedSoftmax, maxout, parametricRelu } from '@rootstock/heads'
import { describe, expect, it } from 'vitest'

describe('maskedSoftmax', () => {
  const mask = tensor([
    [true, false, true],
    [false, false, false],
  ])
  const spoiled = tensor([
    [0, Number.NaN, 0],
    [Number.NaN, 1, Number.POSITIVE_INFINITY],
  ])

  it('is over what the mask leaves, and 0 where it leaves nothing', () => {
    expect(maskedSoftmax(spoiled, mask).toArray()).toEqual([
      [0.5, 0, 0.5],
      [0, 0, 0],
    ])
  })

  it('has a gradient of 0 at what is masked, whatever stands there', () => {
    const first = (x: Tensor) => sum(maskedSoftmax(x, mask).mul(tensor([1, 0, 0])))
    expect(grad(first)(spoiled).toArray()).toEqual([
      [0.25, 0, -0.25],
      [0, 0, 0],
    ])
  })
})

describe('entropy', () => {
  it('is finite with a finite gradient where classes are impossible', () => {
    const x = tensor([0, 0, Number.NEGATIVE_INFINITY, -1e4])
    expect(entropy(x).item()).toBeCloseTo(Math.LN2, 6)
    expect(
      grad((y: Tensor) => entropy(y))(x)
        .data()
        .every(Number.isFinite),
    ).toBe(true)
  })
})

describe('gates', () => {
  it('work along any axis', () => {
    const x = tensor([
      [2, 4],
      [0, 0],
    ])
    expect(glu(x, { axis: 0 }).toArray()).toEqual([[1, 2]])
    expect(maxout(x, { pieces: 2, axis: 0 }).toArray()).toEqual([[2, 4]])
    expect(parametricRelu(x.neg(), tensor([0.5]), { axis: 0 }).toArray()).toEqual([
      [-1, -2],
      [-0, -0],
    ])
  })

  it('say what does not fit', () => {
    expect(() => maxout(zeros([3]), { pieces: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in maxout
        x       float32[3]
        pieces  2
        axis    -1
        rule    the axis must be a multiple of the pieces]
    `)
    expect(() => parametricRelu(zeros([2, 3]), zeros([2]))).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in parametricRelu
        x      float32[2, 3]
        slope  float32[2]
        axis   -1
        rule   slope must be [1] or have one entry for each of the axis]
    `)
  })
})
