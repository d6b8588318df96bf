import { expect, test } from 'vitest'
import {
  convolution,
  grad,
  lower,
  type Program,
  placeholder,
  printProgram,
  type Shape,
  sum,
  type Tensor,
  trace,
  verifyProgram,
} from '../../src/index.ts'

/** Gradients of the sum of a convolution in its input and its kernel. */
const gradients = (x: Tensor, w: Tensor) =>
  grad(([a, b]: readonly [Tensor, Tensor]) => sum(convolution(a, b, { padding: 'same' }).mul(3)))([
    x,
    w,
  ])

const programOf = (
  f: (...xs: readonly Tensor[]) => unknown,
  ...shapes: readonly Shape[]
): Program => {
  const program = lower(trace(f)(...shapes.map((shape) => placeholder(shape))).graph)
  verifyProgram(program)
  return program
}

const kernelsOf = ({ steps }: Program): readonly string[] =>
  steps.map((step) => (step.kind === 'kernel' ? step.kernel.name : step.kind))

test('a convolution is a product of its input as it lies', () => {
  const program = programOf((x, w) => convolution(x, w), [2, 6, 7, 4], [3, 3, 4, 8])
  expect(printProgram(program)).toMatchInlineSnapshot(`
    "buffers in0: float32[336], in1: float32[288], out0: float32[320]
    kernel contract
      out0[0; 8, 1] = in0[0; (2 x 168, 4 x 28, 5 x 4), (3 x 28, 12 x 1)] @ in1[0; 8, 1] of float32, 40 x 36 x 8"
  `)
})

test('padding is all that a convolution copies', () => {
  const program = programOf(
    (x, w) => convolution(x, w, { padding: 'same' }),
    [2, 6, 7, 4],
    [3, 3, 4, 8],
  )
  expect(kernelsOf(program)).toEqual(['fill', 'pad', 'contract'])
  expect(program.arenaBytes).toBe(4 * 2 * 8 * 9 * 4)
})

test('gradients of a convolution copy padding and the gradient of the kernel into its order', () => {
  const program = programOf((x, w) => gradients(x, w), [2, 6, 7, 4], [3, 3, 4, 8])
  expect(kernelsOf(program).filter((name) => name === 'copy')).toHaveLength(1)
  expect(kernelsOf(program).filter((name) => name === 'contract')).toHaveLength(2)
})

test('padding is written, and rows are walked, in the order in which the input lies', () => {
  const gradient = (x: Tensor, w: Tensor, ct: Tensor) =>
    grad((v: Tensor) => sum(convolution(x, v, { padding: 'same' }).mul(ct)))(w)
  const program = programOf(
    (x, w, ct) => gradient(x, w, ct),
    [2, 4, 4, 3],
    [3, 3, 3, 5],
    [2, 4, 4, 5],
  )
  const text = printProgram(program)
  expect(
    text.slice(text.indexOf('kernel pad'), text.indexOf('kernel copy')),
  ).toMatchInlineSnapshot(`
    "kernel pad
      parallel for i0 < 2
        parallel for i1 < 4
          parallel for i2 < 12
            t4[108 i0 + 18 i1 + i2 + 21] = in0[48 i0 + 12 i1 + i2]
    kernel contract
      out0[0; 5, 1] = t4[0; (3 x 18, 9 x 1), (2 x 108, 4 x 18, 4 x 3)] @ in2[0; 5, 1] of float32, 27 x 32 x 5
    "
  `)
})

test('a depthwise convolution has its channels side by side', () => {
  const program = programOf((x, w) => convolution(x, w, { groups: 8 }).mul(2), [2, 6, 8], [3, 1, 8])
  expect(printProgram(program)).toMatchInlineSnapshot(`
    "buffers in0: float32[96], in1: float32[24], out0: float32[64]
    kernel contract
      parallel for i0 < 2
        parallel for i1 < 4
          parallel for i3 < 8
            out0[32 i0 + 8 i1 + i3] = 0.0 + in0[48 i0 + 8 i1 + i3] * in1[i3] + in0[48 i0 + 8 i1 + i3 + 8] * in1[i3 + 8] + in0[48 i0 + 8 i1 + i3 + 16] * in1[i3 + 16]
    kernel mul
      parallel for i0 < 64
        out0[i0] = out0[i0] * 2.0"
  `)
})

test('long sums of a depthwise convolution grow in memory', () => {
  const gradient = (x: Tensor, w: Tensor) =>
    grad((v: Tensor) => sum(convolution(x, v, { groups: 8 })))(w)
  const program = programOf((x, w) => gradient(x, w), [4, 32, 8], [3, 1, 8])
  expect(printProgram(program)).toMatchInlineSnapshot(`
    "buffers in0: float32[1024], in1: float32[24], out0: float32[24], t3: float32[960] at 0
    arena 3840 bytes
    kernel fill
      parallel for i0 < 960
        t3[i0] = 1.0
    kernel contract
      parallel for i0 < 3
        parallel for i3 < 8
          out0[8 i0 + i3] = 0.0
        for i1 < 4
          for i2 < 30
            parallel for i4 < 8
              out0[8 i0 + i4] = out0[8 i0 + i4] + in0[8 i0 + 256 i1 + 8 i2 + i4] * t3[240 i1 + 8 i2 + i4]
    kernel copy
      parallel for i0 < 24
        out0[i0] = out0[i0]"
  `)
})

test('a product of transposed matrices copies neither', () => {
  const program = programOf(
    (x, y) =>
      x
        .transpose([1, 2, 0])
        .reshape([12, 5])
        .matmul(y.transpose([1, 0])),
    [5, 3, 4],
    [6, 5],
  )
  expect(printProgram(program)).toMatchInlineSnapshot(`
    "buffers in0: float32[60], in1: float32[30], out0: float32[72]
    kernel contract
      out0[0; 6, 1] = in0[0; 1, 12] @ in1[0; 1, 5] of float32, 12 x 5 x 6"
  `)
})
