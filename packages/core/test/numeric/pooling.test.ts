import {
  adaptiveAveragePool,
  adaptiveMaxPool,
  averagePool,
  grad,
  jit,
  maxPool,
  ones,
  random,
  sum,
  type Tensor,
  tensor,
} from '@rootstock/core'
import { describe, expect, it } from 'vitest'

const signal = (...values: number[]): Tensor => tensor(values, { shape: [1, values.length, 1] })
const image = (rows: number[][]): Tensor =>
  tensor(rows.flat(), { shape: [1, rows.length, rows[0]!.length, 1] })

describe('maxPool', () => {
  it('puts windows side by side unless told otherwise', () => {
    expect([...maxPool(signal(1, 3, 2, 5, 9), { size: 2 }).data()]).toEqual([3, 5])
    expect([...maxPool(signal(1, 3, 2, 5), { size: 2, stride: 1 }).data()]).toEqual([3, 3, 5])
  })

  it('keeps a last partial window when asked', () => {
    expect([...maxPool(signal(1, 3, 2), { size: 2, partial: true }).data()]).toEqual([3, 2])
  })

  it('never counts padding', () => {
    expect([...maxPool(signal(-1, -2), { size: 2, padding: 1 }).data()]).toEqual([-1, -2])
  })

  it('gives the whole gradient to the first of ties in row-major order', () => {
    const x = image([
      [0, 7],
      [7, 7],
    ])
    const gradient = grad((y: Tensor) => sum(maxPool(y, { size: 2 })))(x)
    expect([...gradient.data()]).toEqual([0, 1, 0, 0])
  })

  it('shows NaN wherever in the window it is', () => {
    const x = signal(Number.NaN, 1, 1, Number.NaN, 1, 2)
    expect([...maxPool(x, { size: 2 }).data()]).toEqual([Number.NaN, Number.NaN, 2])
  })

  it('gives the same bits compiled, and gradients too', () => {
    const x = random.normal(random.key(0), [2, 7, 6, 3])
    const f = (y: Tensor) => sum(maxPool(y, { size: 3, stride: 2, padding: 1 }).mul(2))
    expect(jit(grad(f))(x).toArray()).toEqual(grad(f)(x).toArray())
  })

  it('needs an axis of space and whole sizes', () => {
    expect(() => maxPool(ones([2, 3]), { size: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in maxPool
        x     float32[2, 3]
        rule  x must be [n, ...space, channels] with at least one axis of space
        hint  expandDims(x, -1) adds an axis for one channel]
    `)
    expect(() => maxPool(ones([2, 3, 1]), { size: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in maxPool
        size           0
        axes of space  1
        rule           size must be a whole number of at least 1, or one for each axis of space]
    `)
  })
})

describe('averagePool', () => {
  it('counts padding unless told otherwise', () => {
    expect([...averagePool(signal(2, 4), { size: 2, padding: 1 }).data()]).toEqual([1, 2])
    const options = { size: 2, padding: 1, countPadding: false }
    expect([...averagePool(signal(2, 4), options).data()]).toEqual([2, 4])
  })

  it('divides a partial window by what it holds', () => {
    expect([...averagePool(signal(1, 3, 5), { size: 2, partial: true }).data()]).toEqual([2, 5])
  })
})

describe('adaptive pooling', () => {
  it('covers space with as many windows as asked for', () => {
    const x = signal(1, 2, 3, 4, 6)
    expect([...adaptiveAveragePool(x, { places: 2 }).data()]).toEqual([2, Math.fround(13 / 3)])
    expect([...adaptiveMaxPool(x, { places: 2 }).data()]).toEqual([3, 6])
  })

  it('is the mean of everything for one place', () => {
    const x = random.normal(random.key(1), [2, 3, 4, 5], { dtype: 'float64' })
    const all = adaptiveAveragePool(x, { places: 1 }).reshape([2, 5])
    const mean = x.mean({ axis: [1, 2] })
    all.data().forEach((value, i) => {
      expect(value).toBeCloseTo(mean.data()[i]!, 12)
    })
  })
})
