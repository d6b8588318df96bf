import {
  convolution,
  jit,
  ones,
  type PerAxis,
  random,
  slice,
  sum,
  type Tensor,
  tensor,
  transposedConvolution,
  zeros,
} from '@rootstock/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const signal = (...values: number[]): Tensor => tensor(values, { shape: [1, values.length, 1] })
const kernel = (...values: number[]): Tensor => tensor(values, { shape: [values.length, 1, 1] })
const draw = (seed: number, shape: readonly number[]) =>
  random.normal(random.key(seed), shape, { dtype: 'float64' })
const inner = (a: Tensor, b: Tensor): number => sum(a.mul(b)).item()

describe('convolution', () => {
  it('does not turn the kernel', () => {
    expect([...convolution(signal(1, 2, 3), kernel(10, 1)).data()]).toEqual([12, 23])
  })

  it('keeps the size under same, with the odd zero at the end', () => {
    const y = convolution(signal(1, 2, 3), kernel(10, 1), { padding: 'same' })
    expect([...y.data()]).toEqual([12, 23, 30])
  })

  it('sees nothing of what comes later under causal', () => {
    const x = draw(0, [2, 6, 3])
    const w = draw(1, [3, 3, 2])
    const options = { padding: 'causal', dilation: 2 } as const
    const whole = convolution(x, w, options)
    expect(whole.shape).toEqual([2, 6, 2])
    const early = convolution(slice(x, { stop: [null, 4] }), w, options)
    expect(slice(whole, { stop: [null, 4] }).toArray()).toEqual(early.toArray())
  })

  it('keeps groups apart, as convolutions of their own would', () => {
    const x = draw(0, [2, 5, 5, 4])
    const w = draw(1, [3, 3, 2, 6])
    const y = convolution(x, w, { groups: 2 })
    const second = convolution(slice(x, { start: [0, 0, 0, 2] }), slice(w, { start: [0, 0, 0, 3] }))
    expect(slice(y, { start: [0, 0, 0, 3] }).toArray()).toEqual(second.toArray())
  })

  it('gives the same bits compiled', () => {
    const [x, w] = [draw(0, [2, 7, 5, 3]), draw(1, [3, 2, 3, 4])]
    const f = (a: Tensor, b: Tensor) => convolution(a, b, { stride: [2, 1], padding: 1 })
    expect(jit(f)(x, w).toArray()).toEqual(f(x, w).toArray())
  })

  it('says which rule a kernel breaks', () => {
    expect(() => convolution(ones([2, 8, 3]), ones([3, 4, 5]))).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in convolution
        x       float32[2, 8, 3]
        w       float32[3, 4, 5]
        groups  1
        rule    w must be [...window, in, out] with in = 3 and a window axis for each axis of space (1)]
    `)
    expect(() =>
      convolution(ones([2, 8, 4]), ones([3, 2, 5]), { groups: 2 }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in convolution
        x       float32[2, 8, 4]
        w       float32[3, 2, 5]
        groups  2
        rule    groups (2) must divide the output channels of w (5)]
    `)
    expect(() =>
      convolution(ones([2, 8, 3]), ones([3, 3, 5]), { groups: 2 }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in convolution
        x       float32[2, 8, 3]
        groups  2
        rule    groups must be a whole number of at least 1 that divides the channels of x (3)]
    `)
    expect(() => convolution(ones([2, 8]), ones([3, 1, 1]))).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in convolution
        x     float32[2, 8]
        rule  x must be [n, ...space, channels] with at least one axis of space
        hint  expandDims(x, -1) adds an axis for one channel]
    `)
    expect(() =>
      convolution(ones([2, 8, 3]), ones([3, 3, 5]), { stride: [1, 1] }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in convolution
        stride         [1, 1]
        axes of space  1
        rule           stride must be a whole number of at least 1, or one for each axis of space]
    `)
    expect(() =>
      convolution(ones([2, 8, 3]), ones([3, 3, 5]), { padding: -1 }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ArgumentError: ArgumentError in convolution
        padding        [-1]
        axes of space  1
        rule           padding must be a whole number of at least 0, or a number or pair of them for each axis of space]
    `)
  })
})

describe('transposedConvolution', () => {
  it('is the adjoint of convolution, whatever the stride, padding, dilation and groups', () => {
    const small = fc.integer({ min: 1, max: 3 })
    fc.assert(
      fc.property(
        small,
        small,
        small,
        small,
        fc.integer({ min: 0, max: 4 }),
        (window, stride, dilation, groups, padding) => {
          const size = 6 + dilation * (window - 1)
          const options: { stride: PerAxis; padding: number; dilation: number; groups: number } = {
            stride,
            padding,
            dilation,
            groups,
          }
          const [x, w] = [draw(0, [2, size, 2 * groups]), draw(1, [window, 2, 3 * groups])]
          const y = convolution(x, w, options)
          const cotangent = draw(2, y.shape)
          // the adjoint's kernel has input and output exchanged within each group
          const exchanged = w
            .reshape([window, 2, groups, 3])
            .transpose([0, 2, 3, 1])
            .reshape([window, 3 * groups, 2])
          const covered = (y.shape[1]! - 1) * stride + dilation * (window - 1) + 1 - 2 * padding
          const back = transposedConvolution(cotangent, exchanged, {
            ...options,
            outputPadding: size - covered,
          })
          expect(back.shape).toEqual(x.shape)
          expect(inner(y, cotangent)).toBeCloseTo(inner(x, back), 9)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('spreads a single entry over its window', () => {
    const y = transposedConvolution(signal(2, 1), kernel(1, 10), { stride: 3 })
    expect([...y.data()]).toEqual([2, 20, 0, 1, 10])
  })

  it('says which rule a kernel breaks', () => {
    expect(() =>
      transposedConvolution(zeros([1, 4, 2]), zeros([3, 4, 1])),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ShapeError: ShapeError in transposedConvolution
        x       float32[1, 4, 2]
        w       float32[3, 4, 1]
        groups  1
        rule    w must be [...window, in, out] with in = 2 and a window axis for each axis of space (1)]
    `)
  })
})
