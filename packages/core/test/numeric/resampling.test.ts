import { pixelShuffle, resample, type Tensor, tensor } from '@rootstock/core'
import { describe, expect, it } from 'vitest'

const signal = (...values: number[]): Tensor => tensor(values, { shape: [1, values.length, 1] })

describe('resample', () => {
  it('repeats the nearest entry', () => {
    expect([...resample(signal(1, 2), { space: 5 }).data()]).toEqual([1, 1, 1, 2, 2])
  })

  it('draws lines between centres, or between corners', () => {
    const x = signal(0, 4)
    expect([...resample(x, { space: 4, mode: 'linear' }).data()]).toEqual([0, 1, 3, 4])
    const corners = resample(x, { space: 5, mode: 'linear', align: 'corners' })
    expect([...corners.data()]).toEqual([0, 1, 2, 3, 4])
  })

  it('does nothing at the same size', () => {
    const x = signal(1, 2, 3)
    expect(resample(x, { space: 3, mode: 'linear' })).toBe(x)
  })
})

describe('pixelShuffle', () => {
  it('needs channels for every new place', () => {
    expect(() => pixelShuffle(tensor([[[1, 2, 3]]]), 2)).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in pixelShuffle
        x       float32[1, 1, 3]
        factor  2
        rule    factor must be a whole number of at least 1, and factor^1 must divide the channels]
    `)
  })
})
